import { describe, expect, it } from "vitest";
import type { HttpRequest, HttpResponse, Machine, Resolver } from "../../bridge/api";
import { createNodeHost } from "../../bridge/node";
import { createTestMachine } from "./machine";

function setUp(http?: Machine["http"]) {
	const requests: HttpRequest[] = [];
	const machine: Machine = createTestMachine();
	if (http !== undefined) {
		machine.http = (request, answer) => {
			requests.push(request);
			return http(request, answer);
		};
	}
	const { require } = createNodeHost(machine);
	const { request } = require("net.http");
	const settled: unknown[] = [];
	return {
		machine, request, requests, settled, resolvers: require("net.resolvers.basic"),
		send(...args: Parameters<typeof request>) {
			request(...args).next((value) => settled.push(value), (reason) => settled.push(reason));
		},
	};
}

describe("HTTP", () => {
	it("is not on every machine", () => {
		const { send, settled } = setUp();
		send("https://push.example/x");
		const text = "no HTTP on this machine";
		expect(settled).toMatchObject([{ type: "cancel", condition: "service-unavailable", text }]);
	});

	it("goes out with Prosody's headers", () => {
		const { send, requests, settled } = setUp((_, answer) => answer({ code: 201, body: "", headers: {} }));
		const headers = { "TTL": "5", "Content-Type": "application/octet-stream" };
		send("https://push.example:8443/x?y", { body: "é", headers });
		send("http://user:pass@push.example/");
		send("https://push.example/", { method: "DELETE" });
		expect(requests.map(({ method, url, headers, body }) => ({ method, url, headers, body }))).toEqual([
			{
				method: "POST", url: "https://push.example:8443/x?y", body: "é",
				headers: {
					"Host": "push.example:8443", "User-Agent": "Prosody XMPP Server", "Connection": "close", "Content-Length": "2",
					"Content-Type": "application/octet-stream", "TTL": "5",
				},
			},
			{
				method: "GET", url: "http://user:pass@push.example/",
				headers: {
					"Host": "push.example", "User-Agent": "Prosody XMPP Server", "Connection": "close",
					"Authorization": "Basic dXNlcjpwYXNz",
				},
			},
			{
				method: "DELETE", url: "https://push.example/",
				headers: { "Host": "push.example", "User-Agent": "Prosody XMPP Server", "Connection": "close" },
			},
		]);
		expect(settled).toHaveLength(3);
		expect(settled[0]).toMatchObject({ code: 201 });
	});

	it("fails with an error object", () => {
		const { send, settled } = setUp((_, answer) => answer(undefined, "connection-closed"));
		send("https://push.example/");
		expect(settled).toMatchObject([{ type: "wait", condition: "remote-server-timeout", text: "Connection closed" }]);
	});

	it("refuses what is no URL of it", () => {
		const { send, settled, requests } = setUp((_, answer) => answer(undefined));
		for (const url of ["", "push.example", "ftp://push.example/", "https://"]) send(url);
		expect(requests).toEqual([]);
		expect(settled).toHaveLength(4);
		for (const reason of settled) expect(reason).toMatchObject({ condition: "bad-request", text: "Invalid URL" });
	});

	it("leaves the connection open in 0.12", () => {
		const machine: Machine = { ...createTestMachine(), series: "0.12" };
		const headers: object[] = [];
		machine.http = (request) => void headers.push(request.headers);
		createNodeHost(machine).require("net.http").request("https://push.example/");
		expect(headers).toEqual([{ "Host": "push.example", "User-Agent": "Prosody XMPP Server" }]);
	});
});

describe("HTTP with a callback", () => {
	const response: HttpResponse = { code: 201, body: "made", headers: { location: "/m" } };

	it("gives the answer, or what went wrong", () => {
		const calls: unknown[][] = [];
		const { request } = setUp(({ url }, answer) => {
			if (url.endsWith("/fails")) answer(undefined, "connection refused");
			else answer(response);
		});
		const sent = request("https://[::1]:8443/", undefined, (...args) => void calls.push(args));
		const failed = request("https://push.example/fails", {}, (...args) => void calls.push(args));
		expect(request("nonsense", {}, (...args) => void calls.push(args))).toBeUndefined();
		expect(sent?.host).toBe("::1");
		expect(calls).toEqual([
			["made", 201, response, sent], ["connection refused", 0, failed, failed], ["invalid-url", 0, undefined],
		]);
	});

	it("can be cancelled, which the machine hears", () => {
		const calls: unknown[] = [];
		let finish: (() => void) | undefined;
		let aborted = 0;
		const { request } = setUp((_, answer) => {
			finish = () => answer(response);
			return () => void aborted++;
		});
		const sent = request("https://push.example/", {}, (body, code) => void calls.push([body, code]));
		sent!.cancel!();
		finish!();
		expect([calls, aborted]).toEqual([[["cancelled", 0]], 1]);
		request("https://push.example/", {}, (body) => void calls.push(body))!.cancel!("time is up");
		expect([calls.at(-1), aborted]).toEqual(["time is up", 2]);
		const answered = request("https://push.example/", {}, (body) => void calls.push(body));
		finish!();
		answered!.cancel!();
		expect([calls.at(-1), aborted]).toEqual([response.body, 2]);
	});

	it("calls back once, and what throws is logged", () => {
		let calls = 0;
		const { request, machine } = setUp((_, answer) => {
			answer(response);
			answer(undefined, "connection-closed");
		});
		request("https://push.example/", {}, () => {
			calls++;
			throw new Error("thrown on purpose");
		});
		expect(calls).toBe(1);
		const errors = (machine as ReturnType<typeof createTestMachine>).entries.filter(({ level }) => level === "error");
		expect(errors).toMatchObject([{ source: "http", message: expect.stringMatching(/^Traceback\[http\]: .*on purpose/) }]);
	});

	it("reads no more than the request allows, and passes on the head of what is larger", () => {
		const heads: unknown[] = [];
		const { request } = setUp(({ size_limits }, answer) => {
			queueMicrotask(() => answer({ ...response, body: "x".repeat(size_limits().body! + 1) }));
		});
		return new Promise<void>((resolve) => {
			const options = { streaming_handler: (head: HttpResponse) => void heads.push(head) };
			const sent = request("https://push.example/", options, (body, code) => {
				expect([body, code]).toEqual(["content-length-limit-exceeded", 0]);
				expect(heads).toEqual([{ ...response, body: "" }]);
				resolve();
			});
			sent!.body_size_limit = 100;
		});
	});

	it("may be answered from the head alone", () => {
		const calls: unknown[] = [];
		let sent: { cancel?(reason?: string): void } | undefined;
		const { request } = setUp((_, answer) => queueMicrotask(() => answer(response)));
		return new Promise<void>((resolve) => {
			sent = request("https://push.example/", {
				streaming_handler: (head) => {
					sent!.cancel!(`enough: ${head.code}`);
					queueMicrotask(() => {
						expect(calls).toEqual(["enough: 201"]);
						resolve();
					});
				},
			}, (body) => void calls.push(body));
			(sent as { body_size_limit?: number }).body_size_limit = 0;
		});
	});

	it.each([
		[false, "https://push.example:444/secret"],
		[true, "push.example:444"],
	])("is logged with its URL unless that is suppressed (%s)", (suppress_url, shown) => {
		const { request, machine } = setUp(() => undefined);
		request("https://push.example:444/secret", { suppress_url, body: "x" }, () => undefined);
		const { entries } = machine as ReturnType<typeof createTestMachine>;
		expect(entries.map(({ message }) => message)).toEqual([`Making HTTPS POST request '1' to ${shown}`]);
	});

	it.each([
		["https://Push.example/", ["Push.example", 443]],
		["http://0x7f.1:81/", ["0x7f.1", 81]],
		["https://u@[::ffff:7f00:1]:443/x", ["::ffff:7f00:1", 443]],
		["https://a\\@b/", ["b", 443]],
		["https://push.example?x", ["push.example", 443]],
	])("asks the resolver of the moment for addresses: %s", (url, asked) => {
		const { request, requests, resolvers } = setUp(() => undefined);
		const before = resolvers.new;
		const seen: unknown[] = [];
		const own: Resolver = { next: (callback) => callback() };
		resolvers.new = (...args) => {
			seen.push(args);
			return own;
		};
		request(url, {}, () => undefined);
		resolvers.new = before;
		request(url, {}, () => undefined);
		expect(seen).toEqual([[...asked, "tcp", { servername: asked[0] }]]);
		expect(requests.map(({ resolver }) => resolver === own)).toEqual([true, false]);
	});
});
