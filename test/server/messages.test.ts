import { describe, expect, it } from "vitest";
import { HOST_NAMES, START, World, child, childText, condition, kinds } from "./world";
import type { ProsodyModule, Stanza } from "../../bridge/api";

const hi = (attrs: string, extra = "<body>Hi</body>") => `<message ${attrs}>${extra}</message>`;

describe.each(HOST_NAMES)("messages on %s", (host) => {
	it("to a full JID reach that client, else the account", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		const desk = world.online("juliet@localhost/desk");
		phone.take();
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost/desk' type='chat' id='1'"));
		romeo.send(hi("to='juliet@localhost/gone' type='chat' id='2'"));
		expect(desk.take().map(({ attrs }) => attrs.id)).toEqual(["1", "2"]);
		expect(phone.take().map(({ attrs }) => attrs.id)).toEqual(["2"]);
	});

	it("to a bare JID reach the available clients of the highest priority", () => {
		const world = new World(host);
		const [low, high, negative, silent] = ["low", "high", "negative", "silent"].map((resource) =>
			world.phone(`juliet@localhost/${resource}`)) as [ReturnType<World["phone"]>, ReturnType<World["phone"]>,
			ReturnType<World["phone"]>, ReturnType<World["phone"]>];
		low.send("<presence/>");
		high.send("<presence><priority>5</priority></presence>");
		negative.send("<presence><priority>-1</priority></presence>");
		for (const phone of [low, high, negative, silent]) phone.take();
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost' id='1'"));
		expect([low, high, negative, silent].map((phone) => phone.take().length)).toEqual([0, 1, 0, 0]);
		romeo.send(hi("to='juliet@localhost' id='2' type='headline'"));
		expect([low, high, negative, silent].map((phone) => phone.take().length)).toEqual([1, 1, 0, 0]);
		high.send("<presence type='unavailable'/>");
		low.send("<presence><priority>-5</priority></presence>");
		for (const phone of [low, high, negative, silent]) phone.take();
		romeo.send(hi("to='juliet@localhost' id='3'"));
		expect([low, high, negative, silent].map((phone) => phone.take().length)).toEqual([0, 0, 0, 0]);
		expect(world.accounts.register("juliet").offline).toHaveLength(1);
		expect(romeo.take()).toEqual([]);
	});

	it("for offline accounts are stored, and delivered with the first presence of priority 0 or more", () => {
		const world = new World(host);
		const events: string[] = [];
		world.load("probe", (module) => {
			module.hook("message/offline/handle", ({ username, origin, stanza }) => {
				events.push(`handle ${username} ${origin.full_jid} ${stanza.attr.to}`);
			}, 1);
			module.hook("message/offline/broadcast", ({ origin }) => void events.push(`broadcast ${origin.full_jid}`), 1);
		});
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost' type='chat' id='1'"));
		world.pass(60);
		const phone = world.phone("juliet@localhost/phone");
		phone.send("<presence><priority>-1</priority></presence>");
		expect(kinds(phone.take())).toEqual(["presence"]);
		phone.send("<presence type='unavailable'/>");
		phone.send("<presence/>");
		const message = phone.take().find(({ name }) => name === "message");
		expect(message?.attrs).toMatchObject({ id: "1", from: "romeo@localhost/orchard", to: "juliet@localhost" });
		expect(child(message, "delay", "urn:xmpp:delay")?.attrs).toMatchObject({
			from: "localhost", stamp: "2024-01-01T00:00:00Z",
		});
		expect(child(message, "stanza-id", "urn:xmpp:sid:0")?.attrs.by).toBe("juliet@localhost");
		expect(events).toEqual([
			"handle juliet romeo@localhost/orchard juliet@localhost", "broadcast juliet@localhost/phone",
		]);
		phone.send("<presence type='unavailable'/>");
		phone.take();
		phone.send("<presence/>");
		expect(kinds(phone.take())).toEqual(["presence"]);
	});

	it("for offline accounts outlive a restart", () => {
		const world = new World(host);
		world.phone("romeo@localhost/orchard").send(hi("to='juliet@localhost' type='chat' id='1'"));
		world.restart();
		const phone = world.phone("juliet@localhost/phone");
		phone.send("<presence/>");
		expect(phone.take().map(({ attrs }) => attrs.id)).toContain("1");
		expect(world.errors()).toEqual([]);
	});

	it("for nobody come back, errors and headlines do not", () => {
		const world = new World(host);
		const romeo = world.phone("romeo@localhost/orchard");
		for (const type of ["chat", "groupchat", "error", "headline"]) {
			romeo.send(hi(`to='mercutio@localhost' type='${type}' id='${type}'`));
		}
		expect(romeo.take().map((stanza) => [stanza.attrs.id, condition(stanza)])).toEqual([
			["chat", "service-unavailable"], ["groupchat", "service-unavailable"],
		]);
	});

	it("of the groupchat type to a bare JID are for modules to take, else come back", () => {
		const world = new World(host);
		const romeo = world.online("romeo@localhost/orchard");
		world.online("juliet@localhost/phone");
		const seen: (string | undefined)[] = [];
		world.load("probe", (module) => {
			module.hook("message/bare/groupchat", ({ origin, stanza }) => {
				seen.push(`${origin.full_jid} ${stanza.attr.id}`);
				return stanza.attr.id === "2" ? true : undefined;
			});
		});
		romeo.send(hi("to='juliet@localhost' type='groupchat' id='1'"));
		romeo.send(hi("to='juliet@localhost' type='groupchat' id='2'"));
		expect(seen).toEqual(["romeo@localhost/orchard 1", "romeo@localhost/orchard 2"]);
		expect(romeo.take().map((stanza) => [stanza.attrs.id, condition(stanza)])).toEqual([["1", "service-unavailable"]]);
	});

	it("come back when a module refuses to keep them, and mod_offline is not loaded", () => {
		const world = new World(host, { modules_disabled: "{ 'offline', 'mam' }" });
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost' type='chat' id='1'"));
		expect(romeo.take().map(condition)).toEqual(["service-unavailable"]);
	});
});

describe.each(HOST_NAMES)("the archive on %s", (host) => {
	interface Added {
		user: string;
		id: string;
		from: string | undefined;
		names: string[];
	}

	function recorder(added: Added[]): ProsodyModule {
		return (module) => {
			module.hook("archive-message-added", ({ for_user, id, origin, stanza }) => {
				added.push({ user: for_user, id, from: origin.full_jid, names: [...stanza.tags].map(({ name }) => name) });
			});
		};
	}

	it("keeps a message once for each local owner, and says so with what it keeps", () => {
		const world = new World(host);
		const added: Added[] = [];
		world.load("probe", recorder(added));
		const phone = world.online("juliet@localhost/phone");
		const romeo = world.phone("romeo@localhost/orchard");
		const active = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
		romeo.send(hi("to='juliet@localhost' type='chat' id='1'", `<body>Hi</body>${active}`));
		const [message] = phone.take();
		expect(added.map(({ user, from, names }) => ({ user, from, names }))).toEqual([
			{ user: "romeo", from: "romeo@localhost/orchard", names: ["body"] },
			{ user: "juliet", from: "romeo@localhost/orchard", names: ["body"] },
		]);
		expect(message!.getChildElements().map(({ name }) => name)).toEqual(["body", "active", "stanza-id"]);
		expect(child(message, "stanza-id")?.attrs).toMatchObject({ by: "juliet@localhost", id: added[1]!.id });
		const { archive } = world.accounts.register("juliet");
		expect(archive).toEqual([expect.objectContaining({ id: added[1]!.id, with: "romeo@localhost", when: START })]);
	});

	it("hands its own clone to archive-message-added, and another one to later handlers", () => {
		const world = new World(host);
		const stanzas: Stanza[] = [];
		world.load("probe", (module) => {
			module.hook("message/bare", ({ stanza }) => void stanzas.push(stanza), 10);
			module.hook("archive-message-added", ({ stanza, for_user }) => {
				if (for_user === "juliet") stanzas.push(stanza);
			});
			module.hook("message/offline/handle", ({ stanza }) => void stanzas.push(stanza), 10);
		});
		world.phone("romeo@localhost/orchard").send(hi("to='juliet@localhost' type='chat' id='1'"));
		const [came, archived, delivered] = stanzas;
		expect(new Set([came, archived, delivered]).size).toBe(3);
		expect(archived!.get_child("stanza-id", "urn:xmpp:sid:0")).toBeUndefined();
		expect(delivered!.get_child("stanza-id", "urn:xmpp:sid:0")).toBeDefined();
	});

	it.each([
		["a body", "type='chat'", "<body>Hi</body>", true],
		["a chat state alone", "type='chat'", "<active xmlns='http://jabber.org/protocol/chatstates'/>", false],
		["a headline", "type='headline'", "<body>Hi</body>", false],
		["an error to a bare JID", "type='error'", "<body>Hi</body>", false],
		["a subject", "", "<subject>Hi</subject>", true],
		["a hint against", "", "<body>Hi</body><no-store xmlns='urn:xmpp:hints'/>", false],
		["a hint for", "", "<store xmlns='urn:xmpp:hints'/>", true],
		["an encrypted one", "", "<encryption xmlns='urn:xmpp:eme:0'/>", true],
		["a receipt", "", "<received xmlns='urn:xmpp:receipts' id='1'/>", true],
		["a chat marker", "", "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>", true],
		["an invitation", "", "<x xmlns='jabber:x:conference' jid='room@rooms.localhost'/>", true],
		["a call", "", "<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>", true],
		["anything else", "", "<x xmlns='a'/>", false],
	])("decides on %s", (_what, attrs, content, stored) => {
		const world = new World(host);
		world.phone("romeo@localhost/orchard").send(hi(`to='juliet@localhost' ${attrs}`, content));
		expect(world.accounts.register("juliet").archive).toHaveLength(stored ? 1 : 0);
	});

	it("lets modules decide otherwise", () => {
		const world = new World(host);
		world.load("never", (module) => {
			module.hook("archive-should-store", (event) => {
				event.reason = "never";
				return false;
			});
		});
		world.phone("romeo@localhost/orchard").send(hi("to='juliet@localhost' type='chat'"));
		expect(world.accounts.register("juliet").archive).toEqual([]);
	});

	it("takes forged ids out of what it does not archive, and of nothing else, as 0.12.3 does", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		const forged = "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@localhost' id='forged'/>";
		const foreign = "<stanza-id xmlns='urn:xmpp:sid:0' by='room@rooms.localhost' id='foreign'/>";
		const romeo = world.phone("romeo@localhost/orchard");
		const idsOf = (payload: string) => {
			romeo.send(hi("to='juliet@localhost' type='chat'", `${payload}${forged}${foreign}`));
			return phone.take()[0]!.getChildElements().filter(({ name }) => name === "stanza-id").map(({ attrs }) => attrs.id);
		};
		expect(idsOf("")).toEqual(["foreign"]);
		expect(world.accounts.register("juliet").archive).toEqual([]);
		const archived = idsOf("<body>Hi</body>");
		const [stored] = world.accounts.register("juliet").archive;
		expect(archived).toEqual(["forged", "foreign", stored!.id]);
	});

	it("lets no id of the sender's archive leave", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		world.phone("romeo@localhost/orchard").send(hi("to='juliet@localhost' type='chat'"));
		const ids = phone.take()[0]!.getChildElements().filter(({ name }) => name === "stanza-id");
		expect(ids.map(({ attrs }) => attrs.by)).toEqual(["juliet@localhost"]);
	});

	it("answers queries page by page, and takes note of who asked", () => {
		const world = new World(host);
		const romeo = world.phone("romeo@localhost/orchard");
		for (let n = 1; n <= 5; n++) {
			romeo.send(hi("to='juliet@localhost' type='chat'", `<body>${n}</body>`));
			world.pass(1);
		}
		world.phone("nurse@localhost/kitchen").send(hi("to='juliet@localhost' type='chat'", "<body>N</body>"));
		const phone = world.phone("juliet@localhost/phone");
		const ask = (set: string, form = "") => {
			phone.send(`<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2' queryid='f'>${form}` +
				`<set xmlns='http://jabber.org/protocol/rsm'>${set}</set></query></iq>`);
			const answer = phone.take();
			const fin = child(answer.at(-1), "fin", "urn:xmpp:mam:2");
			const results = answer.slice(0, -1).map((message) => child(message, "result", "urn:xmpp:mam:2"));
			const bodies = results.map((result) => childText(child(child(result, "forwarded"), "message"), "body"));
			return { bodies, fin, ids: results.map((result) => result?.attrs.id), error: condition(answer.at(-1)), results };
		};
		const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
		const form = (fields: string) =>
			`<x xmlns='jabber:x:data' type='submit'>${field("FORM_TYPE", "urn:xmpp:mam:2")}${fields}</x>`;

		expect(phone.session().mam_requested).toBeUndefined();
		const first = ask("<max>2</max>");
		expect(phone.session().mam_requested).toBe(true);
		expect(first.bodies).toEqual(["1", "2"]);
		expect(first.fin?.attrs.complete).toBeUndefined();
		const set = child(first.fin, "set");
		expect([childText(set, "first"), childText(set, "last"), childText(set, "count")]).toEqual([...first.ids, "6"]);
		expect(child(child(first.results[0], "forwarded"), "delay")?.attrs.stamp).toBe("2024-01-01T00:00:00Z");
		expect(ask(`<max>3</max><after>${first.ids[1]}</after>`).bodies).toEqual(["3", "4", "5"]);
		const last = ask("<max>2</max><before/>");
		expect(last.bodies).toEqual(["5", "N"]);
		expect(ask(`<max>2</max><before>${last.ids[0]}</before>`).bodies).toEqual(["3", "4"]);
		expect(ask("", form(field("with", "nurse@localhost"))).bodies).toEqual(["N"]);
		const time = field("start", "2024-01-01T00:00:03Z") + field("end", "2024-01-01T00:00:04Z");
		expect(ask("", form(time)).bodies).toEqual(["4", "5"]);
		expect(ask("", form(field("ids", first.ids[1]!))).bodies).toEqual(["2"]);
		expect(ask("<max>0</max>").fin?.attrs.complete).toBe("true");
		expect(ask("<after>unknown</after>").error).toBe("item-not-found");
		expect(ask("", form(field("start", "yesterday"))).error).toBe("bad-request");
		expect(ask("", form(field("with", "@"))).error).toBe("bad-request");
		expect(ask("", "<x xmlns='jabber:x:data' type='submit'/>").error).toBe("bad-request");
		const all = ask("");
		expect(all.fin?.attrs.complete).toBe("true");
		phone.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'><flip-page/></query></iq>");
		const flipped = phone.take().slice(0, -1).map((message) => child(message, "result")?.attrs.id);
		expect(flipped).toEqual([...all.ids].reverse());
		phone.send("<iq type='get' id='m'><metadata xmlns='urn:xmpp:mam:2'/></iq>");
		const metadata = child(phone.take()[0], "metadata");
		expect([child(metadata, "start")?.attrs.id, child(metadata, "end")?.attrs.id]).toEqual([all.ids[0], all.ids.at(-1)]);
		phone.send("<iq type='get' id='f'><query xmlns='urn:xmpp:mam:2'/></iq>");
		expect(child(child(phone.take()[0], "query"), "x", "jabber:x:data")?.getChildElements().map(({ attrs }) => attrs.var))
			.toEqual(["FORM_TYPE", "with", "start", "end", "before-id", "after-id", "ids"]);
		expect(world.errors()).toEqual([]);
	});

	it("spares those who read it the offline messages", () => {
		const world = new World(host);
		world.phone("romeo@localhost/orchard").send(hi("to='juliet@localhost' type='chat' id='1'"));
		const phone = world.phone("juliet@localhost/phone");
		phone.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>");
		phone.take();
		phone.send("<presence/>");
		expect(kinds(phone.take())).toEqual(["presence"]);
	});

	it("takes an archived message for kept if mod_offline is not loaded", () => {
		const world = new World(host, { modules_disabled: "{ 'offline' }" });
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		romeo.send(hi("to='juliet@localhost' type='chat'", "<body>Hi</body><no-store xmlns='urn:xmpp:hints'/>"));
		expect(romeo.take().map(condition)).toEqual(["service-unavailable"]);
	});

	it("follows options and preferences", () => {
		const world = new World(host, { default_archive_policy: "false" });
		const romeo = world.phone("romeo@localhost/orchard");
		const phone = world.phone("juliet@localhost/phone");
		const { archive } = world.accounts.register("juliet");
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		expect(archive).toHaveLength(0);
		phone.send("<iq type='set' id='p'><prefs xmlns='urn:xmpp:mam:2' default='never'>" +
			"<always><jid>romeo@localhost</jid></always><never/></prefs></iq>");
		const prefs = child(phone.take()[0], "prefs", "urn:xmpp:mam:2");
		expect(prefs?.attrs.default).toBe("never");
		expect(childText(child(prefs, "always"), "jid")).toBe("romeo@localhost");
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		expect(archive).toHaveLength(1);
		phone.send("<iq type='set' id='p'><prefs xmlns='urn:xmpp:mam:2' default='roster'/></iq>");
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		expect(archive).toHaveLength(1);
		phone.send("<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='romeo@localhost'/></query></iq>");
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		expect(archive).toHaveLength(2);
	});

	it("drops the oldest when it is full", () => {
		const world = new World(host, { storage_archive_item_limit: "4" });
		const romeo = world.phone("romeo@localhost/orchard");
		for (let n = 1; n <= 6; n++) romeo.send(hi("to='juliet@localhost' type='chat'", `<body>${n}</body>`));
		const bodies = world.accounts.register("juliet").archive.map(({ xml }) => /<body>(.*)<\/body>/.exec(xml)?.[1]);
		expect(bodies).toEqual(["3", "4", "5", "6"]);
	});
});

describe.each(HOST_NAMES)("carbons on %s", (host) => {
	const enable = "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>";

	it("copy what the account sends and receives to its other clients", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		const desk = world.online("juliet@localhost/desk");
		phone.send(enable);
		expect(phone.session().want_carbons).toBe("urn:xmpp:carbons:2");
		phone.take();
		const romeo = world.online("romeo@localhost/orchard");
		desk.send(hi("to='romeo@localhost' type='chat' id='1'"));
		romeo.send(hi("to='juliet@localhost/desk' type='chat' id='2'"));
		const [sent, received] = phone.take();
		expect(sent?.attrs).toMatchObject({ from: "juliet@localhost", to: "juliet@localhost/phone", type: "chat" });
		const inner = (carbon: typeof sent, name: string) => {
			const forwarded = child(child(carbon, name, "urn:xmpp:carbons:2"), "forwarded", "urn:xmpp:forward:0");
			return child(forwarded, "message", "jabber:client");
		};
		expect(inner(sent, "sent")?.attrs).toMatchObject({ id: "1", from: "juliet@localhost/desk" });
		expect(inner(received, "received")?.attrs).toMatchObject({ id: "2", to: "juliet@localhost/desk" });
		expect(desk.take().map(({ attrs }) => attrs.id)).toEqual(["2"]);
	});

	it("leave out those who get the message itself, and what is not to be copied", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		const desk = world.online("juliet@localhost/desk");
		for (const client of [phone, desk]) {
			client.send(enable);
			client.take();
		}
		const romeo = world.online("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost' type='chat' id='1'"));
		expect([phone, desk].map((client) => client.take().map(({ attrs }) => attrs.id))).toEqual([["1"], ["1"]]);
		for (const extra of ["<private xmlns='urn:xmpp:carbons:2'/>", "<no-copy xmlns='urn:xmpp:hints'/>"]) {
			romeo.send(hi("to='juliet@localhost/desk' type='chat'", `<body>Hi</body>${extra}`));
		}
		romeo.send(hi("to='juliet@localhost/desk' type='groupchat'"));
		expect(phone.take()).toEqual([]);
		expect(desk.take().map((message) => child(message, "private"))).toEqual([undefined, undefined, undefined]);
		desk.send("<iq type='set' id='c'><disable xmlns='urn:xmpp:carbons:2'/></iq>");
		desk.take();
		romeo.send(hi("to='juliet@localhost/phone' type='chat'"));
		expect(desk.take()).toEqual([]);
	});

	it("go to no client without presence while nobody is available, unless another client is addressed", () => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone");
		phone.send(enable);
		world.phone("juliet@localhost/desk");
		phone.take();
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		expect(phone.take()).toEqual([]);
		romeo.send(hi("to='juliet@localhost/desk' type='chat'"));
		expect(phone.take()).toHaveLength(1);
		phone.send("<presence><priority>-1</priority></presence>");
		phone.take();
		romeo.send(hi("to='juliet@localhost' type='chat'"));
		expect(phone.take()).toHaveLength(1);
	});
});
