import { describe, expect, it } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { READ_TIMEOUT } from "../../bridge/server/pipe";
import { HOST_NAMES, START, World, child, childText, condition, kinds } from "./world";

describe.each(HOST_NAMES)("clients' streams on %s", (host) => {
	it("have Prosody's fields, and stand in Prosody's tables", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone", { client_id: "client-1" });
		const { prosody } = world.host;
		const session = prosody.full_sessions["juliet@localhost/phone"]!;
		expect(session).toMatchObject({
			type: "c2s", username: "juliet", host: "localhost", resource: "phone", full_jid: "juliet@localhost/phone",
			client_id: "client-1", id: "c2s1",
		});
		expect(session.conn!.ip()).toBe("127.0.0.1");
		expect(prosody.hosts.localhost!.sessions.juliet!.sessions.phone).toBe(session);
		expect(prosody.bare_sessions["juliet@localhost"]).toBe(prosody.hosts.localhost!.sessions.juliet);
		juliet.client.disconnect();
		expect(prosody.full_sessions["juliet@localhost/phone"]).toBeUndefined();
		expect(prosody.bare_sessions["juliet@localhost"]).toBeUndefined();
		expect(prosody.hosts.localhost!.sessions.juliet).toBeUndefined();
	});

	it("fire resource-bind, pre-resource-unbind and resource-unbind", () => {
		const world = new World(host);
		const events: string[] = [];
		world.load("probe", (module) => {
			module.hook("resource-bind", ({ session }) => void events.push(`bind ${session.full_jid}`));
			module.hook("pre-resource-unbind", ({ session, error }) => {
				events.push(`pre-unbind ${session.full_jid} ${error} ${session.destroyed}`);
			});
			module.hook("resource-unbind", ({ session, error }) => {
				events.push(`unbind ${session.full_jid} ${error} ${session.destroyed}`);
			});
		});
		const phone = world.phone("juliet@localhost/phone");
		phone.client.disconnect();
		world.phone("juliet@localhost/desk").client.loseConnection();
		expect(events).toEqual([
			"bind juliet@localhost/phone",
			"pre-unbind juliet@localhost/phone false undefined", "unbind juliet@localhost/phone false true",
			"bind juliet@localhost/desk",
			"pre-unbind juliet@localhost/desk undefined undefined", "unbind juliet@localhost/desk undefined true",
		]);
	});

	const awkward = ["__proto__", "constructor", "length", "5", "0", "1"];
	it.each(awkward)("take %s for a user and a resource like any", (name) => {
		const world = new World(host);
		const one = world.online(`${name}@localhost/${name}`);
		const other = world.online(`${name}@localhost/other`);
		other.take();
		one.take();
		other.send(`<message to='${name}@localhost/${name}' type='chat'><body>Hi</body></message>`);
		expect(childText(one.take()[0], "body")).toBe("Hi");
		one.client.disconnect();
		expect(kinds(other.take())).toEqual(["presence unavailable"]);
		other.client.disconnect();
		expect(Object.keys(world.host.prosody.bare_sessions)).toEqual([]);
		expect(world.errors()).toEqual([]);
	});

	it("give way to a new connection with the same resource", () => {
		const world = new World(host);
		const old = world.online("juliet@localhost/phone");
		const young = world.phone("juliet@localhost/phone");
		expect(old.closed).toEqual(["conflict"]);
		expect(old.client.connected).toBe(false);
		young.send("<iq to='juliet@localhost/phone' type='result' id='1'/>");
		expect(kinds(young.take())).toEqual(["iq result"]);
		expect(world.host.prosody.bare_sessions["juliet@localhost"]!.top_resources).toBeUndefined();
	});

	it("get a resource of the server's choice, in its normal form otherwise", () => {
		const world = new World(host);
		const phone = world.phone("Juliet@localhost");
		expect(phone.client.full_jid).toMatch(/^juliet@localhost\/.{6,}$/);
		const one = world.phone("juliet@localhost/a\u00a0b");
		expect(one.client.full_jid).toBe("juliet@localhost/a b");
	});

	it("refuse names that are none", () => {
		const world = new World(host);
		expect(() => world.phone("a b@localhost/phone")).toThrow(/"a b".*no valid user name/);
		expect(() => world.phone("@localhost/phone")).toThrow(/no valid user name/);
		world.load("guard", (module) => {
			module.hook("pre-resource-bind", () => false);
		});
		expect(() => world.phone("juliet@localhost/phone")).toThrow("juliet cannot bind a resource: not-allowed");
		expect(Object.keys(world.host.prosody.full_sessions)).toEqual([]);
	});

	it("bind a resource on request if they are not bound yet", () => {
		const world = new World(host);
		const received: string[] = [];
		const connection = world.server.acceptClient({ username: "juliet", unbound: true }, {
			receive: (xml) => void received.push(xml),
			closed: () => undefined,
		});
		expect(connection.full_jid).toBe("juliet@localhost");
		const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>phone</resource></bind>";
		connection.send(`<iq type='set' id='b'>${bind}</iq>`);
		expect(received.join()).toContain("juliet@localhost/phone");
		expect(connection.full_jid).toBe("juliet@localhost/phone");
		connection.send("<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
		expect(received.at(-1)).toMatch(/^<iq .*result/);
	});

	it("leave out the stream's namespace, and fill in its language, as Prosody's parser does", () => {
		const world = new World(host);
		const seen: (string | undefined)[][] = [];
		world.load("probe", (module) => {
			module.hook("message/host", ({ stanza }) => {
				const body = stanza.get_child("body");
				const foreign = stanza.get_child("x", "a");
				seen.push([
					stanza.attr.xmlns, body?.attr.xmlns, body?.get_text(), foreign?.attr.xmlns, foreign?.tags[0]?.attr.xmlns,
					foreign?.tags[1]?.attr.xmlns, stanza.attr["xml:lang"],
				]);
				return true;
			});
		});
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<message to='localhost'><body>Hi</body><x xmlns='a'><y/><body xmlns='jabber:client'/></x></message>");
		juliet.send("<c:message to='localhost' xmlns:c='jabber:client' xml:lang='it'><c:body>Hi</c:body></c:message>");
		expect(seen).toEqual([
			[undefined, undefined, "Hi", "a", "a", "jabber:client", "en"],
			[undefined, undefined, "Hi", undefined, undefined, undefined, "it"],
		]);
	});

	it.each([
		["an unfinished element", "<message>", "not-well-formed"],
		["a closing tag alone", "</message>", "not-well-formed"],
		["two elements", "<presence/><presence/>", "not-well-formed"],
		["an end of the stream in disguise", "</stream:stream><stream:stream>", "not-well-formed"],
		["an undeclared prefix", "<a:message/>", "not-well-formed"],
		["text", "Hello", "not-well-formed"],
		["nothing", "", "not-well-formed"],
		["a comment", "<message><!-- --></message>", "not-well-formed"],
		["a processing instruction", "<message><?a b?></message>", "not-well-formed"],
		["a document type", "<!DOCTYPE a []><message/>", "not-well-formed"],
		["an entity", "<message><body>&lol;</body></message>", "not-well-formed"],
		["a foreign element", "<message xmlns='jabber:server'/>", "unsupported-stanza-type"],
		["a stream element", "<stream:features/>", "unsupported-stanza-type"],
		["an unknown element of the stream's own", "<letter to='localhost'/>", "unsupported-stanza-type"],
		["an element over 256 KiB", `<message><body>${"é".repeat(131072)}</body></message>`, "policy-violation"],
	])("end with an error on %s", (_what, xml, error) => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone", { smacks: "resume" });
		juliet.send(xml);
		expect(juliet.closed).toEqual([error]);
		expect(world.host.prosody.full_sessions["juliet@localhost/phone"]).toBeUndefined();
		expect(world.errors()).toEqual([]);
	});

	it("take elements that nest deep and texts that are long, up to the limit", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		const deep = `${"<a>".repeat(10000)}${"</a>".repeat(10000)}`;
		juliet.send(`<message to='juliet@localhost/phone' type='chat'><deep xmlns='a'>${deep}</deep></message>`);
		juliet.send(`<message to='juliet@localhost/phone' type='chat'>${deep}</message>`);
		juliet.send(`<message to='juliet@localhost/phone' type='chat'><body>${"a".repeat(262000)}</body></message>`);
		expect(juliet.closed).toEqual([]);
		expect(kinds(juliet.take())).toEqual(["message chat", "message chat", "message chat"]);
		expect(world.errors()).toEqual([]);
	});

	it("take elements of the size that `c2s_stanza_size_limit` allows, however small", () => {
		const world = new World(host, { c2s_stanza_size_limit: "500" });
		const juliet = world.phone("juliet@localhost/phone");
		const sized = (bytes: number) => `<message><body>${"a".repeat(bytes - 32)}</body></message>`;
		juliet.send(sized(500));
		expect(juliet.closed).toEqual([]);
		juliet.send(sized(501));
		expect(juliet.closed).toEqual(["policy-violation"]);
	});

	it("end when the client sends a stream error", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
		expect(juliet.closed).toEqual([undefined]);
		world.pass(5);
		expect(Object.keys(world.host.prosody.full_sessions)).toEqual([]);
	});

	it("are closed by modules, with a reason or without", () => {
		const world = new World(host);
		const one = world.phone("juliet@localhost/one");
		const two = world.phone("juliet@localhost/two");
		const three = world.phone("juliet@localhost/three");
		one.session().close("policy-violation");
		two.session().close(world.host.table({ condition: "reset", text: "Password changed" }));
		three.session().close();
		world.pass(0);
		expect([one.closed, two.closed, three.closed]).toEqual([["policy-violation"], ["reset"], [undefined]]);
		expect(Object.keys(world.host.prosody.full_sessions)).toEqual(["juliet@localhost/three"]);
		world.pass(5);
		expect(Object.keys(world.host.prosody.full_sessions)).toEqual([]);
	});

	it("are refused when a module closes them at once", () => {
		const world = new World(host);
		world.load("guard", (module) => {
			module.hook("resource-bind", ({ session }) => session.close("policy-violation"));
		});
		expect(() => world.phone("juliet@localhost/phone")).toThrow("phone cannot connect: policy-violation");
		expect(Object.keys(world.host.prosody.full_sessions)).toEqual([]);
	});

	it("discard what is sent to a session that has ended", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		const session = juliet.session();
		const stanza = world.host.require("util.stanza").message({ to: "juliet@localhost" }, "Hi");
		juliet.client.disconnect();
		expect(session.send(stanza)).toBe(false);
		expect(session.destroyed).toBe(true);
		expect(session.full_jid).toBeUndefined();
		session.close();
		expect(juliet.take()).toEqual([]);
	});

	it("fire drain events when what was written leaves", () => {
		const world = new World(host);
		const events: string[] = [];
		world.load("probe", (module) => {
			module.hook("c2s-pre-ondrain", ({ session }) => void events.push(`pre ${session.resource}`));
			module.hook("c2s-ondrain", ({ session }) => void events.push(`post ${session.resource}`));
		});
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<iq to='juliet@localhost/phone' type='result' id='1'/>");
		expect(events).toEqual(["pre phone", "post phone"]);
	});

	it("keep what is written while writes are paused", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		const { conn } = juliet.session();
		conn!.pause_writes!();
		juliet.send("<iq to='juliet@localhost/phone' type='result' id='1'/>");
		expect(juliet.take()).toEqual([]);
		conn!.resume_writes!();
		world.pass(0);
		expect(kinds(juliet.take())).toEqual(["iq result"]);
	});

	it("live on in silence without stream management, as Prosody keeps them alive", () => {
		const world = new World(host);
		const timeouts: number[] = [];
		world.load("probe", (module) => {
			module.hook("c2s-read-timeout", () => void timeouts.push(world.clock.now() - START), 1);
		});
		const juliet = world.phone("juliet@localhost/phone");
		world.pass(60);
		juliet.send("<presence/>");
		world.pass(2 * READ_TIMEOUT);
		expect(timeouts).toEqual([60 + READ_TIMEOUT, 60 + 2 * READ_TIMEOUT]);
		expect(juliet.client.connected).toBe(true);
	});

	it("are closed with system-shutdown when the server stops, which then refuses all", () => {
		const world = new World(host);
		const events: string[] = [];
		world.load("probe", (module) => {
			for (const event of ["server-stopping", "server-stopped"]) {
				module.hook_global(event, () => void events.push(event));
			}
		});
		const juliet = world.online("juliet@localhost/phone");
		const unbound: (string | undefined)[] = [];
		world.server.acceptClient({ username: "juliet", unbound: true }, {
			receive: () => undefined, closed: (error) => void unbound.push(error),
		});
		world.server.stop();
		expect([juliet.closed, unbound]).toEqual([["system-shutdown"], ["system-shutdown"]]);
		expect(events).toEqual(["server-stopping", "server-stopped"]);
		expect(() => world.phone("juliet@localhost/phone")).toThrow("stopped");
		expect(() => world.app("app.localhost")).toThrow("stopped");
		expect(() => world.server.fire("anything", {})).toThrow("stopped");
		world.server.stop();
	});

	it("complain of what needs a connection, and has none", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		expect(() => juliet.client.connect()).toThrow("juliet@localhost/phone is connected already");
		juliet.client.disconnect();
		expect(() => juliet.send("<presence/>")).toThrow("juliet@localhost/phone is not connected");
		expect(() => juliet.client.loseConnection()).toThrow("not connected");
		expect(() => juliet.client.resume()).toThrow("has no stream to resume");
	});

	it("log in with SASL2, which tags the resource and fires the events of Bind 2", () => {
		const world = new World(host);
		const events: string[] = [];
		world.load("probe", (module) => {
			module.hook("advertise-bind-features", ({ origin, features }) => {
				events.push(`advertise ${origin.type}`);
				features.tag("feature", { var: "urn:xmpp:push:0" }).up();
			});
			module.hook("enable-bind-features", ({ session, request, result }) => {
				const tags = [...request.tags].map((tag) => `${tag.name} ${tag.attr.xmlns}`);
				events.push(`enable ${session.full_jid} ${tags.join(", ")}`);
				result.tag("enabled", { xmlns: "urn:xmpp:push:0" }).up();
			});
		});
		const phone = world.phone("juliet@localhost/phone", {
			sasl2: true, client_id: "d4565fa7-4d72-4749-b3d3-740edbf87770",
			inline: ["<enable xmlns='urn:xmpp:carbons:2'/>", "<inactive xmlns='urn:xmpp:csi:0'/>"],
		});
		expect(phone.client.full_jid).toBe("juliet@localhost/phone~Uk5h3wclxrRq");
		expect(events).toEqual([
			"advertise c2s_unauthed",
			"enable juliet@localhost/phone~Uk5h3wclxrRq " +
				"tag urn:xmpp:bind:0, enable urn:xmpp:carbons:2, inactive urn:xmpp:csi:0",
		]);
		expect(phone.session()).toMatchObject({ want_carbons: "urn:xmpp:carbons:2", state: "inactive" });
		expect(phone.wire[0]).toMatch(/^<stream:features>.*<bind .*<feature var='urn:xmpp:csi:0'\/><feature var='urn:xmpp:push:0'\/>/);
		expect(phone.wire[1]).toMatch(/^<success xmlns=.urn:xmpp:sasl:2.>.*<bound .*urn:xmpp:push:0/);
		expect(phone.take()).toEqual([]);
		expect(world.phone("juliet@localhost", { sasl2: true }).client.full_jid).toMatch(/^juliet@localhost\/[^~]+$/);
		expect(() => world.phone("juliet@localhost/x", { sasl2: true, inline: ["<a>"] })).toThrow("is not well-formed: <a>");
	});
});

describe.each(HOST_NAMES)("components on %s", (host) => {
	it("get what is addressed to them and below, and answer", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		const juliet = world.phone("juliet@localhost/phone");
		for (const to of ["app.localhost", "a@app.localhost", "a@app.localhost/b", "app.localhost/c"]) {
			juliet.send(`<iq type='get' id='${to}' to='${to}'><query xmlns='a'/></iq>`);
		}
		expect(app.take().map(({ attrs }) => attrs.to)).toEqual([
			"app.localhost", "a@app.localhost", "a@app.localhost/b", "app.localhost/c",
		]);
		expect(juliet.take()).toEqual([]);
		world.pass(0);
		expect(kinds(juliet.take())).toEqual(Array(4).fill("iq result"));
	});

	it("answer as they are told", () => {
		const world = new World(host);
		const app = world.app("app.localhost", { with: "nothing" });
		const juliet = world.phone("juliet@localhost/phone");
		const ask = () => {
			juliet.send("<iq type='set' id='1' to='app.localhost'><query xmlns='a'/></iq>");
			world.pass(0);
			return juliet.take();
		};
		expect(ask()).toEqual([]);
		app.component.answer({ with: "error", type: "wait", condition: "resource-constraint" });
		const [error] = ask();
		expect(error?.attrs).toMatchObject({ type: "error", id: "1", from: "app.localhost", to: "juliet@localhost/phone" });
		expect(child(error, "error")?.attrs.type).toBe("wait");
		expect(condition(error)).toBe("resource-constraint");
		expect(() => app.component.answer({ with: "status", status: 410 })).toThrow("not with HTTP status 410");
		expect(app.take()).toHaveLength(2);
	});

	it("send stanzas from themselves only", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		const juliet = world.phone("juliet@localhost/phone");
		app.component.send("<message to='juliet@localhost/phone' from='bot@app.localhost'><body>1</body></message>");
		app.component.send("<message to='juliet@localhost/phone'><body>2</body></message>");
		app.component.send("<message from='app.localhost'><body>3</body></message>");
		expect(juliet.take().map(({ attrs }) => attrs.from)).toEqual(["bot@app.localhost", "app.localhost"]);
		expect(app.take().map(condition)).toEqual(["bad-request"]);
		app.component.send("<message to='juliet@localhost/phone' from='romeo@localhost'><body>4</body></message>");
		expect(app.component.connected).toBe(false);
		expect(juliet.take()).toEqual([]);
	});

	it("are missed when they are gone, and come back", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		const juliet = world.phone("juliet@localhost/phone");
		app.component.disconnect();
		juliet.send("<message id='1' to='app.localhost'><body>Hi</body></message>");
		const [bounce] = juliet.take();
		expect(child(bounce, "error")?.attrs.type).toBe("wait");
		expect(condition(bounce)).toBe("remote-server-timeout");
		expect(childText(child(bounce, "error"), "text")).toBe("Component unavailable");
		expect(child(child(bounce, "error"), "not-connected", "xmpp:prosody.im/protocol/component")).toBeDefined();
		app.component.connect();
		juliet.send("<message id='2' to='app.localhost'><body>Hi</body></message>");
		expect(app.take().map(({ attrs }) => attrs.id)).toEqual(["2"]);
	});

	it("are refused under names that are taken or none", () => {
		const world = new World(host);
		world.app("app.localhost");
		expect(() => world.app("app.localhost")).toThrow("app.localhost is connected already");
		expect(() => world.app("localhost")).toThrow("localhost is a host of the server");
		for (const jid of ["", "a@b.localhost", "a.localhost/b", "A.localhost"]) {
			expect(() => world.app(jid), jid).toThrow("is no host name");
		}
	});

	it("are closed when they send what is no element, and when the server stops", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		app.component.send("<message>");
		expect(app.component.connected).toBe(false);
		expect(() => app.component.send("<presence/>")).toThrow("app.localhost is not connected");
		app.component.connect();
		world.server.stop();
		expect(app.component.connected).toBe(false);
	});
});

describe("clients' streams under a Lua module", () => {
	it("are closed with session:close(reason), and written to with session.send(stanza)", () => {
		const directory = mkdtempSync(join(tmpdir(), "server-test-"));
		try {
			const file = join(directory, "mod_closer.lua");
			writeFileSync(file, `
				local st = require "util.stanza";
				module:hook("iq-get/self/a:query", function (event)
					event.origin.send(st.reply(event.stanza));
					event.origin:close({ condition = "policy-violation", text = "No questions" });
					return true;
				end);
			`);
			const world = new World("fengari");
			world.host.load("closer", { lua: file });
			const juliet = world.phone("juliet@localhost/phone");
			juliet.send("<iq type='get' id='1'><query xmlns='a'/></iq>");
			expect(kinds(juliet.take())).toEqual(["iq result"]);
			expect(juliet.closed).toEqual(["policy-violation"]);
			expect(world.errors()).toEqual([]);
		} finally {
			rmSync(directory, { recursive: true });
		}
	});
});
