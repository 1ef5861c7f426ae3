import type { Promise } from "./libraries";

export interface HttpRequestOptions {
	method?: string;
	headers?: Record<string, string>;
	body?: string;
	/** The log gets the host in place of the URL; 13.0's. */
	suppress_url?: boolean;
	/**
	 * Called with the head of an answer (its `body` is no text yet) whose body is larger than the limit, in Prosody also if its
	 * length is not known, and then twice. Prosody takes what it returns for where the body goes to.
	 */
	streaming_handler?(this: void, response: HttpResponse): void;
}

export interface HttpResponse {
	code: number;
	body: string;
	/** By lower-case names; of several with one name, the values are joined by commas. */
	headers: Record<string, string | undefined>;
}

/** A request under way. */
export interface HttpClientRequest {
	url: string;
	/** As in the URL, an IPv6 address without its brackets. */
	host: string;
	/** Bytes, of the answer's body (10 MB unless set), of its head (10 KB), and of all that waits to be read (twice the body). */
	body_size_limit?: number;
	head_size_limit?: number;
	buffer_size_limit?: number;
	/** Gives up and calls back with the reason (`cancelled`) and 0. Prosody has it once the connection stands. */
	cancel?(reason?: string): void;
}

/** Gets the body, the status and the answer; if there was none, what went wrong, 0 and the request if there was one. */
export type HttpCallback = (
	this: void, body: string, code: number, response: HttpResponse | HttpClientRequest | undefined,
	request?: HttpClientRequest,
) => void;

export interface HttpLibrary {
	/** Calls back once, maybe before it returns. Nil for what is no URL of HTTP. */
	request(
		this: void, url: string, options: HttpRequestOptions | undefined, callback: HttpCallback,
	): HttpClientRequest | undefined;
	/** The promise rejects if the connection fails; any HTTP status resolves it. */
	request(this: void, url: string, options?: HttpRequestOptions): Promise<HttpResponse>;
}

/** Gets an address to connect to, nil if there is none, or none any more; `more` if there is another one. */
export type AddressCallback = (
	this: void, conn_type?: string, ip?: string, port?: number, extra?: object, more?: boolean,
) => void;

/** Where connections to one service may go to: one address after the other. */
export interface Resolver {
	/** Calls back once, maybe before it returns. */
	next(callback: AddressCallback): void;
	/** Why there is no address, if it is known. */
	last_error?: string;
}

/** `net.resolvers.basic`: the addresses (A, AAAA) of a host name. */
export interface BasicResolverLibrary {
	/**
	 * Looked up here by `net.http` for each request, while `request` runs: what stands in its place then decides where the
	 * connection goes to.
	 * @param conn_type `tcp` if nil
	 * @param extra goes with each address
	 */
	"new"(this: void, hostname: string, port: number, conn_type?: string, extra?: object): Resolver;
}

/** How much of an answer is read, in bytes; nil where nobody asked for anything. */
export interface HttpSizeLimits {
	body?: number;
	head?: number;
}

/** A request as it goes out: complete, with all its headers. */
export interface HttpRequest {
	method: string;
	url: string;
	headers: Record<string, string>;
	body?: string;
	/**
	 * Connections are made to the addresses that it gives, one after the other, and to no other. It fails with its
	 * `last_error` or `unable to resolve service`.
	 */
	resolver: Resolver;
	/** To be asked when the answer begins: they are set while the request is under way. */
	size_limits(this: void): HttpSizeLimits;
	/**
	 * Gets the head of an answer as soon as its body is known to be larger than the limit: the request then fails, or is
	 * aborted. The host does it for machines that leave it out.
	 */
	on_head?(this: void, response: HttpResponse): void;
}
