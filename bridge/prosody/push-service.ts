import { certificateFor } from "../webpush/certificate";
import { createServer, type Server } from "node:https";
import { freePorts } from "./ports";
import { LARGEST_BODY } from "../webpush/body";
import { once } from "node:events";
import { PushService, type Push } from "../webpush/service";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { WebPushCharacter } from "../scenario/stage";

const HOST = "localhost";
const ADDRESS = "127.0.0.1";

/** A push service behind HTTPS on loopback. Trusted by whoever trusts the certificate of `localhost`. */
export class HttpsPushService extends PushService {
	readonly #port: number;
	readonly #onPush: (push: Push) => void;
	readonly #sockets = new Set<Socket>();
	/** Bytes on connections that have ended, and how many these are. */
	#past = 0;
	#server: Server | undefined;

	/**
	 * Opens one on a port that is free.
	 * @param onPush gets what comes of each request, before it is answered
	 */
	static async open(character: WebPushCharacter, onPush: (push: Push) => void): Promise<HttpsPushService> {
		const [port] = await freePorts(1);
		const service = new HttpsPushService(character, port!, onPush);
		await service.connect();
		return service;
	}

	private constructor(character: WebPushCharacter, port: number, onPush: (push: Push) => void) {
		super(character, `https://${HOST}:${port}`);
		this.#port = port;
		this.#onPush = onPush;
	}

	get connected(): boolean {
		return this.#server !== undefined;
	}

	/** How much has moved on its connections: more at any later time if something has. */
	get moved(): number {
		return [...this.#sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + 1 + bytesRead + bytesWritten, this.#past);
	}

	/** Listens on its port. Rejects if somebody else does. */
	async connect(): Promise<void> {
		const server = createServer(certificateFor(HOST), (request, response) => void this.#serve(request, response));
		server.on("connection", (socket: Socket) => {
			this.#sockets.add(socket);
			socket.once("close", () => {
				this.#sockets.delete(socket);
				this.#past += 2 + socket.bytesRead + socket.bytesWritten;
			});
		});
		server.listen({ host: ADDRESS, port: this.#port });
		await once(server, "listening");
		this.#server = server;
	}

	/** Breaks all connections, and refuses others. */
	async disconnect(): Promise<void> {
		const server = this.#server;
		if (!server) throw new Error(`The push service ${this.name} is down already`);
		this.#server = undefined;
		const closed = once(server, "close");
		server.close();
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}

	/** Ends what there is of it. */
	async close(): Promise<void> {
		if (this.#server) await this.disconnect();
	}

	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const sent = await bodyOf(request);
		if (!sent) return;
		const { method, url } = request;
		const received = { method: method!, url: this.origin + url!, headers: headersOf(request), body: sent };
		const push = this.receive(received, Date.now() / 1000);
		this.#onPush(push);
		if (!push.response) return;
		const { status, headers, body } = push.response;
		response.writeHead(status, headers).end(body);
	}
}

/** By name in lower case; one that is there more than once has all its values. */
function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
	return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values!.join(", ")]));
}

/**
 * Of one that is too large no more than tells that it is. It is read to its end: who still writes would not read the answer. Undefined
 * if the connection broke before: that was no request.
 */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of request as AsyncIterable<Buffer>) {
			if (length <= LARGEST_BODY) chunks.push(chunk);
			length += chunk.length;
		}
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks);
}
