import { describe, expect, it } from "vitest";
import { READ_TIMEOUT } from "../../bridge/server/pipe";
import { HOST_NAMES, START, World, child, condition, kinds } from "./world";
import type { Phone } from "./world";
import type { Session, Stanza } from "../../bridge/api";
import { createStreamQueue } from "../../bridge/server/mod_smacks/smqueue";

const SM = "urn:xmpp:sm:3";
const hi = (id: string, attrs = "to='juliet@localhost' type='chat'", extra = "") =>
	`<message ${attrs} id='${id}'><body>Hi</body>${extra}</message>`;
const ids = (phone: Phone) => phone.take().map(({ attrs }) => attrs.id);
const count = (wire: readonly string[], name: string) => wire.filter((xml) => xml.startsWith(`<${name} `)).length;

/** Notes down what mod_smacks tells. */
function watch(world: World): string[] {
	const events: string[] = [];
	const at = () => world.clock.now() - START;
	const queued = (queue: readonly Stanza[]) => [...queue].map((stanza) => stanza.attr.id ?? stanza.name).join(" ");
	world.load("watch", (module) => {
		module.hook("smacks-ack-delayed", ({ origin, queue, stanza }) => {
			events.push(`${at()} ack-delayed ${origin.resource} [${queued(queue)}] ${stanza?.attr.id}`);
		});
		module.hook("smacks-hibernation-start", ({ origin, queue }) => {
			events.push(`${at()} start ${origin.resource} [${queued(queue)}]`);
		});
		module.hook("smacks-hibernation-stanza-queued", ({ origin, queue, stanza }) => {
			events.push(`${at()} queued ${origin.resource} [${queued(queue)}] ${stanza.attr.id}`);
		});
		module.hook("smacks-hibernation-end", ({ origin, resumed, queue }) => {
			events.push(`${at()} end ${resumed?.resource} [${queued(queue)}] ${origin === resumed}`);
		});
		module.hook("delivery/failure", ({ session, stanza }) => {
			events.push(`${at()} failure ${session.full_jid} ${stanza.attr.id ?? stanza.name}`);
		}, 10);
	});
	return events;
}

describe.each(HOST_NAMES)("the queue of unacknowledged stanzas on %s", (host) => {
	it("counts on when it drops the oldest", () => {
		const world = new World(host);
		const st = world.host.require("util.stanza");
		const queue = createStreamQueue(world.host, 2);
		const stanzas = ["a", "b", "c", "d"].map((id) => st.message({ id }));
		for (const stanza of stanzas.slice(0, 3)) queue.push(stanza);
		expect([queue.count_unacked(), queue.count_acked(), queue.resumable()]).toEqual([3, 0, false]);
		expect([...queue.table()]).toEqual(stanzas.slice(1, 3));
		expect(queue.ack(4)).toBe("head");
		expect(queue.ack(1)).toEqual([]);
		expect(queue.resumable()).toBe(true);
		expect(queue.ack(0)).toBe("tail");
		expect(queue.ack(2)).toEqual([stanzas[1]]);
		queue.push(stanzas[3]!);
		expect([queue.count_unacked(), queue.count_acked()]).toEqual([2, 2]);
		expect(queue.consume()).toEqual(stanzas.slice(2));
		expect([...queue.table()]).toEqual([]);
		expect(() => createStreamQueue(world.host, 0)).toThrow("smacks_max_queue_size");
	});
});

describe.each(HOST_NAMES)("stream management on %s", (host) => {
	it("is enabled after binding, with a token to resume by or without", () => {
		const world = new World(host, { smacks_hibernation_time: "120" });
		const phone = world.phone("juliet@localhost/phone", { smacks: "resume" });
		const session = phone.session();
		expect(phone.wire[0]).toMatch(/^<enabled /);
		expect(phone.wire[0]).toContain("max='120'");
		expect(phone.wire[0]).toContain("resume='true'");
		expect(phone.wire[0]).toContain(`id='${session.resumption_token}'`);
		expect(session.smacks).toBe(SM);
		expect(session.handled_stanza_count).toBe(0);
		const plain = world.phone("juliet@localhost/plain", { smacks: "yes" });
		expect(plain.session().smacks).toBe(SM);
		expect(plain.session().resumption_token).toBeUndefined();
		expect(plain.wire[0]).not.toContain("id=");
		phone.send(`<enable xmlns='${SM}'/>`);
		expect(phone.wire.at(-1)).toMatch(/^<failed .*<unexpected-request /);
	});

	it("asks for acknowledgement after every batch, and forgets what is acknowledged", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.phone("romeo@localhost/orchard");
		const before = count(phone.wire, "r");
		romeo.send(hi("1"));
		expect(ids(phone)).toEqual(["1"]);
		expect(count(phone.wire, "r")).toBe(before + 1);
		expect(phone.session().outgoing_stanza_queue!.count_unacked()).toBe(0);
		expect(phone.session().awaiting_ack).toBeUndefined();
		phone.client.stopAcknowledging();
		romeo.send(hi("2"));
		romeo.send(hi("3"));
		expect(count(phone.wire, "r")).toBe(before + 2);
		expect(phone.session().awaiting_ack).toBe(true);
		const queue = phone.session().outgoing_stanza_queue!;
		expect(queue.count_unacked()).toBe(2);
		const [queued] = [...queue.table()];
		expect(queued!.attr.id).toBe("2");
		expect(queued!.get_child("delay", "urn:xmpp:delay")!.attr).toMatchObject({
			from: "juliet@localhost", stamp: "2024-01-01T00:00:00Z",
		});
		phone.client.acknowledge();
		expect(queue.count_unacked()).toBe(0);
	});

	it("counts what the client sent, and tells on request and at the end", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		phone.send("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
		phone.send(`<r xmlns='${SM}'/>`);
		expect(phone.wire.filter((xml) => xml.startsWith("<a ")).at(-1)).toContain("h='2'");
		phone.wire.length = 0;
		phone.client.disconnect();
		expect(phone.wire.filter((xml) => xml.startsWith("<a "))).toHaveLength(1);
	});

	it("fires smacks-ack-delayed when no answer comes for smacks_max_ack_delay seconds", () => {
		const world = new World(host);
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.phone("romeo@localhost/orchard");
		phone.client.stopAcknowledging();
		romeo.send(hi("1"));
		world.pass(10);
		romeo.send(hi("2"));
		world.pass(19);
		expect(events).toEqual([]);
		world.pass(1);
		expect(events).toEqual(["30 ack-delayed phone [1 2] undefined"]);
		world.pass(60);
		expect(events).toHaveLength(1);
		phone.client.acknowledge();
		phone.client.stopAcknowledging();
		romeo.send(hi("3"));
		phone.client.acknowledge();
		world.pass(60);
		expect(events).toHaveLength(1);
	});

	it.each([
		["10", ["10 ack-delayed phone [1] undefined"]], ["0", []],
	])("takes %s for smacks_max_ack_delay", (delay, expected) => {
		const world = new World(host, { smacks_max_ack_delay: delay });
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		phone.client.stopAcknowledging();
		world.phone("romeo@localhost/orchard").send(hi("1"));
		world.pass(60);
		expect(events).toEqual(expected);
	});

	it("asks only above smacks_max_unacked_stanzas", () => {
		const world = new World(host, { smacks_max_unacked_stanzas: "2" });
		const phone = world.phone("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.phone("romeo@localhost/orchard");
		for (const id of ["1", "2"]) romeo.send(hi(id, "to='juliet@localhost/phone' type='chat'"));
		expect(count(phone.wire, "r")).toBe(0);
		romeo.send(hi("3", "to='juliet@localhost/phone' type='chat'"));
		expect(count(phone.wire, "r")).toBe(1);
	});

	it.each([
		["h='7'", "undefined-condition"], ["h='-1'", "undefined-condition"],
		["h='many'", "invalid-xml"], ["", "invalid-xml"],
	])("ends the stream on an acknowledgement with %s", (h, error) => {
		const world = new World(host);
		const phone = world.phone("juliet@localhost/phone", { smacks: "resume" });
		phone.send(`<a xmlns='${SM}' ${h}/>`);
		expect(phone.closed).toEqual([error]);
		expect(Object.keys(world.host.prosody.full_sessions)).toEqual([]);
		expect(world.errors()).toEqual([]);
	});

	it("hibernates when the connection is lost, and stays where messages go", () => {
		const world = new World(host);
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.online("romeo@localhost/orchard");
		phone.client.stopAcknowledging();
		romeo.send(hi("1"));
		world.pass(5);
		const session = phone.session();
		phone.client.loseConnection();
		expect(session.hibernating).toBe(START + 5);
		expect(session.hibernating_watchdog!.timeout).toBe(600);
		expect(session.conn).toBeUndefined();
		const { prosody } = world.host;
		expect(prosody.full_sessions["juliet@localhost/phone"]).toBe(session);
		expect([...prosody.bare_sessions["juliet@localhost"]!.top_resources!]).toEqual([session]);
		world.pass(5);
		romeo.send(hi("2"));
		romeo.send(hi("3", "to='juliet@localhost/phone' type='chat'"));
		expect(romeo.take()).toEqual([]);
		expect(world.accounts.register("juliet").offline).toEqual([]);
		expect(events).toEqual(["5 start phone [1]", "10 queued phone [1 2] 2", "10 queued phone [1 2 3] 3"]);
		const [, second] = [...session.outgoing_stanza_queue!.table()];
		expect(second!.get_child("delay", "urn:xmpp:delay")!.attr.stamp).toBe("2024-01-01T00:00:10Z");
		world.pass(60);
		expect(events).toHaveLength(3);
	});

	it("goes on when the client resumes, and sends again what is missing", () => {
		const world = new World(host);
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.online("romeo@localhost/orchard");
		const session = phone.session();
		phone.client.loseConnection();
		romeo.send(hi("1"));
		romeo.send("<iq type='get' id='2' to='juliet@localhost/phone'><ping xmlns='urn:xmpp:ping'/></iq>");
		world.pass(30);
		events.length = 0;
		phone.take();
		phone.client.resume();
		expect(events).toEqual(["30 end phone [1 2] false"]);
		expect(phone.client.full_jid).toBe("juliet@localhost/phone");
		expect(phone.session()).toBe(session);
		expect(session.hibernating).toBeUndefined();
		expect(session.hibernating_watchdog).toBeUndefined();
		const [message, iq] = phone.take();
		expect([message?.attrs.id, iq?.attrs.id]).toEqual(["1", "2"]);
		expect(child(message, "delay", "urn:xmpp:delay")?.attrs.from).toBe("juliet@localhost");
		expect(child(iq, "delay")).toBeUndefined();
		expect(session.outgoing_stanza_queue!.count_unacked()).toBe(0);
		romeo.send(hi("3"));
		phone.send("<iq type='result' id='2' to='romeo@localhost/orchard'/>");
		expect(ids(phone)).toEqual(["3"]);
		expect(kinds(romeo.take())).toEqual(["iq result"]);
		world.pass(1000);
		expect(phone.client.connected).toBe(true);
		phone.client.loseConnection();
		romeo.send(hi("4"));
		phone.client.resume();
		expect(ids(phone)).toEqual(["4"]);
		expect(world.errors()).toEqual([]);
	});

	it("does not send again what came before the connection broke", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		phone.client.stopAcknowledging();
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(hi("1"));
		phone.client.loseConnection();
		romeo.send(hi("2"));
		expect(ids(phone)).toEqual(["1"]);
		phone.client.resume();
		expect(ids(phone)).toEqual(["2"]);
	});

	it("can take over from a connection that still stands", () => {
		const world = new World(host);
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const session = phone.session();
		const received: string[] = [];
		const connection = world.server.acceptClient({ username: "juliet", unbound: true }, {
			receive: (xml) => void received.push(xml),
			closed: () => undefined,
		});
		connection.send(`<resume xmlns='${SM}' previd='${session.resumption_token}' h='1'/>`);
		expect(phone.closed).toEqual([undefined]);
		expect(connection.full_jid).toBe("juliet@localhost/phone");
		world.phone("romeo@localhost/orchard").send(hi("1"));
		expect(received.filter((xml) => xml.startsWith("<message"))).toHaveLength(1);
		expect(events).toEqual(["0 end phone [] false"]);
		connection.close();
		expect(Object.keys(world.host.prosody.bare_sessions)).toEqual(["romeo@localhost"]);
	});

	it("ends with the watchdog: the last client's messages are kept, others come back", () => {
		const world = new World(host, { modules_disabled: "{ 'mam' }" });
		const events = watch(world);
		const handled: (string | undefined)[] = [];
		world.load("offline-watch", (module) => {
			module.hook("message/offline/handle", ({ origin, username, stanza }) => {
				handled.push(`${username} ${origin.full_jid} ${stanza.attr.id}`);
			}, 1);
		});
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.online("romeo@localhost/orchard");
		const session = phone.session();
		phone.client.loseConnection();
		romeo.send(hi("1"));
		romeo.send("<iq type='get' id='2' to='juliet@localhost/phone'><ping xmlns='urn:xmpp:ping'/></iq>");
		world.pass(600);
		expect(session.destroyed).toBeUndefined();
		world.pass(1);
		expect(session.destroyed).toBe(true);
		expect(events.slice(-2)).toEqual([
			"601 failure juliet@localhost/phone 1", "601 failure juliet@localhost/phone 2",
		]);
		expect(handled).toEqual(["juliet juliet@localhost/phone 1"]);
		expect(romeo.take().map((stanza) => [stanza.attrs.id, condition(stanza)])).toEqual([["2", "recipient-unavailable"]]);
		expect(world.accounts.register("juliet").offline).toHaveLength(1);
		expect(() => phone.client.resume()).toThrow("juliet@localhost/phone cannot resume its stream: item-not-found");
		expect(phone.wire.at(-1)).toMatch(/^<failed .*h='1'/);
	});

	it("bounces a message if the account has other clients", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		world.online("juliet@localhost/desk");
		const romeo = world.online("romeo@localhost/orchard");
		phone.client.loseConnection();
		romeo.send(hi("1", "to='juliet@localhost/phone' type='chat'"));
		world.pass(610);
		expect(romeo.take().map((stanza) => [stanza.attrs.id, condition(stanza)])).toEqual([["1", "recipient-unavailable"]]);
	});

	it("leaves to the archive what a client that reads it did not get", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.online("romeo@localhost/orchard");
		phone.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>");
		phone.client.loseConnection();
		romeo.send(hi("1"));
		world.pass(610);
		expect(romeo.take()).toEqual([]);
		expect(world.accounts.register("juliet").offline).toEqual([]);
		expect(world.accounts.register("juliet").archive).toHaveLength(1);
	});

	it("ends at once when the client closes its stream, and when there is no token", () => {
		const world = new World(host);
		const events = watch(world);
		const closing = world.online("juliet@localhost/closing", { smacks: "resume" });
		const plain = world.online("juliet@localhost/plain", { smacks: "yes" });
		const romeo = world.online("romeo@localhost/orchard");
		for (const phone of [closing, plain]) phone.client.stopAcknowledging();
		romeo.send(hi("1", "to='juliet@localhost/closing' type='chat'"));
		romeo.send(hi("2", "to='juliet@localhost/plain' type='chat'"));
		closing.client.disconnect();
		plain.client.loseConnection();
		expect(events.filter((event) => /failure.* \d$/.test(event))).toEqual([
			"0 failure juliet@localhost/closing 1", "0 failure juliet@localhost/plain 2",
		]);
		expect(events.some((event) => event.includes("start"))).toBe(false);
		expect(Object.keys(world.host.prosody.bare_sessions)).toEqual(["romeo@localhost"]);
	});

	it("gives way to a new session with the same resource", () => {
		const world = new World(host);
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const old = phone.session();
		phone.client.loseConnection();
		world.phone("romeo@localhost/orchard").send(hi("1"));
		phone.client.connect();
		expect(old.destroyed).toBe(true);
		expect(events).toEqual([
			"0 start phone []", "0 queued phone [1] 1", "0 failure juliet@localhost/phone 1",
		]);
		world.pass(700);
		expect(phone.session().destroyed).toBeUndefined();
	});

	it("fails with an error if too much went missing", () => {
		const world = new World(host, { smacks_max_queue_size: "2" });
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.phone("romeo@localhost/orchard");
		phone.client.loseConnection();
		for (const id of ["1", "2", "3"]) romeo.send(hi(id));
		expect(() => phone.client.resume()).toThrow("cannot resume");
		expect(phone.closed).toEqual(["resource-constraint"]);
		expect(world.errors()).toEqual([]);
	});

	it("does not resume a bound session, nor another account's stream, nor with a count that cannot be", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const token = phone.session().resumption_token;
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(`<resume xmlns='${SM}' previd='${token}' h='0'/>`);
		expect(romeo.wire.at(-1)).toMatch(/^<failed .*<unexpected-request /);
		const attempt = (username: string, attrs: string) => {
			const received: string[] = [];
			const closed: (string | undefined)[] = [];
			world.server.acceptClient({ username, unbound: true }, {
				receive: (xml) => void received.push(xml), closed: (error) => void closed.push(error),
			}).send(`<resume xmlns='${SM}' ${attrs}/>`);
			return [received.find((xml) => xml.startsWith("<failed ")), ...closed];
		};
		expect(attempt("romeo", `previd='${token}' h='0'`)[0]).toMatch(/^<failed .*<item-not-found /);
		expect(attempt("juliet", "h='0'")[0]).toMatch(/^<failed .*<item-not-found /);
		expect(attempt("juliet", "previd='__proto__' h='0'")[0]).toMatch(/^<failed .*<item-not-found /);
		const [answer, error] = attempt("juliet", `previd='${token}' h='99'`);
		expect(answer).toContain("h='1'");
		expect(error).toBe("undefined-condition");
		phone.client.connect();
		const again = phone.session().resumption_token;
		expect(attempt("juliet", `previd='${again}'`)[1]).toBe("invalid-xml");
		expect(world.host.prosody.full_sessions["juliet@localhost/phone"]).toBeUndefined();
		expect(world.errors()).toEqual([]);
	});

	it("asks a silent client for a sign of life, and lets go of one that is gone", () => {
		const world = new World(host);
		const events = watch(world);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		world.pass(READ_TIMEOUT);
		expect(phone.client.connected).toBe(true);
		phone.client.stopAcknowledging();
		world.pass(READ_TIMEOUT);
		expect(phone.client.connected).toBe(true);
		world.pass(READ_TIMEOUT);
		expect(phone.client.connected).toBe(false);
		expect(phone.closed).toEqual([undefined]);
		expect(events.at(-1)).toBe(`${3 * READ_TIMEOUT} start phone []`);
		phone.client.resume();
		expect(phone.client.connected).toBe(true);
	});

	it("tells after a restart what was handled, and keeps what was not acknowledged", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		phone.client.stopAcknowledging();
		world.phone("romeo@localhost/orchard").send(hi("1"));
		phone.take();
		world.restart();
		expect(phone.client.connected).toBe(false);
		expect(world.accounts.register("juliet").offline).toHaveLength(1);
		expect(() => phone.client.resume()).toThrow("item-not-found");
		expect(phone.wire.at(-1)).toMatch(/^<failed .*h='1'/);
		phone.client.connect();
		phone.send("<presence/>");
		expect(ids(phone)).toContain("1");
	});

	it("lets modules stretch a hibernation, and end it by the original callback", () => {
		const world = new World(host);
		world.load("stretch", (module, _prosody, require) => {
			module.hook("smacks-hibernation-start", ({ origin }) => {
				const watchdog = origin.hibernating_watchdog!;
				const callback = watchdog.callback;
				watchdog.cancel();
				origin.hibernating_watchdog = require("util.watchdog").new(3600, () => callback(watchdog));
			});
		});
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const session: Session = phone.session();
		phone.client.loseConnection();
		world.pass(3000);
		expect(session.destroyed).toBeUndefined();
		world.pass(700);
		expect(session.destroyed).toBe(true);
	});
});

describe.each(HOST_NAMES)("client state on %s", (host) => {
	const CSI = "urn:xmpp:csi:0";
	const inactive = `<inactive xmlns='${CSI}'/>`;
	const active = `<active xmlns='${CSI}'/>`;
	const note = (id: string, content = "<active xmlns='http://jabber.org/protocol/chatstates'/>") =>
		`<message to='juliet@localhost' type='chat' id='${id}'>${content}</message>`;

	it("holds back what is not important while a client is inactive, and lets go when it is active", () => {
		const world = new World(host);
		const events: string[] = [];
		world.load("probe", (module) => {
			module.hook("csi-client-inactive", ({ origin }) => void events.push(`inactive ${origin.state}`));
			module.hook("csi-client-active", ({ origin }) => void events.push(`active ${origin.state}`));
			module.hook("csi-flushing", ({ session }) => void events.push(`flushing ${session.state}`));
		});
		const phone = world.online("juliet@localhost/phone");
		const romeo = world.phone("romeo@localhost/orchard");
		phone.send(inactive);
		expect(phone.session().state).toBe("inactive");
		romeo.send(note("1"));
		romeo.send("<presence to='juliet@localhost/phone' id='2'/>");
		expect(phone.take()).toEqual([]);
		world.pass(60);
		phone.send(active);
		expect(phone.session().state).toBe("active");
		const [message, presence] = phone.take();
		expect([message?.attrs.id, presence?.attrs.id]).toEqual(["1", "2"]);
		expect(child(message, "delay", "urn:xmpp:delay")?.attrs).toMatchObject({
			from: "juliet@localhost", stamp: "2024-01-01T00:00:00Z",
		});
		expect(events).toEqual(["inactive inactive", "flushing flushing", "active active"]);
	});

	it("lets everything go with what is important, and stays open for a moment", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone");
		const romeo = world.phone("romeo@localhost/orchard");
		phone.send(inactive);
		romeo.send(note("1"));
		romeo.send(hi("2"));
		expect(ids(phone)).toEqual(["1", "2"]);
		expect(phone.session().state).toBe("flushing");
		romeo.send(note("3"));
		expect(ids(phone)).toEqual(["3"]);
		world.pass(5);
		expect(phone.session().state).toBe("inactive");
		romeo.send(note("4"));
		expect(phone.take()).toEqual([]);
		world.pass(60);
		expect(phone.take()).toEqual([]);
		phone.send("<iq type='get' id='5'><ping xmlns='urn:xmpp:ping'/></iq>");
		expect(ids(phone)).toEqual(["4", "5"]);
	});

	it.each([
		["a message with a body", hi("m"), true],
		["a subject", note("m", "<subject>Hi</subject>"), true],
		["an encrypted message", note("m", "<encryption xmlns='urn:xmpp:eme:0'/>"), true],
		["a call", note("m", "<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>"), true],
		["an invitation", note("m", "<x xmlns='jabber:x:conference' jid='a@b'/>"), true],
		["an IQ", "<iq type='get' id='m' to='juliet@localhost/phone'><ping xmlns='urn:xmpp:ping'/></iq>", true],
		["an error", "<message type='error' to='juliet@localhost/phone' id='m'><body/></message>", true],
		["a headline", "<message type='headline' to='juliet@localhost' id='m'><body>Hi</body></message>", false],
		["a chat state", note("m"), false],
		["presence", "<presence to='juliet@localhost/phone' id='m'/>", false],
		["a payload of one's choice", note("m", "<alarm xmlns='urn:example:alarm'/>"), true],
	])("decides on %s", (_what, xml, important) => {
		const world = new World(host, { csi_important_payloads: "{ '{urn:example:alarm}alarm' }" });
		const phone = world.online("juliet@localhost/phone");
		phone.send(inactive);
		world.phone("romeo@localhost/orchard").send(xml);
		expect(ids(phone)).toEqual(important ? ["m"] : []);
	});

	it("lets go when too much is held back", () => {
		const world = new World(host, { csi_queue_size: "2" });
		const phone = world.online("juliet@localhost/phone");
		const romeo = world.phone("romeo@localhost/orchard");
		phone.send(inactive);
		romeo.send(note("1"));
		romeo.send(note("2"));
		expect(phone.take()).toEqual([]);
		romeo.send(note("3"));
		expect(ids(phone)).toEqual(["1", "2", "3"]);
	});

	it("is not asked for acknowledgement of what is held back, but when it is let go", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.phone("romeo@localhost/orchard");
		phone.send(inactive);
		phone.wire.length = 0;
		romeo.send(note("1"));
		expect(phone.wire).toEqual([]);
		expect(phone.session().outgoing_stanza_queue!.count_unacked()).toBe(1);
		romeo.send(hi("2"));
		// Once for what was held back, and once more for what let it go.
		expect(count(phone.wire, "r")).toBe(2);
		expect(phone.session().outgoing_stanza_queue!.count_unacked()).toBe(0);
	});

	it("does not outlive the connection", () => {
		const world = new World(host);
		const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
		const romeo = world.phone("romeo@localhost/orchard");
		phone.send(inactive);
		romeo.send(note("1"));
		phone.client.loseConnection();
		phone.client.resume();
		expect(ids(phone)).toEqual(["1"]);
		world.pass(60);
		expect(world.errors()).toEqual([]);
	});
});

describe.each(HOST_NAMES)("the server that stops, on %s", (host) => {
	it("ends resumable sessions in the same order on every host, whatever the users are called", () => {
		const world = new World(host);
		const events = watch(world);
		for (const user of ["romeo", "7", "juliet", "12"]) {
			const phone = world.phone(`${user}@localhost/phone`, { smacks: "resume" });
			phone.client.stopAcknowledging();
			phone.session().send(world.host.require("util.stanza").message({ id: user }));
		}
		world.clock.advance(0);
		world.server.stop();
		expect(events.filter((event) => event.includes("failure")).map((event) => event.split(" ").at(-1)))
			.toEqual(["12", "7", "juliet", "romeo"]);
	});
});
