import type {
	BasicResolverLibrary, HttpCallback, HttpClientRequest, HttpLibrary, HttpRequest, HttpRequestOptions, HttpResponse,
} from "../api/http";
import type { ErrorLibrary, Promise } from "../api/libraries";
import type { Machine } from "../api/host";
import type { LogFunction } from "../api/session";
import { newPromise } from "./promise";
import { parseHttpUrl, type HttpUrl } from "./http-url";
import { textToBytes } from "../native/bytes";

/** What can keep a request from being answered, by the names that Prosody has for it (`net.http.errors`). */
const failures: ReadonlyMap<string, { type: string; condition: string; text: string }> = new Map([
	["cancelled", { type: "cancel", condition: "remote-server-timeout", text: "Request cancelled" }],
	["connection-closed", { type: "wait", condition: "remote-server-timeout", text: "Connection closed" }],
	["certificate-chain-invalid",
		{ type: "cancel", condition: "remote-server-timeout", text: "Server certificate not trusted" }],
	["certificate-verify-failed",
		{ type: "cancel", condition: "remote-server-timeout", text: "Server certificate invalid" }],
	["connection failed", { type: "cancel", condition: "remote-server-not-found", text: "Connection failed" }],
	["invalid-url", { type: "modify", condition: "bad-request", text: "Invalid URL" }],
	["unable to resolve service",
		{ type: "cancel", condition: "remote-server-not-found", text: "DNS resolution failed" }],
	["no-http", { type: "cancel", condition: "service-unavailable", text: "no HTTP on this machine" }],
]);

/** Of an answer's body, in bytes, unless the request says otherwise. */
const BODY_SIZE_LIMIT = 10 * 1024 * 1024;

/** What goes with a request, by its headers as Prosody fills them in. With a body it posts a form, unless told otherwise. */
function fillIn(machine: Machine, target: HttpUrl, { method, body, headers }: HttpRequestOptions) {
	const filled: Record<string, string> = { "Host": target.hostHeader, "User-Agent": "Prosody XMPP Server" };
	if (machine.series !== "0.12") filled.Connection = "close";
	if (target.userinfo !== undefined) {
		filled.Authorization = `Basic ${textToBytes(target.userinfo).toString("base64")}`;
	}
	if (body !== undefined) {
		filled["Content-Length"] = String(textToBytes(body).length);
		filled["Content-Type"] = "application/x-www-form-urlencoded";
	}
	Object.assign(filled, headers);
	return { method: method ?? (body === undefined ? "GET" : "POST"), headers: filled, body };
}

/** A request under way: what it may do but once. */
class Request implements HttpClientRequest {
	body_size_limit?: number;
	head_size_limit?: number;
	buffer_size_limit?: number;
	readonly #log: LogFunction;
	readonly #callback: HttpCallback;
	#abort: (() => void) | undefined;
	#answered = false;
	#cancelled = false;

	constructor(readonly url: string, readonly host: string, readonly id: string, log: LogFunction, callback: HttpCallback) {
		this.#log = log;
		this.#callback = callback;
	}

	cancel(reason = "cancelled"): void {
		if (this.#answered) return;
		this.#cancelled = true;
		this.finish(reason, 0, this);
		this.#abort?.();
	}

	/** Hands the request to the machine. */
	send(machine: Machine, outgoing: Omit<HttpRequest, "size_limits" | "on_head">, options: HttpRequestOptions): void {
		if (machine.http === undefined) {
			this.finish("no-http", 0, this);
			return;
		}
		let headPassedOn = false;
		const on_head = (response: HttpResponse): void => {
			headPassedOn = true;
			if (!this.#answered) options.streaming_handler?.(response);
		};
		const size_limits = () => ({ body: this.body_size_limit, head: this.head_size_limit });
		this.#abort = machine.http({ ...outgoing, size_limits, on_head }, (response, error = "connection failed") => {
			if (response === undefined) {
				this.finish(error, 0, this);
			} else if (textToBytes(response.body).length > (this.body_size_limit ?? BODY_SIZE_LIMIT)) {
				if (!headPassedOn) on_head({ ...response, body: "" });
				this.finish("content-length-limit-exceeded", 0, this);
			} else {
				this.finish(response.body, response.code, response);
			}
		}) ?? undefined;
		// It may have been cancelled while the machine took it.
		if (this.#cancelled) this.#abort?.();
	}

	/** Calls back, the first time. What throws is logged, as by Prosody's event loop. */
	finish(body: string, code: number, response: HttpResponse | HttpClientRequest): void {
		if (this.#answered) return;
		this.#answered = true;
		this.#log("debug", "Request '%s': Calling callback, status %s", this.id, code);
		try {
			this.#callback(body, code, response, this);
		} catch (error) {
			this.#log("error", "Traceback[http]: %s", error instanceof Error ? error.stack : error);
		}
	}
}

/** `net.http`, over what the machine has for it. A request that fails is rejected with an error object. */
export function createHttp(
	machine: Machine, errors: ErrorLibrary, resolvers: BasicResolverLibrary, log: LogFunction,
): HttpLibrary {
	let made = 0;

	function start(url: string, options: HttpRequestOptions, callback: HttpCallback): HttpClientRequest | undefined {
		const target = parseHttpUrl(url);
		if (target === undefined) {
			callback("invalid-url", 0, undefined);
			return undefined;
		}
		const request = new Request(url, target.host, (++made).toString(16), log, callback);
		const complete = fillIn(machine, target, options);
		const shown = options.suppress_url === true ? target.hostHeader : url;
		log("debug", "Making %s %s request '%s' to %s", target.scheme.toUpperCase(), complete.method, request.id, shown);
		const resolver = resolvers.new(target.host, target.port, "tcp", { servername: target.host });
		request.send(machine, { ...complete, url, resolver }, options);
		return request;
	}

	function promised(url: string, options: HttpRequestOptions): Promise<HttpResponse> {
		return newPromise((resolve, reject) => {
			start(url, options, (body, code, response) => {
				if (code !== 0) resolve(response as HttpResponse);
				else reject(errors.new(failures.get(body) ?? { text: body }, { request: response }));
			});
		});
	}

	function request(
		url: string, options: HttpRequestOptions | undefined, callback: HttpCallback,
	): HttpClientRequest | undefined;
	function request(url: string, options?: HttpRequestOptions): Promise<HttpResponse>;
	function request(url: string, options: HttpRequestOptions = {}, callback?: HttpCallback) {
		return callback === undefined ? promised(url, options) : start(url, options, callback);
	}

	return { request };
}
