import type { AddressCallback, BasicResolverLibrary, Resolver } from "../api/http";
import type { Machine } from "../api/host";
import { domainToAscii } from "../native/idna";
import { formatAddress, parseAddress } from "../native/addresses";

interface Target {
	/** `tcp4`, `tcp6`. */
	conn_type: string;
	ip: string;
}

function targetOf(conn_type: string, address: Uint8Array): Target {
	return { conn_type: conn_type + (address.length === 4 ? "4" : "6"), ip: formatAddress(address)! };
}

/** IPv6 and IPv4 in turn, IPv6 first. */
function inTurn(addresses: readonly Uint8Array[]): Uint8Array[] {
	const ipv4 = addresses.filter(({ length }) => length === 4);
	const ipv6 = addresses.filter(({ length }) => length === 16);
	const pairs = Math.min(ipv4.length, ipv6.length);
	return [
		...ipv6.slice(0, pairs).flatMap((address, index) => [address, ipv4[index]!]),
		...ipv6.slice(pairs), ...ipv4.slice(pairs),
	];
}

/** An address that the host name is itself, which may be in the brackets that IPv6 has in URLs. */
function literal(hostname: string): Uint8Array | undefined {
	return parseAddress(hostname) ?? parseAddress(/^\[(.*)\]$/.exec(hostname)?.[1] ?? "");
}

class BasicResolver implements Resolver {
	last_error?: string;
	readonly hostname: string | undefined;
	readonly #resolve: NonNullable<Machine["resolve"]>;
	#targets: Target[] | undefined;

	constructor(
		hostname: string, readonly port: number, readonly conn_type: string, readonly extra: object,
		resolve: NonNullable<Machine["resolve"]>,
	) {
		const address = literal(hostname);
		this.hostname = domainToAscii(hostname);
		this.#targets = address && [targetOf(conn_type, address)];
		this.#resolve = resolve;
	}

	next(callback: AddressCallback): void {
		if (this.#targets !== undefined) {
			this.#pass(this.#targets, callback);
		} else if (this.hostname === undefined) {
			this.last_error = "hostname failed IDNA";
			callback();
		} else {
			this.#resolve(this.hostname, (addresses) => {
				const parsed = addresses.map(parseAddress).filter((address) => address !== undefined);
				this.#targets = inTurn(parsed).map((address) => targetOf(this.conn_type, address));
				this.#pass(this.#targets, callback);
			});
		}
	}

	#pass(targets: Target[], callback: AddressCallback): void {
		const target = targets.shift();
		if (target === undefined) callback();
		else callback(target.conn_type, target.ip, this.port, this.extra, targets.length > 0);
	}
}

function resolveLocalhost(name: string, answer: (this: void, addresses: readonly string[]) => void): void {
	answer(name === "localhost" ? ["127.0.0.1"] : []);
}

/** `net.resolvers.basic`, over what the machine knows of names. */
export function createBasicResolvers(machine: Machine): BasicResolverLibrary {
	const resolve = machine.resolve?.bind(machine) ?? resolveLocalhost;
	return {
		new: (hostname, port, conn_type = "tcp", extra = {}) => {
			return new BasicResolver(hostname, port, conn_type, extra, resolve);
		},
	};
}
