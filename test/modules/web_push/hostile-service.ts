import { once } from "node:events";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { gzipSync } from "node:zlib";
import { certificateFor } from "../../../bridge/webpush/certificate";

const BLOCK = Buffer.alloc(64 * 1024, "x");

/** Writes without an end, as fast as it is read. */
function flood(socket: Socket, block: Buffer): void {
	const more = (): void => {
		while (!socket.destroyed && socket.write(block)) { /* until it is full */ }
	};
	socket.on("drain", more);
	more();
}

function drip(socket: Socket, text: string): void {
	const timer = setInterval(() => socket.write(text), 50);
	socket.once("close", () => clearInterval(timer));
}

/** 10 MB, some 10 KB on their way. */
const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024));

/** What it does to a request, by the first part of its path. */
const answers: Record<string, (socket: Socket, request: string) => void> = {
	created: (socket) => socket.end("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
	kept: (socket) => void socket.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
	gone: (socket) => socket.end("HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\ngone"),
	busy: (socket) => socket.end("HTTP/1.1 429 Too Many\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"),
	"long-gone": (socket) => {
		socket.write("HTTP/1.1 410 Gone\r\nContent-Length: 1000000000\r\n\r\n");
		flood(socket, BLOCK);
	},
	redirect: (socket, request) => {
		const [, , target = ""] = request.split(" ")[1]!.split("/");
		socket.end(`HTTP/1.1 307 Over There\r\nLocation: ${decodeURIComponent(target)}\r\nContent-Length: 0\r\n\r\n`);
	},
	headers: (socket) => {
		socket.write("HTTP/1.1 201 Created\r\n");
		flood(socket, Buffer.from("X-More: and more\r\n".repeat(1000)));
	},
	"slow-headers": (socket) => {
		socket.write("HTTP/1.1 201 Created\r\n");
		drip(socket, "X: y\r\n");
	},
	"long-line": (socket) => flood(socket, BLOCK),
	chunked: (socket) => {
		socket.write("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n");
		flood(socket, Buffer.concat([Buffer.from("10000\r\n"), BLOCK, Buffer.from("\r\n")]));
	},
	endless: (socket) => {
		socket.write("HTTP/1.1 201 Created\r\n\r\n");
		flood(socket, BLOCK);
	},
	bomb: (socket) => {
		socket.write(`HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
		socket.end(bomb);
	},
	"early-hints": (socket) => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"),
	garbage: (socket) => socket.end("SSH-2.0-no\n\u0000\u001b[31m\r\n\r\n"),
	silent: () => undefined,
	closes: (socket) => void socket.end(),
};

/** Something that listens on loopback, for a service that may do anything. */
export class Listener {
	/** Of all TCP connections that were ever made to it. */
	connections = 0;
	/** Beginnings of the requests that it got. */
	readonly requests: string[] = [];
	readonly #sockets = new Set<Socket>();
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
		server.on("connection", (socket: Socket) => {
			this.connections++;
			this.#sockets.add(socket);
			socket.on("error", () => undefined);
			socket.once("close", () => this.#sockets.delete(socket));
		});
	}

	static async #listen(listener: Listener): Promise<Listener> {
		listener.#server.listen({ host: "127.0.0.1", port: 0 });
		await once(listener.#server, "listening");
		return listener;
	}

	/** One with HTTPS for this host, which does with a request what its path says. */
	static async service(host: string): Promise<Listener> {
		const server = createTlsServer(certificateFor(host), (socket) => {
			socket.on("error", () => undefined);
			socket.once("data", (data) => {
				const request = data.toString("latin1");
				listener.requests.push(request);
				const [, name = ""] = request.split(" ")[1]?.split("/") ?? [];
				const answer = answers[name];
				if (answer === undefined) socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
				else answer(socket, request);
			});
		});
		server.on("tlsClientError", () => undefined);
		const listener = new Listener(server);
		return Listener.#listen(listener);
	}

	/** One that accepts connections, and has nothing to say. */
	static silent(): Promise<Listener> {
		return Listener.#listen(new Listener(createTcpServer((socket) => void socket.resume())));
	}

	/** One that begins TLS with a long record, and sends a byte of it now and then. */
	static slowHandshake(): Promise<Listener> {
		return Listener.#listen(new Listener(createTcpServer((socket) => {
			socket.write(Buffer.from([0x16, 3, 3, 0x40, 0]));
			socket.resume();
			drip(socket, "\u0002");
		})));
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** How many connections there are now. */
	get open(): number {
		return this.#sockets.size;
	}

	async close(): Promise<void> {
		const closed = once(this.#server, "close");
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}
}
