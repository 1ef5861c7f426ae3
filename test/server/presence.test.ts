import { describe, expect, it } from "vitest";
import { HOST_NAMES, World, child, childText, condition, kinds } from "./world";
import type { Phone } from "./world";

const ROSTER = "jabber:iq:roster";

/** The roster as a client is told: subscription and request by JID. */
function roster(phone: Phone): Record<string, string> {
	phone.take();
	phone.send(`<iq type='get' id='roster'><query xmlns='${ROSTER}'/></iq>`);
	const query = child(phone.take()[0], "query", ROSTER);
	return Object.fromEntries(query!.getChildElements().map(({ attrs }) =>
		[attrs.jid, attrs.ask === undefined ? attrs.subscription : `${attrs.subscription} ${attrs.ask}`]));
}

/** Asks the server to change the roster. */
function setItem(phone: Phone, items: string): void {
	phone.send(`<iq type='set' id='set'><query xmlns='${ROSTER}'>${items}</query></iq>`);
}

/** Makes two accounts see each other's presence. */
function befriend(one: Phone, other: Phone): void {
	const [a, b] = [one, other].map((phone) => phone.client.full_jid!.split("/")[0]!) as [string, string];
	one.send(`<presence type='subscribe' to='${b}'/>`);
	other.send(`<presence type='subscribed' to='${a}'/>`);
	other.send(`<presence type='subscribe' to='${a}'/>`);
	one.send(`<presence type='subscribed' to='${b}'/>`);
}

describe.each(HOST_NAMES)("presence on %s", (host) => {
	it("makes a session available, with a priority", () => {
		const world = new World(host);
		const initial: (string | undefined)[] = [];
		world.load("probe", (module) => {
			module.hook("presence/initial", ({ origin }) => void initial.push(origin.full_jid));
		});
		const phone = world.phone("juliet@localhost/phone");
		const user = () => world.host.prosody.bare_sessions["juliet@localhost"]!;
		expect(phone.session().presence).toBeUndefined();
		expect(user().top_resources).toBeUndefined();
		phone.send("<presence><priority>7</priority></presence>");
		expect(kinds(phone.take())).toEqual(["presence"]);
		expect(phone.session().priority).toBe(7);
		expect(phone.session().presence!.get_child("delay", "urn:xmpp:delay")).toBeDefined();
		expect([...user().top_resources!]).toEqual([phone.session()]);
		for (const [text, priority] of [["200", 127], ["-200", -128], ["x", 0], ["+3", 3], ["-1", -1]] as const) {
			phone.send(`<presence><priority>${text}</priority></presence>`);
			expect(phone.session().priority, text).toBe(priority);
		}
		expect(user().top_resources).toBeUndefined();
		phone.send("<presence type='unavailable'/>");
		expect(phone.session().presence).toBeUndefined();
		expect(phone.session().priority).toBeUndefined();
		expect(initial).toEqual(["juliet@localhost/phone"]);
		phone.take();
		phone.send("<presence type='unknown'/>");
		expect(phone.take().map(condition)).toEqual(["bad-request"]);
	});

	it("has everybody at priority 0 where it is told to ignore priorities", () => {
		const world = new World(host, { ignore_presence_priority: "true" });
		const phone = world.phone("juliet@localhost/phone");
		const shown = (presence: string) => {
			phone.send(presence);
			expect(phone.session().priority).toBe(0);
			return childText(phone.take()[0], "priority");
		};
		expect(shown("<presence><show>away</show><priority>7</priority></presence>")).toBe("0");
		expect(shown("<presence><priority/></presence>")).toBe("0");
		expect(shown("<presence><priority>0</priority></presence>")).toBe("0");
		expect(shown("<presence/>")).toBeUndefined();
	});

	it("reaches the account's other clients, and theirs the new one", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		const desk = world.phone("juliet@localhost/desk");
		desk.send("<presence/>");
		expect(phone.take().map(({ attrs }) => attrs.from)).toEqual(["juliet@localhost/desk"]);
		const senders = desk.take().map(({ attrs }) => attrs.from).sort();
		expect(senders).toEqual(["juliet@localhost/desk", "juliet@localhost/phone"]);
		desk.client.loseConnection();
		expect(kinds(phone.take())).toEqual(["presence unavailable"]);
	});

	it("asks for, grants, and takes back subscriptions", () => {
		const world = new World(host);
		const juliet = world.online("juliet@localhost/phone");
		const romeo = world.online("romeo@localhost/orchard");
		expect([roster(juliet), roster(romeo)]).toEqual([{}, {}]);
		romeo.send("<presence type='subscribe' to='juliet@localhost/phone'/>");
		expect(romeo.take().map(({ name, attrs }) => `${name} ${attrs.type}`)).toEqual(["iq set", "presence unavailable"]);
		expect(juliet.take().map(({ attrs }) => [attrs.type, attrs.from])).toEqual([["subscribe", "romeo@localhost"]]);
		expect(roster(romeo)).toEqual({ "juliet@localhost": "none subscribe" });

		juliet.send("<presence type='subscribed' to='romeo@localhost'/>");
		expect(kinds(romeo.take())).toEqual(["presence subscribed", "iq set", "presence"]);
		expect(roster(juliet)).toEqual({ "romeo@localhost": "from" });
		expect(roster(romeo)).toEqual({ "juliet@localhost": "to" });
		const { bare_sessions } = world.host.prosody;
		expect(bare_sessions["juliet@localhost"]!.roster!["romeo@localhost"]!.subscription).toBe("from");
		const rostermanager = world.host.require("core.rostermanager");
		expect(rostermanager.is_contact_subscribed("juliet", "localhost", "romeo@localhost")).toBe(true);
		expect(rostermanager.is_user_subscribed("juliet", "localhost", "romeo@localhost")).toBe(false);

		juliet.send("<presence><status>Here</status></presence>");
		expect(romeo.take().map((presence) => childText(presence, "status"))).toEqual(["Here"]);
		juliet.client.loseConnection();
		expect(kinds(romeo.take())).toEqual(["presence unavailable"]);
		romeo.send("<presence type='probe' to='juliet@localhost'/>");
		expect(kinds(romeo.take())).toEqual(["presence unavailable"]);
		juliet.client.connect();
		juliet.send("<presence/>");
		expect(kinds(romeo.take())).toEqual(["presence"]);

		romeo.send("<presence type='unsubscribe' to='juliet@localhost'/>");
		expect([roster(juliet), roster(romeo)]).toEqual([{ "romeo@localhost": "none" }, { "juliet@localhost": "none" }]);
		// Prosody's own answer, `unsubscribed`, is stopped by its own handler of outgoing presence.
		romeo.send("<presence type='probe' to='juliet@localhost'/>");
		expect(romeo.take()).toEqual([]);
		expect(world.errors()).toEqual([]);
	});

	it("works both ways, and can be refused", () => {
		const world = new World(host);
		const juliet = world.online("juliet@localhost/phone");
		const romeo = world.online("romeo@localhost/orchard");
		befriend(juliet, romeo);
		expect([roster(juliet), roster(romeo)]).toEqual([{ "romeo@localhost": "both" }, { "juliet@localhost": "both" }]);
		juliet.send("<presence type='unsubscribed' to='romeo@localhost'/>");
		expect(kinds(romeo.take())).toEqual(["presence unsubscribed", "iq set", "presence unavailable"]);
		expect([roster(juliet), roster(romeo)]).toEqual([{ "romeo@localhost": "to" }, { "juliet@localhost": "from" }]);
		const nurse = world.online("nurse@localhost/kitchen");
		nurse.send("<presence type='subscribe' to='juliet@localhost'/>");
		juliet.send("<presence type='unsubscribed' to='nurse@localhost'/>");
		expect(roster(nurse)).toEqual({ "juliet@localhost": "none" });
		expect(world.accounts.register("juliet").pending.size).toBe(0);
	});

	it("keeps requests for accounts that are offline, over a restart too", () => {
		const world = new World(host);
		const romeo = world.online("romeo@localhost/orchard");
		romeo.send("<presence type='subscribe' to='juliet@localhost'><status>Please</status></presence>");
		expect([...world.accounts.register("juliet").pending.keys()]).toEqual(["romeo@localhost"]);
		world.restart();
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<presence/>");
		const request = juliet.take().find(({ attrs }) => attrs.type === "subscribe");
		expect(request?.attrs.from).toBe("romeo@localhost");
		expect(childText(request, "status")).toBe("Please");
		juliet.send("<presence type='subscribed' to='romeo@localhost'/>");
		const again = world.phone("romeo@localhost/orchard");
		expect(roster(again)).toEqual({ "juliet@localhost": "to" });
		expect(world.errors()).toEqual([]);
	});

	it("can be granted in advance", () => {
		const world = new World(host);
		const juliet = world.online("juliet@localhost/phone");
		const romeo = world.online("romeo@localhost/orchard");
		roster(romeo);
		juliet.send("<presence type='subscribed' to='romeo@localhost'/>");
		expect(juliet.take()).toEqual([]);
		romeo.send("<presence type='subscribe' to='juliet@localhost'/>");
		expect(kinds(romeo.take())).toContain("presence subscribed");
		expect(juliet.take().filter(({ attrs }) => attrs.type === "subscribe")).toEqual([]);
		expect(roster(romeo)).toEqual({ "juliet@localhost": "to" });
	});

	it("goes to whom it is directed, and is taken back from there", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		const phone = world.phone("juliet@localhost/phone");
		phone.send("<presence/>");
		phone.send("<presence to='app.localhost/room'/>");
		phone.client.disconnect();
		expect(app.take().map(({ attrs }) => [attrs.type, attrs.to])).toEqual([
			[undefined, "app.localhost/room"], ["unavailable", "app.localhost/room"],
		]);
		const silent = world.phone("juliet@localhost/silent");
		silent.send("<presence to='app.localhost/room'/>");
		silent.client.loseConnection();
		expect(app.take().map(({ attrs }) => [attrs.type, attrs.to])).toEqual([
			[undefined, "app.localhost/room"], ["unavailable", "app.localhost/room"],
		]);
	});

	it("is answered by the host itself", () => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone");
		phone.send("<presence/>");
		phone.take();
		phone.send("<presence type='probe' to='localhost' id='p'/>");
		expect(phone.take().map(({ attrs }) => [attrs.from, attrs.id])).toEqual([["localhost", "p"]]);
	});
});

describe.each(HOST_NAMES)("rosters on %s", (host) => {
	it("are changed by clients, and the change is pushed to those who asked for the roster", () => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone");
		const desk = world.phone("juliet@localhost/desk");
		expect(roster(desk)).toEqual({});
		expect(desk.session().interested).toBe(true);
		phone.send(`<iq type='set' id='1'><query xmlns='${ROSTER}'><item jid='romeo@localhost' name='Romeo'>` +
			"<group>Montague</group><group>__proto__</group></item></query></iq>");
		expect(kinds(phone.take())).toEqual(["iq result"]);
		const [push] = desk.take();
		const item = child(child(push, "query", ROSTER), "item");
		expect(item?.attrs).toMatchObject({ jid: "romeo@localhost", name: "Romeo", subscription: "none" });
		expect(item?.getChildElements().map(({ children }) => children.join("")).sort()).toEqual(["Montague", "__proto__"]);
		setItem(phone, "<item jid='romeo@localhost' subscription='remove'/>");
		expect(child(child(desk.take()[0], "query"), "item")?.attrs.subscription).toBe("remove");
		expect(roster(phone)).toEqual({});
	});

	it("refuse items that are none", () => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone");
		for (const items of [
			"", "<item jid='a@b'/><item jid='c@d'/>", "<item/>", "<item jid='romeo@localhost/orchard'/>",
			"<item jid='juliet@localhost'/>", "<item jid='romeo@localhost' subscription='remove'/>",
		]) {
			setItem(phone, items);
		}
		expect(phone.take().map(condition)).toEqual([
			"bad-request", "bad-request", "bad-request", "bad-request", "not-allowed", "item-not-found",
		]);
	});

	it("are sent again only to a client that has another version", () => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone");
		phone.send(`<iq type='get' id='1'><query xmlns='${ROSTER}' ver=''/></iq>`);
		const { ver } = child(phone.take()[0], "query")!.attrs;
		phone.send(`<iq type='get' id='2'><query xmlns='${ROSTER}' ver='${ver}'/></iq>`);
		expect(phone.take()[0]!.children).toEqual([]);
	});

	it("survive a restart, where core.rostermanager finds them", () => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone");
		for (const jid of ["romeo@localhost", "__proto__@localhost", "length"]) {
			setItem(phone, `<item jid='${jid}'/>`);
		}
		world.restart();
		const [stored] = world.host.require("core.rostermanager").load_roster("juliet", "localhost");
		expect(stored["romeo@localhost"]!.subscription).toBe("none");
		expect(roster(world.phone("juliet@localhost/phone"))).toEqual(Object.fromEntries(
			[["romeo@localhost", "none"], ["__proto__@localhost", "none"], ["length", "none"]],
		));
		expect(world.errors()).toEqual([]);
	});

	it("let go of subscriptions with an item that is removed", () => {
		const world = new World(host);
		const juliet = world.online("juliet@localhost/phone");
		const romeo = world.online("romeo@localhost/orchard");
		befriend(juliet, romeo);
		setItem(juliet, "<item jid='romeo@localhost' subscription='remove'/>");
		expect([roster(juliet), roster(romeo)]).toEqual([{}, { "juliet@localhost": "none" }]);
	});
});

describe.each(HOST_NAMES)("service discovery on %s", (host) => {
	const info = (to: string, node = "") =>
		`<iq type='get' id='d' ${to}><query xmlns='http://jabber.org/protocol/disco#info'${node}/></iq>`;
	const features = (iq: ReturnType<Phone["take"]>[number] | undefined) =>
		child(iq, "query")!.getChildElements().filter(({ name }) => name === "feature").map(({ attrs }) => attrs.var);

	it("tells the server's features, those of modules included", () => {
		const world = new World(host);
		world.load("probe", (module) => module.add_feature("urn:example:feature"));
		const phone = world.phone("juliet@localhost/phone");
		phone.send(info("to='localhost'"));
		const [answer] = phone.take();
		const identity = child(child(answer, "query"), "identity");
		expect(identity?.attrs).toMatchObject({ category: "server", type: "im", name: "Prosody" });
		expect(features(answer)).toEqual(expect.arrayContaining([
			"http://jabber.org/protocol/disco#info", "urn:xmpp:carbons:2", "urn:xmpp:ping", "msgoffline", "urn:example:feature",
		]));
		world.host.unload("probe");
		phone.send(info("to='localhost'"));
		expect(features(phone.take()[0])).not.toContain("urn:example:feature");
		phone.send(info("to='localhost'", " node='unknown'"));
		expect(phone.take().map(condition)).toEqual(["item-not-found"]);
	});

	it("tells the account's features to itself and its contacts, which modules add to", () => {
		const world = new World(host);
		world.load("probe", (module) => {
			module.hook("account-disco-info", ({ reply, origin }) => {
				reply.tag("feature", { var: `urn:example:${origin.username}` }).up();
			});
		});
		const phone = world.online("juliet@localhost/phone");
		phone.send(info(""));
		const [own] = phone.take();
		expect(own?.attrs.from).toBe("juliet@localhost");
		expect(child(child(own, "query"), "identity")?.attrs).toMatchObject({ category: "account", type: "registered" });
		expect(features(own)).toEqual(expect.arrayContaining(["urn:xmpp:mam:2", "urn:xmpp:sid:0", "urn:example:juliet"]));
		const romeo = world.online("romeo@localhost/orchard");
		romeo.send(info("to='juliet@localhost'"));
		expect(romeo.take().map(condition)).toEqual(["service-unavailable"]);
		befriend(phone, romeo);
		romeo.take();
		romeo.send(info("to='juliet@localhost'"));
		expect(features(romeo.take()[0])).toContain("urn:xmpp:mam:2");
		phone.take();
		phone.send(info("", " node='unknown'"));
		expect(phone.take().map(condition)).toEqual(["item-not-found"]);
	});

	it("tells of accounts that they answer, as 13.0 does", () => {
		const own = (series: "0.12" | "13.0") => {
			const phone = new World(host, {}, undefined, series).phone("juliet@localhost/phone");
			phone.send(info(""));
			return features(phone.take()[0]);
		};
		const disco = ["http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items"];
		expect(own("13.0")).toEqual([...disco, ...own("0.12")]);
	});

	it("lists components, and answers pings", () => {
		const world = new World(host);
		world.app("app.localhost");
		const phone = world.phone("juliet@localhost/phone");
		phone.send("<iq type='get' id='i' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>");
		expect(child(phone.take()[0], "query")!.getChildElements().map(({ attrs }) => attrs.jid)).toEqual(["app.localhost"]);
		for (const to of ["to='localhost'", ""]) phone.send(`<iq type='get' id='p' ${to}><ping xmlns='urn:xmpp:ping'/></iq>`);
		expect(kinds(phone.take())).toEqual(["iq result", "iq result"]);
	});
});

describe.each(HOST_NAMES)("several sessions of an account, on %s", (host) => {
	it("are told of in the order in which they were bound, whatever their resources are called", () => {
		const world = new World(host);
		for (const resource of ["c", "10", "a", "9"]) world.phone(`juliet@localhost/${resource}`).send("<presence/>");
		const newcomer = world.phone("juliet@localhost/b");
		newcomer.send("<presence/>");
		expect(newcomer.take().map(({ attrs }) => attrs.from).filter((from) => from !== "juliet@localhost/b"))
			.toEqual(["c", "10", "a", "9"].map((resource) => `juliet@localhost/${resource}`));
	});
});
