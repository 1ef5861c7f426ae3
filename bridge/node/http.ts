import type { ErrorLibrary, HttpLibrary, HttpRequestOptions, HttpResponse } from "../api/libraries";
import type { HttpRequest, Machine } from "../api/host";
import { newPromise } from "./promise";
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

function parseUrl(url: string): URL | undefined {
	if (!URL.canParse(url)) return undefined;
	const parsed = new URL(url);
	return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed : undefined;
}

/** The request with the headers that Prosody adds. With a body it posts a form, unless the options say otherwise. */
function complete(url: string, { host, username, password }: URL, options: HttpRequestOptions): HttpRequest {
	const { body } = options;
	const headers: Record<string, string> = { "Host": host, "User-Agent": "Prosody XMPP Server" };
	if (username !== "" || password !== "") {
		const userinfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
		headers.Authorization = `Basic ${Buffer.from(userinfo).toString("base64")}`;
	}
	if (body !== undefined) {
		headers["Content-Length"] = String(textToBytes(body).length);
		headers["Content-Type"] = "application/x-www-form-urlencoded";
	}
	Object.assign(headers, options.headers);
	return { method: options.method ?? (body === undefined ? "GET" : "POST"), url, headers, body };
}

/** `net.http`, over what the machine has for it. A request that fails is rejected with an error object. */
export function createHttp(machine: Machine, errors: ErrorLibrary): HttpLibrary {
	return {
		request: (url, options = {}) => newPromise<HttpResponse>((resolve, reject) => {
			const fail = (failure: string): void => {
				reject(errors.new(failures.get(failure) ?? { text: failure }, { request: { url } }));
			};
			const parsed = parseUrl(url);
			if (parsed === undefined) fail("invalid-url");
			else if (machine.http === undefined) fail("no-http");
			else {
				machine.http(complete(url, parsed, options), (response, error = "connection failed") => {
					if (response === undefined) fail(error);
					else resolve(response);
				});
			}
		}),
	};
}
