import { afterEach, describe, expect, it } from "vitest";
import { Client } from "../../bridge/prosody/client";
import { FakeServer, streamError, type Reply } from "./fake-server";
import type { ClientCharacter } from "../../bridge/scenario";

const CHARACTER: ClientCharacter = {
	kind: "client", name: "Phone", jid: "juliet@localhost/phone", password: "secret", smacks: "resume", sasl2: false,
};
const SASL = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";
const BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/>";
const BIND2 = "<inline><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:sm:3'/></inline></bind></inline>";

function features(inner: string): string {
	return `<stream:features>${inner}</stream:features>`;
}

function sasl2(inner: string): string {
	const mechanism = "<mechanism>PLAIN</mechanism>";
	return features(`<authentication xmlns='urn:xmpp:sasl:2'>${mechanism}${inner}</authentication>${SASL}`);
}

/** Logs in whoever comes, and binds a resource; what else it says is for `rest` to tell. */
function welcoming(rest: Reply = () => undefined): Reply {
	let is_authenticated = false;
	return (text, socket) => {
		if (text.includes("<stream:stream")) return features(is_authenticated ? BIND : SASL);
		if (text.startsWith("<auth ")) {
			is_authenticated = true;
			return "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
		}
		const [, id] = /^<iq .*id="([^"]*)".*<bind /.exec(text) ?? [];
		if (id === undefined) return rest(text, socket);
		const bound = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@localhost/phone</jid></bind>";
		return `<iq type='result' id='${id}'>${bound}</iq>`;
	};
}

/** A server that lets the stream be managed. */
function managing(rest: Reply = () => undefined): Reply {
	return welcoming((text, socket) => {
		if (text.startsWith("<enable ")) return "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='t1'/>";
		return rest(text, socket);
	});
}

describe("a client on a real connection", () => {
	let server: FakeServer;
	let client: Client;
	let received: string[];
	let sent: string[];

	async function start(reply: Reply, change: Partial<ClientCharacter> = {}): Promise<void> {
		received = [];
		sent = [];
		server = await FakeServer.start((text, socket) => {
			sent.push(text);
			return reply(text, socket);
		});
		client = new Client({
			character: { ...CHARACTER, ...change },
			traffic: { count: 0 },
			service: () => server.service,
			domain: "localhost",
			onReceived: (xml) => received.push(xml),
		});
	}

	/** Waits until the server got so many elements that begin so. */
	async function expectSent(start: string, count = 1): Promise<void> {
		await expect.poll(() => sent.filter((text) => text.startsWith(start)).length).toBe(count);
	}

	afterEach(async () => {
		await client.close();
		await server.stop();
	});

	it.each<[string, Reply, Partial<ClientCharacter>, string]>([
		["the stream is refused", () => streamError("host-unknown"), {}, "Phone cannot connect: host-unknown"],
		["the stream is closed", () => "</stream:stream>", {}, "Phone cannot connect: the stream was closed"],
		["the connection breaks", (_, socket) => void socket.destroy(), {}, "Phone cannot connect: the stream was closed"],
		["the password is wrong", (text) => (text.startsWith("<auth ")
			? "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>" : features(SASL)),
		{}, "Phone cannot connect: not-authorized"],
		["the server has no SASL2", () => features(SASL), { sasl2: true },
			"Phone cannot connect: the server has no SASL2"],
		["the server has no Bind 2", () => sasl2(""), { sasl2: true }, "Phone cannot connect: the server has no Bind 2"],
		["Bind 2 fails", (text) => (!text.startsWith("<authenticate ") ? sasl2(BIND2)
			: "<success xmlns='urn:xmpp:sasl:2'><failed xmlns='urn:xmpp:bind:0'><error type='modify'>"
				+ "<policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></failed></success>"),
		{ sasl2: true }, "juliet cannot bind a resource: policy-violation"],
		["stream management is refused", welcoming((text) => (text.startsWith("<enable ")
			? "<failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
			: undefined)), {}, "Phone cannot enable stream management: unexpected-request"],
		["the stream is closed in place of an answer", welcoming((text) => (text.startsWith("<enable ")
			? streamError("undefined-condition") : undefined)), {},
		"Phone cannot enable stream management: undefined-condition"],
	])("says why it cannot connect, and leaves no connection, where %s", async (_, reply, change, message) => {
		await start(reply, change);
		await expect(client.connect()).rejects.toThrow(message);
		await expect.poll(() => server.connections).toBe(0);
		await expect(client.disconnect()).rejects.toThrow("Phone is not connected");
	});

	it("says that nothing listens", async () => {
		await start(() => undefined);
		const { service } = server;
		await server.stop();
		server = await FakeServer.start(() => undefined);
		client = new Client({
			character: CHARACTER, traffic: { count: 0 }, service: () => service, domain: "localhost", onReceived: () => undefined,
		});
		await expect(client.connect()).rejects.toThrow(/^Phone cannot connect: connect ECONNREFUSED/);
	});

	it("asks Bind 2 for nothing but a resource, with the client's id", async () => {
		await start((text) => (!text.startsWith("<authenticate ") ? sasl2(BIND2)
			: "<success xmlns='urn:xmpp:sasl:2'>"
				+ "<authorization-identifier>juliet@localhost/phone~1</authorization-identifier>"
				+ `<bound xmlns='urn:xmpp:bind:0'/></success>${features(BIND)}`),
		{ sasl2: true, client_id: "c1", smacks: "no" });
		await client.connect();
		expect(client.full_jid).toBe("juliet@localhost/phone~1");
		expect(sent.slice(1)).toEqual([
			"<authenticate xmlns=\"urn:xmpp:sasl:2\" mechanism=\"PLAIN\">"
			+ "<initial-response>AGp1bGlldABzZWNyZXQ=</initial-response><user-agent id=\"c1\"/>"
			+ "<bind xmlns=\"urn:xmpp:bind:0\"><tag>phone</tag></bind></authenticate>",
		]);
	});

	it("asks Bind 2 for whatever it is told to, and hands on what the server says of it", async () => {
		const bound = "<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='u'/></bound>";
		await start((text) => (!text.startsWith("<authenticate ") ? sasl2(BIND2)
			: "<success xmlns='urn:xmpp:sasl:2'>"
				+ `<authorization-identifier>juliet@localhost/phone~1</authorization-identifier>${bound}</success>${features(BIND)}`),
		{ sasl2: true, smacks: "no" });
		await client.connect(["<enable xmlns=\"u\"><a>1</a></enable>", "<enable xmlns=\"u\"/>", "<b/>"]);
		expect(sent.at(-1)).toMatch(new RegExp("<bind xmlns=\"urn:xmpp:bind:0\"><tag>phone</tag>"
			+ "<enable xmlns=\"u\"><a>1</a></enable><enable xmlns=\"u\"/><b/></bind></authenticate>$"));
		expect(received).toEqual([
			"<bind xmlns=\"urn:xmpp:bind:0\"><inline><feature var=\"urn:xmpp:sm:3\"/></inline></bind>",
			bound.replaceAll("'", "\""),
		]);
		await client.loseConnection();
		await client.connect();
		expect(sent.at(-1)).toContain("<bind xmlns=\"urn:xmpp:bind:0\"><tag>phone</tag></bind></authenticate>");
		expect(received).toHaveLength(2);
	});

	it("answers requests for acknowledgement, unless told not to, with what it counted", async () => {
		await start(managing((text) => (text === "<go/>" ? "<message/><iq type='get'/><presence/><r xmlns='urn:xmpp:sm:3'/>"
			: undefined)));
		await client.connect();
		client.send("<go/>");
		await expectSent("<a ");
		expect(received).toEqual(["<message/>", "<iq type=\"get\"/>", "<presence/>"]);
		expect(sent.at(-1)).toBe("<a xmlns=\"urn:xmpp:sm:3\" h=\"3\"/>");
		client.stopAcknowledging();
		client.send("<go/>");
		await expect.poll(() => received.length).toBe(6);
		client.acknowledge();
		await expectSent("<a ", 2);
		expect(sent.at(-1)).toBe("<a xmlns=\"urn:xmpp:sm:3\" h=\"6\"/>");
	});

	it("resumes with what it counted, and hands on what comes with the answer", async () => {
		let resumed = "<resumed xmlns='urn:xmpp:sm:3' previd='t1' h='0'/><message id='again'/>";
		await start((text, socket) => {
			if (text.startsWith("<resume ")) return resumed;
			return logins(text, socket);
		});
		let logins = managing(() => "<message id='first'/>");
		await client.connect();
		client.send("<go/>");
		await expect.poll(() => received.length).toBe(1);
		await client.loseConnection();
		logins = managing();
		await client.resume();
		expect(sent.at(-1)).toBe("<resume xmlns=\"urn:xmpp:sm:3\" previd=\"t1\" h=\"1\"/>");
		await expect.poll(() => received).toEqual(["<message id=\"first\"/>", "<message id=\"again\"/>"]);

		await client.loseConnection();
		logins = managing();
		resumed = "<failed xmlns='urn:xmpp:sm:3' h='1'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";
		await expect(client.resume()).rejects.toThrow("Phone cannot resume its stream: item-not-found");
		expect(sent.at(-1)).toBe("<resume xmlns=\"urn:xmpp:sm:3\" previd=\"t1\" h=\"2\"/>");
		await expect(client.resume()).rejects.toThrow("Phone has no stream to resume");
	});

	it.each([
		["no XML", "<message></iq>"],
		["something after its closing tag", "</stream:stream>\n"],
	])("is disconnected by a server that sends %s", async (_, text) => {
		await start(managing((written, socket) => {
			if (written !== "<go/>") return undefined;
			setTimeout(() => socket.destroyed || socket.write("<message/>"), 20);
			return text;
		}));
		await client.connect();
		client.send("<go/>");
		await expect.poll(() => server.connections).toBe(0);
		expect(() => client.send("<go/>")).toThrow("Phone is not connected");
		expect(received).toEqual([]);
	});

	it("reads characters that come in two pieces", async () => {
		await start(managing((_, socket) => {
			const bytes = Buffer.from("<message><body>€</body></message>");
			socket.write(bytes.subarray(0, 16));
			setTimeout(() => socket.write(bytes.subarray(16)), 20);
			return undefined;
		}));
		await client.connect();
		client.send("<go/>");
		await expect.poll(() => received).toEqual(["<message><body>€</body></message>"]);
	});

	it("closes its stream, and breaks its connection without doing so", async () => {
		const closes: Reply = (text, socket) => {
			if (text.endsWith("</stream:stream>")) socket.end("</stream:stream>");
			return undefined;
		};
		await start((text, socket) => logins(text, socket));
		let logins = managing(closes);
		await client.connect();
		await client.disconnect();
		expect(sent.at(-1)).toBe("</stream:stream>");
		logins = managing(closes);
		await client.connect();
		const before = sent.length;
		await client.loseConnection();
		await expect.poll(() => server.connections).toBe(0);
		expect(sent.length).toBe(before);
	});
});
