import { afterEach, describe, expect, it } from "vitest";
import { createServer as createPlainServer, type RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import { gzipSync } from "node:zlib";
import type { AddressInfo, Socket } from "node:net";
import type { HttpClientRequest, HttpLibrary, HttpRequestOptions, HttpResponse, Resolver } from "../../bridge/api";
import { createNodeHost, createRealHttp, createRealResolve, type RealHttpOptions } from "../../bridge/node";
import { certificateFor } from "../../bridge/webpush/certificate";
import { createTestMachine } from "./machine";

const { cert, key } = certificateFor("localhost");
const undo: (() => void)[] = [];
afterEach(() => {
	for (const step of undo.splice(0)) step();
});

interface Service {
	port: number;
	/** Connections, all that were ever made. */
	sockets: Socket[];
}

async function listen(server: Server | ReturnType<typeof createPlainServer>): Promise<Service> {
	const sockets: Socket[] = [];
	server.on("connection", (socket) => {
		sockets.push(socket);
		socket.on("error", () => undefined);
	});
	await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
	undo.push(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return { port: (server.address() as AddressInfo).port, sockets };
}

/** An HTTPS service on loopback with a certificate for `localhost`. */
function serve(listener: RequestListener): Promise<Service> {
	return listen(createServer({ cert, key }, listener));
}

function setUp(options: RealHttpOptions = {}) {
	const machine = createTestMachine();
	const real = createRealHttp({ ca: [cert], ...options });
	const close = (): void => real.close();
	undo.push(close);
	machine.http = real.http;
	const { require } = createNodeHost(machine);
	const http: HttpLibrary = require("net.http");
	const resolvers = require("net.resolvers.basic");

	interface Outcome {
		code: number;
		body: string;
		headers?: HttpResponse["headers"];
	}
	function send(
		url: string, given: HttpRequestOptions = {}, then: (request: HttpClientRequest) => void = () => undefined,
	): Promise<Outcome> {
		return new Promise((resolve) => {
			const request = http.request(url, given, (body, code, response) => {
				resolve({ code, body, headers: code === 0 ? undefined : (response as HttpResponse).headers });
			});
			if (request !== undefined) then(request);
		});
	}
	return { machine, resolvers, send, close };
}

describe("a request over the network", () => {
	it("arrives as it was made, and is answered", async () => {
		const seen: unknown[] = [];
		const { port } = await serve((request, response) => {
			const chunks: Buffer[] = [];
			request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => {
				const { method, url, headers } = request;
				seen.push({ method, url, headers, body: Buffer.concat(chunks).toString("latin1") });
				response.writeHead(201, { "X-Twice": ["a", "b"], "Location": "/m" }).end(Buffer.from([0x80, 0x41]));
			});
		});
		const { send } = setUp();
		const outcome = await send(`https://localhost:${port}/push/%20x;p?y=1#z`, { body: "\udcff!", headers: { TTL: "5" } });
		expect(outcome).toMatchObject({ code: 201, body: "\udc80A", headers: { "x-twice": "a,b", "location": "/m" } });
		expect(seen).toEqual([{
			method: "POST", url: "/push/%20x;p?y=1", body: "\xff!",
			headers: {
				"host": `localhost:${port}`, "user-agent": "Prosody XMPP Server", "connection": "keep-alive",
				"content-length": "2", "content-type": "application/x-www-form-urlencoded", "ttl": "5",
			},
		}]);
	});

	it("goes over the connection of the one before", async () => {
		const { port, sockets } = await serve((_, response) => void response.writeHead(201).end());
		const { send } = setUp();
		for (let count = 0; count < 5; count++) {
			expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 201, body: "" });
		}
		expect(sockets).toHaveLength(1);
	});

	it("waits where a service has its connections already", async () => {
		const { port, sockets } = await serve((_, response) => void setTimeout(() => response.end("x"), 20));
		const { send } = setUp({ connectionsPerService: 2 });
		const outcomes = await Promise.all(Array.from({ length: 6 }, () => send(`https://localhost:${port}/`)));
		expect(outcomes.map(({ code }) => code)).toEqual([200, 200, 200, 200, 200, 200]);
		expect(sockets).toHaveLength(2);
	});

	it("leaves the connection alone when it is cancelled too late", async () => {
		const { port, sockets } = await serve((_, response) => void response.end("x"));
		const { machine } = setUp();
		const resolver: Resolver = { next: (callback) => callback("tcp4", "127.0.0.1", port) };
		const ask = (aborts: (() => void)[]) => new Promise((resolve) => {
			const request = { method: "GET", url: `https://localhost:${port}/`, headers: {}, resolver, size_limits: () => ({}) };
			const abort = machine.http!(request, (response) => resolve(response?.code));
			for (const late of aborts) late();
			aborts.push(abort as () => void);
		});
		const aborts: (() => void)[] = [];
		expect([await ask(aborts), await ask(aborts)]).toEqual([200, 200]);
		for (const late of aborts) late();
		expect([await ask([]), sockets.length]).toEqual([200, 1]);
	});

	it("lets go of connections that nobody uses", async () => {
		const { port, sockets } = await serve((_, response) => void response.end("x"));
		const { send } = setUp({ idleTime: 0.05 });
		await send(`https://localhost:${port}/`);
		await expect.poll(() => sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
		const none = setUp({ idleConnections: 0 });
		await none.send(`https://localhost:${port}/`);
		await expect.poll(() => sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
	});

	it("is made anew if the connection had gone", async () => {
		let requests = 0;
		const { port, sockets } = await serve((request, response) => {
			requests++;
			// The second one on a connection is never read by the service.
			if (requests === 2) request.socket.destroy();
			else response.end("x");
		});
		const { send } = setUp();
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 200 });
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 200 });
		expect([requests, sockets.length]).toEqual([3, 2]);
	});

	it("fails where nobody listens, or where the connection breaks", async () => {
		const { port } = await serve((request) => void request.socket.destroy());
		const closed = await serve(() => undefined);
		const { send } = setUp();
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 0, body: "connection-closed" });
		for (const step of undo.splice(1, 1)) step();
		expect(await send(`https://localhost:${closed.port}/`)).toMatchObject({ code: 0, body: "connection refused" });
	});

	it("fails if the service goes while it answers", async () => {
		const { port } = await serve((request, response) => {
			response.writeHead(200, { "Content-Length": "10" }).write("12345", () => request.socket.destroy());
		});
		const { send } = setUp();
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 0, body: "connection-closed" });
	});

	it("does not follow what it is redirected to", async () => {
		let requests = 0;
		const { port } = await serve((_, response) => {
			requests++;
			response.writeHead(307, { Location: "/elsewhere" }).end();
		});
		const { send } = setUp();
		const outcome = await send(`https://localhost:${port}/`, { body: "x" });
		expect(outcome).toMatchObject({ code: 307, headers: { location: "/elsewhere" } });
		expect(requests).toBe(1);
	});

	it("is not made without TLS, unless that is allowed", async () => {
		const { port, sockets } = await listen(createPlainServer((_, response) => void response.end("plain")));
		expect(await setUp().send(`http://localhost:${port}/`)).toMatchObject({ code: 0, body: "invalid-url" });
		expect(sockets).toHaveLength(0);
		expect(await setUp({ allowPlain: true }).send(`http://localhost:${port}/`)).toMatchObject({ code: 200, body: "plain" });
	});

	it("fails for what nobody can send", async () => {
		const { port, sockets } = await serve((_, response) => void response.end());
		const { send } = setUp();
		const url = `https://localhost:${port}/`;
		expect(await send(url, { headers: { A: "b\r\nC: d" } })).toMatchObject({ code: 0, body: "ERR_INVALID_CHAR" });
		expect(await send(`${url} x`)).toMatchObject({ code: 0, body: "ERR_UNESCAPED_CHARACTERS" });
		expect(await send("https://localhost:65536/")).toMatchObject({ code: 0, body: "ERR_SOCKET_BAD_PORT" });
		expect(sockets).toHaveLength(0);
	});
});

describe("what is read of an answer", () => {
	it("has a limit where the body has no end", async () => {
		let written = 0;
		const { port, sockets } = await serve((_, response) => {
			const chunk = Buffer.alloc(4096);
			const more = (): void => {
				while (!response.destroyed && response.write(chunk)) written += chunk.length;
			};
			response.on("drain", more);
			more();
		});
		const { send } = setUp();
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 0, body: "max-buffer-size-exceeded" });
		await expect.poll(() => sockets[0]!.destroyed).toBe(true);
		// What the sockets' own buffers take.
		expect(written).toBeLessThan(8 * 1024 * 1024);
	});

	it("is not even begun with where the body says that it is too long", async () => {
		const { port } = await serve((_, response) => {
			response.writeHead(410, { "Content-Length": "5000", "X-A": "b" }).flushHeaders();
		});
		const { send } = setUp();
		const heads: HttpResponse[] = [];
		const streaming_handler = (response: HttpResponse): void => void heads.push(response);
		const outcome = await send(`https://localhost:${port}/`, { streaming_handler }, (request) => {
			request.body_size_limit = 4096;
		});
		expect(outcome).toMatchObject({ code: 0, body: "content-length-limit-exceeded" });
		expect(heads).toMatchObject([{ code: 410, headers: { "x-a": "b" } }]);
	});

	it("is as much as the request allows", async () => {
		const { port } = await serve((_, response) => void response.end("x".repeat(20_000)));
		const { send } = setUp();
		const url = `https://localhost:${port}/`;
		expect(await send(url)).toMatchObject({ code: 0 });
		const outcome = await send(url, {}, (request) => {
			request.body_size_limit = 20_000;
		});
		expect(outcome.body).toHaveLength(20_000);
	});

	it("has a limit where the headers have no end", async () => {
		let written = 0;
		const server = createServer({ cert, key });
		server.on("secureConnection", (socket) => {
			socket.on("error", () => undefined);
			socket.write("HTTP/1.1 200 OK\r\n");
			const more = (): void => {
				while (!socket.destroyed && socket.write("X-Header: value\r\n".repeat(100))) written++;
			};
			socket.on("drain", more);
			more();
		});
		const { port, sockets } = await listen(server);
		const { send } = setUp();
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 0, body: "header-too-large" });
		await expect.poll(() => sockets[0]!.destroyed).toBe(true);
		expect(written).toBeLessThan(10_000);
	});

	it("is not decompressed", async () => {
		const bomb = gzipSync(Buffer.alloc(10_000_000));
		const { port } = await serve((_, response) => {
			response.writeHead(200, { "Content-Encoding": "gzip", "Content-Length": bomb.length }).end(bomb);
		});
		const { send } = setUp();
		const outcome = await send(`https://localhost:${port}/`);
		expect(bomb.length).toBeLessThan(16 * 1024);
		expect(outcome).toMatchObject({ code: 200, headers: { "content-encoding": "gzip" } });
		expect(outcome.body.length).toBeLessThanOrEqual(bomb.length);
	});

	it("ends with the request when that is cancelled", async () => {
		const { port, sockets } = await serve((_, response) => void response.writeHead(200).write("x"));
		const { send } = setUp();
		const outcome = await send(`https://localhost:${port}/`, {}, (request) => {
			setTimeout(() => request.cancel!("too slow"), 100);
		});
		expect(outcome).toMatchObject({ code: 0, body: "too slow" });
		await expect.poll(() => sockets[0]!.destroyed).toBe(true);
	});

	it("ends with the request's time, although nobody cancels it", async () => {
		const { port, sockets } = await serve(() => undefined);
		const { send } = setUp({ time: 0.1 });
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 0, body: "connection timeout" });
		await expect.poll(() => sockets[0]!.destroyed).toBe(true);
	});
});

describe("a client that is closed", () => {
	it("makes no connection more: not for requests that waited, nor for one whose connection was kept, nor for later ones", async () => {
		let requests = 0;
		const { port, sockets } = await serve((_, response) => {
			if (++requests === 1) response.end("x");
		});
		const { send, close } = setUp({ connectionsPerService: 2 });
		const url = `https://localhost:${port}/`;
		expect(await send(url)).toMatchObject({ code: 200 });
		const underWay = [send(url), send(url), send(url), send(url)];
		await expect.poll(() => requests).toBe(3);
		close();
		const failed = { code: 0, body: "connection-closed" };
		expect(await Promise.all(underWay)).toMatchObject([failed, failed, failed, failed]);
		expect(await send(url)).toMatchObject(failed);
		await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true);
		expect([sockets.length, requests]).toEqual([2, 3]);
	});
});

describe("where a request goes to", () => {
	it("is checked by its certificate", async () => {
		const { port } = await serve((_, response) => void response.end("x"));
		const { send, machine } = setUp();
		expect(await setUp({ ca: [] }).send(`https://localhost:${port}/`))
			.toMatchObject({ code: 0, body: "certificate-chain-invalid" });
		expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ code: 0, body: "certificate-verify-failed" });
		machine.resolve = (_, answer) => answer(["127.0.0.1"]);
		const named = createNodeHost(machine).require("net.http");
		const failure = await new Promise((resolve) => {
			named.request(`https://push.example:${port}/`, {}, (body, code) => resolve([body, code]));
		});
		expect(failure).toEqual(["certificate-verify-failed", 0]);
	});

	it("is nowhere if its resolver passes nothing on", async () => {
		const { port, sockets } = await serve((_, response) => void response.end("x"));
		const { send, resolvers } = setUp();
		const url = `https://localhost:${port}/`;
		expect(await send(url)).toMatchObject({ code: 200 });
		resolvers.new = (): Resolver => ({ last_error: "not public", next: (callback) => callback() });
		// Not over the connection that is there, either: another request was allowed to make it.
		expect(await send(url)).toMatchObject({ code: 0, body: "not public" });
		resolvers.new = (): Resolver => ({ next: (callback) => callback("tcp4", "localhost", port) });
		expect(await send(url)).toMatchObject({ code: 0, body: "connection failed" });
		expect(sockets).toHaveLength(1);
	});

	it("is the next address if the first is none", async () => {
		const { port, sockets } = await serve((_, response) => void response.end("x"));
		const { send, resolvers } = setUp();
		const addresses = ["127.0.0.2", "127.0.0.1"];
		resolvers.new = (): Resolver => ({
			next: (callback) => {
				const ip = addresses.shift();
				if (ip === undefined) callback();
				else callback("tcp4", ip, port);
			},
		});
		expect(await send(`https://localhost:${port}/`)).toMatchObject({ code: 200 });
		expect(sockets).toHaveLength(1);
		expect(addresses).toEqual([]);
	});

	it("is what the system says", async () => {
		const resolve = createRealResolve();
		const ask = (name: string) => new Promise((answer) => resolve(name, answer));
		expect(await ask("localhost")).toContain("127.0.0.1");
		expect(await ask("no-such-name.invalid")).toEqual([]);
	});
});
