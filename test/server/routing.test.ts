import { describe, expect, it } from "vitest";
import { HOST_NAMES, World, child, childText, condition, kinds } from "./world";

describe.each(HOST_NAMES)("routing on %s", (host) => {
	it("stamps stanzas with the sender's full JID", () => {
		const world = new World(host);
		const juliet = world.online("juliet@localhost/phone");
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send("<message to='juliet@localhost' from='nurse@localhost/kitchen' type='chat'><body>Hi</body></message>");
		const [message] = juliet.take();
		expect(message?.attrs.from).toBe("romeo@localhost/orchard");
		expect(childText(message, "body")).toBe("Hi");
		expect(world.errors()).toEqual([]);
	});

	it("answers IQs that are none", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<iq type='ask' id='1'><a xmlns='a'/></iq>");
		juliet.send("<iq type='get'><a xmlns='a'/></iq>");
		juliet.send("<iq type='get' id='3'/>");
		juliet.send("<iq type='set' id='4'><a xmlns='a'/><b xmlns='b'/></iq>");
		const answers = juliet.take();
		expect(answers.map(condition)).toEqual(Array(4).fill("bad-request"));
		expect(answers.map((answer) => childText(child(answer, "error"), "text"))).toEqual([
			"Invalid IQ type", "Missing required 'id' attribute",
			"Incorrect number of children for IQ stanza", "Incorrect number of children for IQ stanza",
		]);
	});

	it("refuses invalid destinations, and discards errors to them", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<message to='@localhost'><body>Hi</body></message>");
		juliet.send("<message to='@localhost' type='error'><body>Hi</body></message>");
		const answers = juliet.take();
		expect(answers.map(condition)).toEqual(["jid-malformed"]);
		expect(childText(child(answers[0], "error"), "text")).toBe("The destination address is invalid: @localhost");
	});

	it("answers what nobody handles with service-unavailable, and closes the stream on unknown elements", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<iq type='get' id='1'><query xmlns='unknown:namespace'/></iq>");
		juliet.send("<iq type='get' id='2' to='localhost'><query xmlns='unknown:namespace'/></iq>");
		juliet.send("<iq type='result' id='3' to='localhost'/>");
		expect(juliet.take().map(condition)).toEqual(["service-unavailable", "service-unavailable"]);
		juliet.send("<unknown xmlns='unknown:namespace'/>");
		expect(juliet.closed).toEqual(["unsupported-stanza-type"]);
	});

	it("fires events with Prosody's payloads, in Prosody's order", () => {
		const world = new World(host);
		const fired: string[] = [];
		world.load("probe", (module) => {
			for (const event of ["pre-stanza", "pre-message/bare", "message/bare", "message/offline/handle"] as const) {
				module.hook(event, ({ origin, stanza, to_self }: {
					origin: { full_jid?: string }; stanza: { attr: { to?: string } }; to_self?: boolean;
				}) => {
					fired.push(`${event} from ${origin.full_jid} to ${stanza.attr.to} self ${to_self}`);
				}, 1000);
			}
		});
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<message to='romeo@localhost' type='chat'><body>Hi</body></message>");
		juliet.send("<message to='juliet@localhost' type='error'><body>Hi</body></message>");
		const from = "from juliet@localhost/phone";
		expect(fired).toEqual([
			`pre-stanza ${from} to romeo@localhost self undefined`,
			`pre-message/bare ${from} to romeo@localhost self undefined`,
			`message/bare ${from} to romeo@localhost self undefined`,
			`message/offline/handle ${from} to romeo@localhost self undefined`,
			`pre-stanza ${from} to undefined self true`,
			`pre-message/bare ${from} to undefined self true`,
			`message/bare ${from} to undefined self true`,
		]);
	});

	it("lets a handler stop a stanza before it is processed", () => {
		const world = new World(host);
		world.load("wall", (module) => {
			module.hook("pre-stanza", ({ stanza }) => stanza.name === "message" ? true : undefined);
		});
		const juliet = world.online("juliet@localhost/phone");
		juliet.send("<message to='juliet@localhost/phone' type='chat'><body>Hi</body></message>");
		juliet.send("<iq to='juliet@localhost/phone' type='result' id='1'/>");
		expect(kinds(juliet.take())).toEqual(["iq result"]);
	});

	it("routes IQs between clients, and to self by what is in them", () => {
		const world = new World(host);
		const seen: string[] = [];
		world.load("probe", (module) => {
			module.hook("iq/self/a:query", ({ stanza }) => {
				seen.push(`iq/self ${stanza.attr.type}`);
			});
			module.hook("iq-set/self/a:query", ({ origin, stanza, to_self }) => {
				seen.push(`iq-set/self ${stanza.attr.type} ${to_self}`);
				return origin.send(stanza);
			});
			module.hook("iq-result/self/r1", () => {
				seen.push("iq-result/self/r1");
				return true;
			});
		});
		const juliet = world.phone("juliet@localhost/phone");
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send("<iq type='get' id='1' to='juliet@localhost/phone'><query xmlns='a'/></iq>");
		romeo.send("<iq type='get' id='2' to='juliet@localhost/gone'><query xmlns='a'/></iq>");
		romeo.send("<iq type='result' id='3' to='juliet@localhost/gone'/>");
		romeo.send("<iq type='set' id='4'><query xmlns='a'/></iq>");
		romeo.send("<iq type='result' id='r1'/>");
		expect(juliet.take().map(({ attrs }) => attrs.id)).toEqual(["1"]);
		const answers = romeo.take().map((iq) => [iq.attrs.id, condition(iq)]);
		expect(answers).toEqual([["2", "service-unavailable"], ["4", undefined]]);
		expect(seen).toEqual(["iq/self set", "iq-set/self set true", "iq-result/self/r1"]);
	});

	it("answers for servers that cannot be found", () => {
		const world = new World(host);
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<message to='tybalt@example.org' id='m' type='chat'><body>Hi</body></message>");
		juliet.send("<iq to='example.org' id='i' type='result'/>");
		expect(juliet.take()).toEqual([]);
		world.pass(0);
		const [bounce, ...others] = juliet.take();
		expect(others).toEqual([]);
		expect(bounce?.attrs).toMatchObject({
			from: "tybalt@example.org", to: "juliet@localhost/phone", id: "m", type: "error",
		});
		expect(child(bounce, "error")?.attrs).toEqual({ type: "cancel", by: "localhost" });
		expect(condition(bounce)).toBe("remote-server-not-found");
		expect(world.sent).toEqual([]);
	});

	it("asks a host in vain to close when its own answer is nothing that it knows", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		app.component.send("<letter from='app.localhost' to='example.org'/>");
		expect(app.take()).toEqual([]);
		expect(world.log.slice(-2)).toMatchObject([
			{
				source: "stanzarouter",
				message: "Unhandled component stream element or stanza: letter; xmlns=jabber:client",
			},
			{
				source: "hostmanager",
				message: "Attempt to close host session app.localhost with reason: unsupported-stanza-type",
			},
		]);
		expect(world.errors()).toEqual([]);
	});

	it("reports what the host itself sends, and answers that come back to it", () => {
		const world = new World(host);
		const answers: string[] = [];
		world.load("asker", (module, _prosody, require) => {
			const st = require("util.stanza");
			for (const [id, to] of [["q1", "app.localhost"], ["q2", "app.example.org"]] as const) {
				module.hook(`iq-result/host/${id}`, ({ stanza }) => {
					answers.push(`result ${stanza.attr.from}`);
					return true;
				});
				module.hook(`iq-error/host/${id}`, ({ stanza }) => {
					const [type, error] = stanza.get_error();
					answers.push(`error ${stanza.attr.from} ${type} ${error}`);
					return true;
				});
				module.hook(`ask-${id}`, () => {
					module.send(st.iq({ type: "get", id, to, from: module.host }).tag("query", { xmlns: "a" }));
				});
			}
		});
		const app = world.app("app.localhost");
		world.server.fire("ask-q1", {});
		world.server.fire("ask-q2", {});
		expect(kinds(app.take())).toEqual(["iq get"]);
		expect(world.sent.map(({ to, from, reached }) => ({ to, from, reached }))).toEqual([
			{ to: "app.localhost", from: "localhost", reached: true },
			{ to: "app.example.org", from: "localhost", reached: false },
		]);
		world.pass(0);
		expect(answers.sort()).toEqual([
			"error app.example.org cancel remote-server-not-found", "result app.localhost",
		]);
	});

	it("reports what the host itself answers a component", () => {
		const world = new World(host);
		const app = world.app("app.localhost");
		app.component.send("<iq type='get' id='1' from='app.localhost' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
		app.component.send("<message id='2' from='app.localhost' to='nobody@localhost' type='chat'/>");
		expect(app.take().map(({ attrs }) => attrs.from)).toEqual(["localhost", "nobody@localhost"]);
		expect(world.sent.map(({ to, from, reached }) => ({ to, from, reached }))).toEqual([
			{ to: "app.localhost", from: "localhost", reached: true },
		]);
	});

	it("survives a handler that fails, and logs its traceback", () => {
		const world = new World(host);
		world.load("broken", (module) => {
			module.hook("iq-get/self/a:query", () => {
				throw new Error("a fault of the module's own");
			});
		});
		const juliet = world.phone("juliet@localhost/phone");
		juliet.send("<iq type='get' id='1'><query xmlns='a'/></iq>");
		juliet.send("<iq type='get' id='2'><query xmlns='b'/></iq>");
		expect(juliet.take().map(({ attrs }) => attrs.id)).toEqual(["2"]);
		expect(world.errors().join()).toContain("a fault of the module's own");
	});
});
