import { connect, type Socket } from "node:net";
import { createHash } from "node:crypto";
import { once } from "node:events";

const STREAM = "xmlns:stream=\"http://etherx.jabber.org/streams\" version=\"1.0\"";

/** A connection to a server's port, for text. Nothing is parsed, nothing answered. */
export class RawConnection {
	/** All that came so far. */
	received = "";
	readonly #socket: Socket;

	private constructor(port: number) {
		this.#socket = connect({ host: "127.0.0.1", port, noDelay: true });
		this.#socket.setEncoding("utf8");
		this.#socket.on("data", (text: string) => {
			this.received += text;
		});
		this.#socket.on("error", () => undefined);
	}

	static async open(port: number): Promise<RawConnection> {
		const connection = new RawConnection(port);
		await once(connection.#socket, "connect");
		return connection;
	}

	/** A client, logged in; with a resource if one is given. */
	static async client(port: number, username: string, password: string, resource?: string): Promise<RawConnection> {
		const client = await RawConnection.open(port);
		const header = `<stream:stream xmlns="jabber:client" ${STREAM} to="localhost">`;
		await client.exchange(header, "</stream:features>");
		const credentials = Buffer.from(`\0${username}\0${password}`).toString("base64");
		const auth = `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${credentials}</auth>`;
		await client.exchange(auth, "<success");
		await client.exchange(header, "</stream:features>");
		if (resource !== undefined) {
			const bind = `<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>${resource}</resource></bind>`;
			await client.exchange(`<iq type="set" id="bind">${bind}</iq>`, "</iq>");
		}
		return client;
	}

	/** A component, connected. */
	static async component(port: number, jid: string, password: string): Promise<RawConnection> {
		const component = await RawConnection.open(port);
		const header = `<stream:stream xmlns="jabber:component:accept" ${STREAM} to="${jid}">`;
		const [, id] = /id=['"]([^'"]*)/.exec(await component.exchange(header, "<stream:stream", ">")) ?? [];
		const handshake = createHash("sha1").update(`${id}${password}`).digest("hex");
		await component.exchange(`<handshake>${handshake}</handshake>`, "<handshake");
		return component;
	}

	send(text: string): void {
		this.#socket.write(text);
	}

	/** Sends, and returns what comes until all of these texts have. */
	async exchange(text: string, ...expected: string[]): Promise<string> {
		const before = this.received.length;
		this.send(text);
		for (;;) {
			const answer = this.received.slice(before);
			if (expected.every((one) => answer.includes(one))) return answer;
			if (answer.includes("<failure")) throw new Error(answer);
			await once(this.#socket, "data", { signal: AbortSignal.timeout(5000) });
		}
	}

	/** Ends the connection without a closing tag. */
	async lose(): Promise<void> {
		this.#socket.destroy();
		if (!this.#socket.closed) await once(this.#socket, "close");
	}
}
