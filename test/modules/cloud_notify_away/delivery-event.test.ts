import { describe, expect, it } from "vitest";
import type { CloudNotifyDeliveryEvent } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/world";
import { AwayWorld } from "./away-world";

/** What no archive has. */
const UNARCHIVED = "<body>Hello</body><no-store xmlns='urn:xmpp:hints'/>";

/** `cloud_notify/delivery`, as `mod_cloud_notify` fires it for any module. */
describe.each(HOST_NAMES)("cloud_notify/delivery on %s", (host_name) => {
	it("tells what is about to be delivered, and to which registration", () => {
		const world = new AwayWorld(host_name);
		const phone = world.registered("<presence/>", "");
		world.register(world.phone("juliet@localhost/tablet"), 'away="true"', "n2");
		const seen: unknown[] = [];
		world.answer(({ original_stanza, username, push_info, reason }) => {
			seen.push({
				body: original_stanza.get_child_text("body"),
				from: original_stanza.attr.from,
				archived: original_stanza.get_child("stanza-id", "urn:xmpp:sid:0")?.attr.by,
				username,
				node: push_info.node,
				away: push_info.away,
				reason,
			});
			return undefined;
		});
		world.message();
		const told = {
			body: "Hello", from: "romeo@localhost/orchard", archived: "juliet@localhost", username: "juliet",
			reason: undefined,
		};
		expect(seen).toEqual([{ ...told, node: "n2", away: undefined }, { ...told, node: "n1", away: undefined }]);
		expect(world.pushed()).toEqual([]);
		expect(phone.take()).toHaveLength(1);
	});

	it("is fired after the archive has it and before copies are made for other sessions", () => {
		const world = new AwayWorld(host_name);
		world.registered("<presence/>", "");
		const order: string[] = [];
		world.load("order", (module) => {
			const note = (what: string) => (): undefined => void order.push(what);
			module.hook("archive-message-added", note("archived"));
			module.hook("cloud_notify/delivery", note("asked"));
			module.hook("carbons-should-copy", note("copied"));
		});
		world.message();
		// Before, it was archived and looked at for Romeo, who sent it.
		expect(order.slice(-3)).toEqual(["archived", "asked", "copied"]);
	});

	it("has pushed what a handler returns true for, and says why", () => {
		const world = new AwayWorld(host_name);
		const phone = world.registered("<presence/>", "");
		world.register(phone, "", "n2");
		world.answer((event) => {
			if (event.push_info.node !== "n1") return undefined;
			event.reason = "the user asked for it";
			return true;
		});
		world.message();
		expect(world.pushed()).toEqual(["n1"]);
		expect(world.messages_logged()).toContain("Pushing what is delivered for juliet@localhost: the user asked for it");
	});

	it("pushes for no reason, too", () => {
		const world = new AwayWorld(host_name);
		world.registered("<presence/>", "");
		world.answer(() => true);
		world.message();
		expect(world.pushed()).toEqual(["n1"]);
	});

	it.each([["nil", undefined], ["false", false]])("pushes nothing where the answer is %s", (_, answer) => {
		const world = new AwayWorld(host_name);
		world.registered("<presence/>", "");
		world.answer(() => answer);
		world.message();
		expect(world.pushed()).toEqual([]);
	});

	it("asks no other handler once one has answered", () => {
		const world = new AwayWorld(host_name);
		world.answer(() => false, 1);
		world.load_away();
		world.registered();
		world.message();
		expect(world.pushed()).toEqual([]);
	});

	const asked_for = (world: AwayWorld): string[] => {
		const bodies: string[] = [];
		world.answer(({ original_stanza }: CloudNotifyDeliveryEvent) => {
			bodies.push(original_stanza.get_child_text("body") ?? "");
			return undefined;
		});
		return bodies;
	};

	it("is fired for what is kept for those who are offline, and for nothing else", () => {
		const world = new AwayWorld(host_name);
		world.registered("<presence/>", "");
		const bodies = asked_for(world);
		for (const to of ["juliet@localhost", "juliet@localhost/phone", "juliet@localhost/nowhere"]) {
			for (const type of ["chat", "normal", "letter", "headline", "groupchat", "error"]) {
				world.message(`<body>${type}</body>`, `to="${to}" type="${type}"`);
			}
			world.message("<body>no type</body>", `to="${to}"`);
		}
		const kept = ["chat", "normal", "letter", "no type"];
		expect(bodies).toEqual([...kept, ...kept, ...kept]);
	});

	it("is not fired for an account without sessions, nor for one without registrations", () => {
		const world = new AwayWorld(host_name);
		const phone = world.registered("<presence/>", "");
		const bodies = asked_for(world);
		world.online("nurse@localhost/kitchen");
		world.message("<body>To another</body>", 'to="nurse@localhost" type="chat"');
		world.message("<body>To nobody</body>", 'to="friar@localhost" type="chat"');
		world.message("<body>To the host</body>", 'to="localhost" type="chat"');
		phone.client.disconnect();
		world.message();
		expect(bodies).toEqual([]);
		expect(world.pushed()).toEqual(["n1"]);
	});

	it("is not fired for what another module keeps from the account", () => {
		const world = new AwayWorld(host_name);
		world.load("blocklist", (module) => {
			for (const name of ["message/bare", "message/full"] as const) module.hook(name, () => true, 100);
		});
		world.registered("<presence/>", "");
		const bodies = asked_for(world);
		world.message();
		world.message("<body>Hello</body>", 'to="juliet@localhost/phone" type="chat"');
		expect(bodies).toEqual([]);
	});

	it("is fired for messages to oneself, however they are addressed", () => {
		const world = new AwayWorld(host_name);
		const phone = world.registered("<presence/>", "");
		const bodies = asked_for(world);
		phone.send('<message type="chat"><body>One</body></message>');
		phone.send('<message type="chat" to="juliet@localhost"><body>Two</body></message>');
		phone.send('<message type="chat" to="juliet@localhost/phone"><body>Three</body></message>');
		phone.send('<message type="chat" to="romeo@localhost"><body>To another</body></message>');
		world.pass(0);
		expect(bodies).toEqual(["One", "Two", "Three"]);
	});

	it("pushes once to a device that the archive was pushed to for", () => {
		const world = new AwayWorld(host_name);
		const phone = world.registered("<presence/>", "");
		phone.client.disconnect();
		world.online("juliet@localhost/laptop");
		world.answer(() => true);
		world.message();
		expect(world.pushed()).toEqual(["n1"]);
		world.message(UNARCHIVED);
		expect(world.pushed()).toEqual(["n1"]);
	});

	it("pushes what is sent twice under one id twice", () => {
		const world = new AwayWorld(host_name);
		world.registered("<presence/>", "");
		world.answer(() => true);
		for (const hint of ["store", "no-store"]) {
			for (let n = 0; n < 2; n++) {
				world.message(`<body>Hello</body><${hint} xmlns='urn:xmpp:hints'/>`, 'to="juliet@localhost" type="chat" id="m1"');
				expect(world.pushed()).toEqual(["n1"]);
			}
		}
	});

	it("knows no message by its id that waits in a queue and was not delivered before", () => {
		const world = new AwayWorld(host_name);
		const phone = world.resumable();
		phone.client.loseConnection();
		for (let n = 0; n < 2; n++) {
			world.message(UNARCHIVED, 'to="juliet@localhost" type="chat" id="m1"');
			world.pass(2);
			expect(world.pushed()).toEqual(["n1"]);
		}
	});

	it("tells messages apart that two senders gave the same id", () => {
		const world = new AwayWorld(host_name);
		const phone = world.resumable();
		phone.client.stopAcknowledging();
		world.answer(() => true);
		const message = (from: string): void => {
			world.message(UNARCHIVED, 'to="juliet@localhost" type="chat" id="m1"', from);
		};
		message("romeo@localhost/orchard");
		expect(world.pushed()).toEqual(["n1"]);
		world.host.unload("beside");
		phone.client.loseConnection();
		world.pass(2);
		expect(world.pushed()).toEqual([]);
		message("nurse@localhost/kitchen");
		world.pass(2);
		expect(world.pushed()).toEqual(["n1"]);
	});

	it("tells messages apart that have no id", () => {
		const world = new AwayWorld(host_name);
		const phone = world.resumable();
		world.answer(() => true);
		world.message(UNARCHIVED);
		expect(world.pushed()).toEqual(["n1"]);
		world.host.unload("beside");
		phone.client.loseConnection();
		world.message(UNARCHIVED);
		world.pass(2);
		expect(world.pushed()).toEqual(["n1"]);
	});

	it("tells messages apart that two users got under the same id", () => {
		const world = new AwayWorld(host_name);
		world.register(world.online("juliet@localhost/phone"));
		const other = world.resumable("nurse@localhost/phone");
		other.client.loseConnection();
		world.answer(({ username }) => username === "juliet" ? true : undefined);
		for (const to of ["juliet@localhost", "nurse@localhost"]) {
			world.message(UNARCHIVED, `to="${to}" type="chat" id="m1"`);
			world.pass(2);
			expect(world.pushed()).toEqual(["n1"]);
		}
	});

	it("lets handlers of cloud_notify/push block it, once and for all", () => {
		const world = new AwayWorld(host_name);
		const phone = world.phone("juliet@localhost/phone", { smacks: "resume" });
		world.register(phone);
		world.answer(() => true);
		let asked = 0;
		world.load("filter", (module) => module.hook("cloud_notify/push", () => {
			asked++;
			return true;
		}));
		phone.client.stopAcknowledging();
		world.message();
		phone.client.loseConnection();
		world.pass(2);
		expect(asked).toBe(1);
		expect(world.pushed()).toEqual([]);
	});

	it("is said to be there for as long as the module is loaded", () => {
		const world = new AwayWorld(host_name);
		let events = (): readonly unknown[] => [];
		world.load("beside", (module) => {
			events = () => module.get_host_items("cloud_notify-event");
		});
		expect([...events()]).toEqual(["cloud_notify/delivery"]);
		world.host.reload("cloud_notify");
		expect([...events()]).toEqual(["cloud_notify/delivery"]);
		world.host.unload("cloud_notify");
		expect([...events()]).toEqual([]);
	});
});
