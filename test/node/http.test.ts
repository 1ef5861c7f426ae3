import { describe, expect, it } from "vitest";
import type { HttpRequest, Machine } from "../../bridge/api";
import { createNodeHost } from "../../bridge/node";
import { createTestMachine } from "./machine";

function setUp(http?: Machine["http"]) {
	const requests: HttpRequest[] = [];
	const machine: Machine = createTestMachine();
	if (http !== undefined) {
		machine.http = (request, answer) => {
			requests.push(request);
			http(request, answer);
		};
	}
	const { request } = createNodeHost(machine).require("net.http");
	const settled: unknown[] = [];
	return {
		requests, settled,
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
		expect(requests).toEqual([
			{
				method: "POST", url: "https://push.example:8443/x?y", body: "é",
				headers: {
					"Host": "push.example:8443", "User-Agent": "Prosody XMPP Server", "Content-Length": "2",
					"Content-Type": "application/octet-stream", "TTL": "5",
				},
			},
			{
				method: "GET", url: "http://user:pass@push.example/",
				headers: { "Host": "push.example", "User-Agent": "Prosody XMPP Server", "Authorization": "Basic dXNlcjpwYXNz" },
			},
			{
				method: "DELETE", url: "https://push.example/",
				headers: { "Host": "push.example", "User-Agent": "Prosody XMPP Server" },
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
});
