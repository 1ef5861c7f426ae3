import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";

const HEADER = "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' id='s1' version='1.0' ";

/** What a server says to something that a client or a component writes. */
export type Reply = (text: string, socket: Socket) => string | undefined;

/** Says what it is told, whatever it is asked. */
export class FakeServer {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor(reply: Reply, xmlns: string) {
		this.#server = createServer((socket) => {
			this.#sockets.add(socket);
			socket.setEncoding("utf8");
			socket.on("error", () => undefined);
			socket.on("data", (text: string) => {
				const header = text.includes("<stream:stream") ? `${HEADER}xmlns='${xmlns}'>` : "";
				const answer = reply(text, socket);
				if (!socket.destroyed) socket.write(`${header}${answer ?? ""}`);
			});
		});
	}

	static async start(reply: Reply, xmlns = "jabber:client"): Promise<FakeServer> {
		const server = new FakeServer(reply, xmlns);
		server.#server.listen({ host: "127.0.0.1", port: 0 });
		await once(server.#server, "listening");
		return server;
	}

	get service(): string {
		return `xmpp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** How many connections there are. */
	get connections(): number {
		return [...this.#sockets].filter(({ destroyed }) => !destroyed).length;
	}

	async stop(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
		await once(this.#server, "close");
	}
}

/** A stream error, and the end of the stream. */
export function streamError(condition: string): string {
	return `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`;
}
