import type { Require, Resolver, ServerConnection, ServerLibrary } from "../../bridge/api";
import { public_address_checker } from "./address";

/** Bytes that are read from a connection at once: for as many as there are, as `net.http` has it, a fast peer never ends. */
const read_size = 4096;
/** Addresses of a service that are looked at for one request: whoever owns a name can have it resolve to any number. */
const most_addresses = 8;

/** Watches over what one request connects to. */
export interface Guard {
	/** Whether the request asked where to connect: what did not is not guarded. */
	was_asked(this: void): boolean;
	/** Ends connections that are being made, and has no more made. */
	close(this: void): void;
}

/**
 * Starts an HTTP request that is to connect to public addresses alone.
 * @param is_internal it may connect to any address
 * @param start makes the request, and returns when that is under way
 */
export type GuardedStart = (this: void, is_internal: boolean, start: (this: void) => void) => Guard;

/** What makes Prosody's connections; nil on a host whose requests can be cancelled while they connect. */
function find_server(require: Require): ServerLibrary | undefined {
	try {
		return require("net.server");
	} catch {
		return undefined;
	}
}

/**
 * Guards requests where `net.http` gets the addresses from to which it then connects, so that there is nothing between
 * check and use that another answer of the DNS could change. For one call it gets another resolver than usual from
 * `net.resolvers.basic`, which then is as it was: it is called before anything else can be.
 */
export function connection_guard(require: Require): GuardedStart {
	const resolvers = require("net.resolvers.basic");
	const server = find_server(require);
	const is_public = public_address_checker(require);

	return (is_internal, start) => {
		const connecting: ServerConnection[] = [];
		let asked = false;
		let closed = false;

		/** In Prosody a request cannot be cancelled before TLS is set up, for which a peer can take for ever. */
		const connect = (attempt: (this: void) => void): void => {
			if (server === undefined) {
				attempt();
				return;
			}
			const { addclient } = server;
			server.addclient = (address, port, listeners, _pattern, sslctx, conn_type, extra) => {
				server.addclient = addclient;
				const [connection, failure] = addclient(address, port, listeners, read_size, sslctx, conn_type, extra);
				if (connection !== undefined) connecting.push(connection);
				return $multi(connection, failure);
			};
			try {
				attempt();
			} finally {
				server.addclient = addclient;
			}
		};

		const guarded = (resolver: Resolver): Resolver => {
			let addresses = 0;
			let refused = false;
			const guarding: Resolver = {
				next: (callback) => {
					const end = (failure: string | undefined): void => {
						guarding.last_error = refused ? "no public address" : failure;
						callback(undefined);
					};
					const look_at_next = (): void => {
						if (closed) end("given up");
						else if (addresses === most_addresses) end("too many addresses");
						else {
							resolver.next((conn_type, address, port, extra, more) => {
								if (conn_type === undefined || address === undefined) {
									end(resolver.last_error);
									return;
								}
								addresses++;
								if (!closed && (is_internal || is_public(address))) {
									connect(() => callback(conn_type, address, port, extra, more));
								} else {
									refused = !closed;
									look_at_next();
								}
							});
						}
					};
					look_at_next();
				},
			};
			return guarding;
		};

		const original = resolvers.new;
		resolvers.new = (hostname, port, conn_type, extra) => {
			resolvers.new = original;
			asked = true;
			return guarded(original(hostname, port, conn_type, extra));
		};
		try {
			start();
		} finally {
			resolvers.new = original;
		}

		return {
			was_asked: () => asked,
			close: () => {
				closed = true;
				for (const connection of connecting.splice(0)) connection.close();
			},
		};
	};
}
