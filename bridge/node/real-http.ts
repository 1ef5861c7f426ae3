import { rootCertificates, checkServerIdentity, createSecureContext, TLSSocket } from "node:tls";
import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";
import type { HttpRequest, HttpResponse } from "../api/http";
import type { Machine } from "../api/host";
import { bytesToText, textToBytes } from "../native/bytes";
import { parseHttpUrl, type HttpUrl } from "./http-url";

export interface RealHttpOptions {
	/** Certificates in PEM that are trusted beside Node's own. */
	ca?: readonly string[];
	/** `http:` URLs, too (false). */
	allowPlain?: boolean;
	/** Connections to one service (address, port and name) at a time (8); further requests wait. */
	connectionsPerService?: number;
	/** Connections that are kept without a request (64). */
	idleConnections?: number;
	/** Seconds for which they are kept (60). */
	idleTime?: number;
	/** Seconds to connect to one address in (10); then the next one is tried. */
	connectTime?: number;
	/** Seconds for a request and its answer together (60). */
	time?: number;
	/** Of an answer's body, in bytes, where the request sets no limit (16 KB). */
	bodySize?: number;
	/** Of an answer's head, at most (16 KB). */
	headSize?: number;
}

/** HTTP requests over the network, for a machine that wants them. */
export interface RealHttp {
	readonly http: NonNullable<Machine["http"]>;
	/** Closes all connections. Requests under way fail, and so does every later one. */
	close(): void;
}

interface Address {
	ip: string;
	port: number;
}

type Limits = Required<Pick<RealHttpOptions, "connectTime" | "time" | "bodySize" | "headSize">>;

/** Prosody's words for what can go wrong, by Node's codes. */
const FAILURES: ReadonlyMap<string, string> = new Map([
	["ECONNREFUSED", "connection refused"],
	["ECONNRESET", "connection-closed"],
	["EPIPE", "connection-closed"],
	["EHOSTUNREACH", "no route to host"],
	["ENETUNREACH", "network unreachable"],
	["ETIMEDOUT", "connection timeout"],
	["HPE_HEADER_OVERFLOW", "header-too-large"],
	["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-verify-failed"],
]);

function failureOf(error: NodeJS.ErrnoException, socket: unknown): string {
	const known = FAILURES.get(error.code ?? "");
	if (known !== undefined) return known;
	// There is no certificate, or none that leads to one that is trusted.
	if (socket instanceof TLSSocket && socket.authorizationError) return "certificate-chain-invalid";
	return error.code ?? error.message;
}

/** Lower-case names; the values of several headers with one name are joined, as by Prosody. */
function headersOf(raw: readonly string[]): HttpResponse["headers"] {
	const headers = Object.create(null) as Record<string, string>;
	for (let index = 0; index + 1 < raw.length; index += 2) {
		const name = raw[index]!.toLowerCase();
		headers[name] = headers[name] === undefined ? raw[index + 1]! : `${headers[name]},${raw[index + 1]!}`;
	}
	return headers;
}

/** One request under way: an address after the other until one is connected to, then its answer. */
class Exchange {
	readonly #request: HttpRequest;
	readonly #target: HttpUrl;
	readonly #agent: http.Agent;
	readonly #limits: Limits;
	readonly #answer: Parameters<NonNullable<Machine["http"]>>[1];
	readonly #onEnd: (exchange: Exchange) => void;
	readonly #overall: NodeJS.Timeout;
	#outgoing: http.ClientRequest | undefined;
	#over = false;

	constructor(
		request: HttpRequest, target: HttpUrl, agent: http.Agent, limits: Limits,
		answer: Parameters<NonNullable<Machine["http"]>>[1], onEnd: (exchange: Exchange) => void,
	) {
		this.#request = request;
		this.#target = target;
		this.#agent = agent;
		this.#limits = limits;
		this.#answer = answer;
		this.#onEnd = onEnd;
		this.#overall = setTimeout(() => this.#finish(undefined, "connection timeout"), limits.time * 1000);
	}

	/** @param failure why the address before was none */
	connect(failure?: string): void {
		if (this.#over) return;
		const { resolver } = this.#request;
		resolver.next((conn_type, ip, port) => {
			if (conn_type === undefined || ip === undefined || port === undefined) {
				this.#finish(undefined, failure ?? resolver.last_error ?? "unable to resolve service");
			} else if (isIP(ip) === 0) {
				// Node would ask for the name's addresses itself.
				this.#finish(undefined, "connection failed");
			} else {
				this.#send({ ip, port });
			}
		});
	}

	/** Gives up and says why, unless it has been answered. */
	fail(failure: string): void {
		this.#finish(undefined, failure);
	}

	/** Nothing once it has been answered: its connection may be another's by then. */
	abort(): void {
		if (this.#over) return;
		this.#end();
		this.#outgoing?.destroy();
	}

	#end(): void {
		this.#over = true;
		clearTimeout(this.#overall);
		this.#onEnd(this);
	}

	#finish(response: HttpResponse | undefined, error?: string): void {
		if (this.#over) return;
		if (response === undefined) this.abort();
		else this.#end();
		this.#answer(response, error);
	}

	#send(address: Address): void {
		if (this.#over) return;
		const { method, body } = this.#request;
		const { host, scheme, path } = this.#target;
		const { head = Infinity } = this.#request.size_limits();
		try {
			// The agent keeps connections by address and name: one that is used again goes to where this one may go to.
			this.#outgoing = (scheme === "https" ? https : http).request({
				agent: this.#agent, method, path, host: address.ip, port: address.port, setDefaultHeaders: false,
				headers: this.#request.headers,
				maxHeaderSize: Math.min(head, this.#limits.headSize),
				servername: address.ip === host ? "" : host,
				checkServerIdentity: (_name: string, certificate) => checkServerIdentity(host, certificate),
			} as https.RequestOptions);
			// The connection is ours to keep or to close.
			this.#outgoing.setHeader("Connection", "keep-alive");
		} catch (error) {
			// A method, a path or a header that cannot be sent.
			this.#finish(undefined, (error as NodeJS.ErrnoException).code ?? String(error));
			return;
		}
		this.#watch(this.#outgoing, address);
		this.#outgoing.end(body === undefined ? undefined : textToBytes(body));
	}

	#watch(outgoing: http.ClientRequest, address: Address): void {
		let connected = false;
		let answered = false;
		let waiting: NodeJS.Timeout | undefined;
		const settled = (): void => {
			connected = true;
			clearTimeout(waiting);
		};
		outgoing.on("socket", (socket) => {
			if (outgoing.reusedSocket) {
				settled();
				return;
			}
			waiting = setTimeout(() => {
				outgoing.destroy(Object.assign(new Error("It takes too long to connect"), { code: "ETIMEDOUT" }));
			}, this.#limits.connectTime * 1000);
			socket.once(this.#target.scheme === "https" ? "secureConnect" : "connect", settled);
		});
		outgoing.on("response", (incoming) => {
			answered = true;
			this.#receive(outgoing, incoming);
		});
		outgoing.on("error", (error: NodeJS.ErrnoException) => {
			clearTimeout(waiting);
			const failure = failureOf(error, outgoing.socket);
			// A service may close a connection that is not in use in the very moment in which it comes into use.
			if (outgoing.reusedSocket && !answered && failure === "connection-closed") this.#send(address);
			else if (connected || answered) this.#finish(undefined, failure);
			else this.connect(failure);
		});
		outgoing.on("close", () => {
			clearTimeout(waiting);
			if (outgoing === this.#outgoing && connected) this.#finish(undefined, "connection-closed");
		});
	}

	#receive(outgoing: http.ClientRequest, incoming: http.IncomingMessage): void {
		const { body: limit = this.#limits.bodySize } = this.#request.size_limits();
		const head: HttpResponse = { code: incoming.statusCode!, body: "", headers: headersOf(incoming.rawHeaders) };
		const refuse = (failure: string): void => {
			if (this.#over) return;
			this.#request.on_head?.(head);
			this.#finish(undefined, failure);
		};
		const chunks: Buffer[] = [];
		let size = 0;
		incoming.on("data", (chunk: Buffer) => {
			size += chunk.length;
			if (size > limit) refuse("max-buffer-size-exceeded");
			else chunks.push(chunk);
		});
		incoming.on("end", () => this.#finish({ ...head, body: bytesToText(Buffer.concat(chunks)) }));
		incoming.on("error", () => outgoing.destroy());
		const announced = outgoing.method === "HEAD" ? 0 : Number(head.headers["content-length"] ?? 0);
		if (announced > limit) refuse("content-length-limit-exceeded");
	}
}

/** Keeps no more connections without a request than so many, of all services together. */
function boundIdle<Agent extends http.Agent>(agent: Agent, limit: number): Agent {
	const keep = agent.keepSocketAlive.bind(agent);
	agent.keepSocketAlive = (socket) => {
		const idle = Object.values(agent.freeSockets).reduce((count, sockets) => count + (sockets?.length ?? 0), 0);
		return idle < limit && (keep(socket) as unknown as boolean);
	};
	return agent;
}

/** Closes all connections, and makes none for requests that wait for one: it would, although they have failed. */
function empty(agent: http.Agent): void {
	const waiting = agent.requests as Record<string, unknown>;
	for (const name of Object.keys(waiting)) delete waiting[name];
	agent.destroy();
}

/**
 * Requests over the network: connections are kept for the next request to the same address and name, the certificate is
 * checked for the name in the URL, nothing is redirected or decompressed, and no more is read than the limits allow.
 * Connections go to the addresses that the request's own resolver gives, and to no other. Failures have Prosody's words
 * where it has some, else Node's code.
 */
export function createRealHttp(options: RealHttpOptions = {}): RealHttp {
	const { allowPlain = false, connectionsPerService = 8, idleConnections = 64, idleTime = 60, ca } = options;
	const { connectTime = 10, time = 60, bodySize = 16 * 1024, headSize = 16 * 1024 } = options;
	const kept = {
		keepAlive: true, maxSockets: connectionsPerService, maxFreeSockets: connectionsPerService, timeout: idleTime * 1000,
	};
	const secureContext = ca && createSecureContext({ ca: [...rootCertificates, ...ca] });
	const agents = {
		// Of a session that is resumed, Node checks the name no more.
		https: boundIdle(new https.Agent({ ...kept, maxCachedSessions: 0, secureContext }), idleConnections),
		http: boundIdle(new http.Agent(kept), idleConnections),
	};
	const limits = { connectTime, time, bodySize, headSize };
	/** No `Set`, which V8 replaces as it fills: what was in an old one lives on until old garbage is collected. */
	const underWay: Exchange[] = [];
	const end = (ended: Exchange): void => {
		underWay.splice(underWay.indexOf(ended), 1);
	};
	let closed = false;
	return {
		http(request, answer) {
			const target = parseHttpUrl(request.url);
			if (target === undefined || target.scheme === "http" && !allowPlain) {
				answer(undefined, "invalid-url");
				return undefined;
			}
			if (closed) {
				answer(undefined, "connection-closed");
				return undefined;
			}
			const exchange = new Exchange(request, target, agents[target.scheme], limits, answer, end);
			underWay.push(exchange);
			// What it may read is set on it once it is under way.
			queueMicrotask(() => exchange.connect());
			return () => exchange.abort();
		},
		close() {
			closed = true;
			for (const exchange of [...underWay]) exchange.fail("connection-closed");
			for (const agent of Object.values(agents)) empty(agent);
		},
	};
}
