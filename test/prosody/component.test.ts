import { afterEach, describe, expect, it } from "vitest";
import { Component } from "../../bridge/prosody/component";
import { FakeServer, streamError, type Reply } from "./fake-server";
import { createHash } from "node:crypto";
import type { ComponentCharacter } from "../../bridge/scenario";

const CHARACTER: ComponentCharacter = {
	kind: "component", name: "App server", jid: "push.localhost", password: "secret", answers: { with: "result" },
};
const REQUEST = "<iq type='set' id='i1' from='localhost' to='push.localhost'><x xmlns='u'/></iq>";

/** Lets in whoever comes, and says something to what is sent then. */
function welcoming(rest: Reply = () => undefined): Reply {
	return (text, socket) => {
		if (text.includes("<stream:stream")) return "";
		return text.startsWith("<handshake") ? "<handshake/>" : rest(text, socket);
	};
}

describe("a component on a real connection", () => {
	let server: FakeServer;
	let component: Component;
	let received: string[];
	let sent: string[];

	async function start(reply: Reply): Promise<void> {
		received = [];
		sent = [];
		server = await FakeServer.start((text, socket) => {
			sent.push(text);
			return reply(text, socket);
		}, "jabber:component:accept");
		component = new Component({
			character: CHARACTER,
			traffic: { count: 0 },
			service: () => server.service,
			onReceived: (xml) => received.push(xml),
		});
	}

	afterEach(async () => {
		await component.close();
		await server.stop();
	});

	it("proves that it knows the password", async () => {
		await start(welcoming());
		await component.connect();
		expect(sent.at(-1)).toBe(`<handshake>${createHash("sha1").update("s1secret").digest("hex")}</handshake>`);
		await expect(component.connect()).rejects.toThrow("The component push.localhost is connected already");
	});

	it.each<[string, Reply, string]>([
		["the password is wrong", (text) => (text.startsWith("<handshake") ? streamError("not-authorized") : ""),
			"The component push.localhost cannot connect: not-authorized"],
		["the connection breaks", (_, socket) => void socket.destroy(),
			"The component push.localhost cannot connect: the stream was closed"],
	])("says why it cannot connect, and leaves no connection, where %s", async (_, reply, message) => {
		await start(reply);
		await expect(component.connect()).rejects.toThrow(message);
		expect(component.connected).toBe(false);
		await expect.poll(() => server.connections).toBe(0);
	});

	it("answers requests as it was told to, and nothing else", async () => {
		await start(welcoming((text) => (text === "<go/>" ? REQUEST
			: text === "<other/>" ? "<message/><presence/><iq type='result' id='i2'/>" : undefined)));
		await component.connect();
		const answers = () => sent.filter((text) => text.startsWith("<iq"));
		component.send("<go/>");
		await expect.poll(() => answers().at(-1)).toBe("<iq type=\"result\" id=\"i1\" from=\"push.localhost\" to=\"localhost\"/>");
		component.answer({ with: "error", type: "cancel", condition: "item-not-found" });
		component.send("<go/>");
		await expect.poll(() => answers().at(-1)).toBe("<iq type=\"error\" id=\"i1\" from=\"push.localhost\" to=\"localhost\">"
			+ "<error type=\"cancel\"><item-not-found xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>");
		component.answer({ with: "nothing" });
		component.send("<go/>");
		await expect.poll(() => received.length).toBe(3);
		component.answer({ with: "result" });
		component.send("<other/>");
		await expect.poll(() => received.length).toBe(6);
		expect(answers()).toHaveLength(2);
		expect(() => component.answer({ with: "status", status: 201 }))
			.toThrow("The component push.localhost answers with stanzas, not with HTTP status 201");
	});

	it("knows that it is not connected once the server closed its stream", async () => {
		await start(welcoming(() => streamError("conflict")));
		await component.connect();
		component.send("<go/>");
		await expect.poll(() => component.connected).toBe(false);
		expect(() => component.send("<go/>")).toThrow("The component push.localhost is not connected");
		await expect.poll(() => server.connections).toBe(0);
	});
});
