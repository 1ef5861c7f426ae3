import { describe, expect, it, vi } from "vitest";
import type { ModuleApi, Session, Stanza } from "../../bridge/api";
import { createTestMachine, HOSTILE_NAMES, START } from "./machine";
import { createNodeHost } from "../../bridge/node";

function setUp(options?: Record<string, string>) {
	const machine = createTestMachine(options);
	const host = createNodeHost(machine);
	let module!: ModuleApi;
	host.load("example", { typescript: (api) => void (module = api) });
	const st = host.require("util.stanza");
	const { events } = host.prosody.hosts.localhost!;
	return { machine, host, module, st, events, clock: machine.clock };
}

describe("logging", () => {
	it("goes to the machine under the module's name", () => {
		const { machine, module } = setUp();
		machine.clock.advance(1.5);
		module.log("warn", "%s has %d devices, not %s", "juliet", 2, undefined);
		expect(machine.entries).toEqual([
			{ at: START + 1.5, source: "localhost:example", level: "warn", message: "juliet has 2 devices, not (nil)" },
		]);
	});
});

describe("hooks", () => {
	it("are fired on the module's host, or globally", () => {
		const { host, module, events } = setUp();
		module.hook("a", () => "host");
		module.hook_global("a", () => "global");
		expect(module.fire_event("a", {})).toBe("host");
		expect(events.fire_event("a", {})).toBe("host");
		expect(host.prosody.events.fire_event("a", {})).toBe("global");
		module.hook("a", () => "first", 1);
		expect(module.fire_event("a", {})).toBe("first");
	});

	it("are unhooked", () => {
		const { module } = setUp();
		const handler = () => true;
		module.hook("a", handler);
		module.unhook("a", handler);
		module.unhook("a", handler);
		expect(module.fire_event("a", {})).toBeUndefined();
	});

	it("are let go of once, however often they were hooked", () => {
		const { host, module, events } = setUp();
		const remove_handler = vi.spyOn(events, "remove_handler");
		const handler = () => true;
		for (let times = 0; times < 3; times++) module.hook("a", handler);
		host.unload("example");
		expect(remove_handler.mock.calls).toEqual([["a", handler]]);
		expect(events.fire_event("a", {})).toBeUndefined();
	});

	it("take elements by namespace and name", () => {
		const { module, st } = setUp();
		const seen: unknown[] = [];
		module.hook_tag("urn:x", "a", (origin, stanza, event) => {
			seen.push(origin, stanza, event);
			return true;
		});
		module.hook_tag(undefined, "b", () => "b");
		const event = { origin: {} as Session, stanza: st.stanza("a", { xmlns: "urn:x" }) };
		expect(module.fire_event("stanza/urn:x:a", event)).toBe(true);
		expect(seen).toEqual([event.origin, event.stanza, event]);
		expect(module.fire_event("stanza/b", event)).toBe("b");
	});
});

describe("timers of a module", () => {
	it("run, stop and are put off", () => {
		const { module, clock } = setUp();
		const seen: string[] = [];
		module.add_timer(1, (now) => void seen.push(`a${now - START}`));
		const stopped = module.add_timer(1, () => void seen.push("b"));
		const later = module.add_timer(1, () => void seen.push("c"));
		const again = module.add_timer(1, () => {
			seen.push("d");
			return 1;
		});
		stopped.stop();
		later.reschedule(3.5);
		clock.advance(2);
		again.stop();
		stopped.reschedule(1);
		clock.advance(5);
		expect(seen).toEqual(["a1", "d", "d", "c"]);
	});

	it("do not go on when they unload their module", () => {
		const { host, module, clock } = setUp();
		let runs = 0;
		module.add_timer(1, () => {
			runs++;
			host.unload("example");
			return 1;
		});
		clock.advance(10);
		expect(runs).toBe(1);
		expect(clock.next_due()).toBe(Infinity);
	});
});

describe("items", () => {
	it("are announced and listed", () => {
		const { host, module, events } = setUp();
		const seen: unknown[] = [];
		for (const change of ["added", "removed"]) {
			events.add_handler(`item-${change}/feature`, (event: { item: unknown; source: unknown }) => {
				seen.push(change, event.item, event.source === module);
			});
		}
		module.add_feature("urn:a");
		module.add_item("feature", "urn:b");
		host.load("other", { typescript: (other) => other.add_feature("urn:c") });
		expect(module.get_host_items("feature")).toEqual(["urn:a", "urn:b", "urn:c"]);
		module.remove_item("feature", "urn:a");
		module.remove_item("feature", "urn:missing");
		module.remove_item("missing", "x");
		expect(module.get_host_items("feature")).toEqual(["urn:b", "urn:c"]);
		expect(module.get_host_items("missing")).toEqual([]);
		expect(seen).toEqual([
			"added", "urn:a", true, "added", "urn:b", true, "added", "urn:c", false, "removed", "urn:a", true,
		]);
	});

	it("have any key", () => {
		const { module } = setUp();
		for (const name of HOSTILE_NAMES) {
			expect(module.get_host_items(name)).toEqual([]);
			module.add_item(name, name);
			expect(module.get_host_items(name)).toEqual([name]);
		}
	});
});

describe("shared tables", () => {
	it("are the same for all that name them", () => {
		const { host, module } = setUp();
		const table = module.shared<Record<string, number>>("push_errors");
		table.__proto__ = 1;
		expect(Object.keys(table)).toEqual(["__proto__"]);
		expect(module.shared("push_errors")).toBe(table);
		expect(module.shared("/localhost/example/push_errors")).toBe(table);
		expect(module.shared("example/push_errors")).toBe(table);
		expect(module.shared("other")).not.toBe(table);
		host.load("other", { typescript: (other) => {
			expect(other.shared("push_errors")).not.toBe(table);
			expect(other.shared("example/push_errors")).toBe(table);
		} });
	});

	it("survive a reload", () => {
		const { host } = setUp();
		const counts: number[] = [];
		host.load("counter", { typescript: (module) => {
			const shared = module.shared<{ count?: number }>("state");
			shared.count = (shared.count ?? 0) + 1;
			counts.push(shared.count);
		} });
		host.reload("counter");
		expect(counts).toEqual([1, 2]);
	});
});

describe("stores", () => {
	it("are called like the module unless they are named", () => {
		const { module, machine } = setUp();
		module.open_store().set("juliet", { a: 1 });
		expect(machine.disk.read("localhost", "example", "juliet")).toContain("[\"a\"] = 1;");
		expect(module.open_store("example", "map").get("juliet", "a")[0]).toBe(1);
		expect(() => module.open_store("x", "archive" as "map")).toThrow("no stores of type");
	});
});

describe("sending", () => {
	it("is from the host unless there is an origin", () => {
		const { host, module, st } = setUp();
		const sent: unknown[] = [];
		host.prosody.core_post_stanza = (origin, stanza) => sent.push(origin, stanza);
		const origin = {} as Session;
		const stanza = st.message();
		module.send(stanza);
		module.send(stanza, origin);
		expect(sent).toEqual([host.prosody.hosts.localhost, stanza, origin, stanza]);
	});
});

describe("send_iq", () => {
	function withRouter(options?: Record<string, string>) {
		const given = setUp(options);
		const { host, module, st, events } = given;
		const sent: { origin: Session; stanza: Stanza }[] = [];
		host.prosody.core_post_stanza = (origin, stanza) => sent.push({ origin: origin as Session, stanza });
		const outcomes: unknown[] = [];
		const send = (attr: Record<string, string>, origin?: Session, timeout?: number) => {
			const stanza = st.iq({ type: "set", from: "localhost", to: "push.localhost", ...attr } as never);
			module.send_iq(stanza, origin, timeout).next((value) => outcomes.push(value), (reason) => outcomes.push(reason));
		};
		const answer = (id: string, attr: Record<string, string> = {}, event = `iq-${attr.type ?? "result"}/host/${id}`) =>
			events.fire_event(event, { origin: {}, stanza: st.iq({ type: "result", id, from: "push.localhost", ...attr }) });
		return { ...given, sent, outcomes, send, answer };
	}

	it("resolves with the answer", () => {
		const { send, answer, outcomes, sent } = withRouter();
		send({ id: "a" });
		expect(sent).toHaveLength(1);
		expect(outcomes).toEqual([]);
		expect(answer("a")).toBe(true);
		expect(outcomes).toMatchObject([{ stanza: { attr: { id: "a", type: "result" } }, origin: {} }]);
	});

	it("is rejected with an error", () => {
		const { send, events, outcomes, sent, st, host } = withRouter();
		send({ id: "a" });
		const error = st.error_reply(sent[0]!.stanza, "cancel", "item-not-found", "Gone");
		expect(events.fire_event("iq-error/host/a", { origin: {}, stanza: error })).toBe(true);
		expect(host.require("util.error").is_error(outcomes[0])).toBe(true);
		expect(outcomes).toMatchObject([
			{ type: "cancel", condition: "item-not-found", text: "Gone", context: { by: "push.localhost" } },
		]);
	});

	it("takes answers only from where it was sent, to this id", () => {
		const { send, answer, outcomes } = withRouter();
		send({ id: "a" });
		expect(answer("a", { from: "evil.localhost" })).toBeUndefined();
		expect(answer("a", { id: "b" })).toBeUndefined();
		expect(answer("a", { type: "get" }, "iq-result/host/a")).toBeUndefined();
		expect(outcomes).toEqual([]);
		expect(answer("a")).toBe(true);
	});

	it.each([
		["juliet@localhost", "iq-result/bare/a"], ["juliet@localhost/phone", "iq/full"], ["localhost/x", "iq-result/host/a"],
	])("from %s is answered by %s", (from, event) => {
		const { send, answer, outcomes } = withRouter();
		send({ id: "a", from });
		expect(answer("a", {}, event)).toBe(true);
		expect(outcomes).toHaveLength(1);
	});

	it("times out", () => {
		const { send, answer, outcomes, clock } = withRouter();
		send({ id: "a" });
		send({ id: "b" }, undefined, 10);
		clock.advance(10);
		expect(outcomes).toMatchObject([{ type: "wait", condition: "remote-server-timeout", text: "IQ stanza timed out" }]);
		clock.advance(110);
		expect(outcomes).toHaveLength(2);
		expect(answer("a")).toBeUndefined();
	});

	it("refuses an id that is waiting, without harm to the first", () => {
		const { send, answer, outcomes, sent } = withRouter();
		send({ id: "a" });
		send({ id: "a", to: "other.localhost" });
		expect(outcomes).toMatchObject([{ type: "modify", condition: "conflict" }]);
		expect(sent).toHaveLength(1);
		expect(answer("a")).toBe(true);
		expect(outcomes).toHaveLength(2);
		send({ id: "a" });
		expect(sent).toHaveLength(2);
	});

	it("leaves nothing behind", () => {
		const { send, answer, clock, outcomes } = withRouter();
		for (let count = 0; count < 1000; count++) {
			send({ id: `id${count}` });
			expect(answer(`id${count}`)).toBe(true);
			expect(answer(`id${count}`)).toBeUndefined();
		}
		expect(outcomes).toHaveLength(1000);
		expect(clock.next_due()).toBe(Infinity);
	});

	it("gives up the oldest of too many", () => {
		const { send, answer, outcomes } = withRouter();
		for (let count = 0; count < 257; count++) send({ id: `id${count}` });
		expect(outcomes).toMatchObject([{ type: "wait", condition: "resource-constraint" }]);
		expect(answer("id0")).toBeUndefined();
		expect(answer("id1")).toBe(true);
		expect(answer("id256")).toBe(true);
	});

	it("is answered by a local handler that replies to its origin", () => {
		const { send, sent, outcomes, st, clock } = withRouter();
		const replies: Stanza[] = [];
		const origin = { type: "c2s", username: "juliet", send: (stanza: Stanza) => {
			replies.push(stanza);
			return true;
		} } as Session;
		send({ id: "a" }, origin);
		const wrapped = sent[0]!.origin;
		expect(wrapped.username).toBe("juliet");
		wrapped.send(st.message({ id: "a" }));
		expect(outcomes).toEqual([]);
		const reply = st.reply(sent[0]!.stanza);
		expect(wrapped.send(reply)).toBe(true);
		expect(outcomes).toEqual([{ stanza: reply }]);
		expect(replies).toHaveLength(2);
		expect(clock.next_due()).toBe(Infinity);
	});

	it("is rejected if it cannot be sent, and then leaves nothing behind", () => {
		const { host, send, outcomes, clock } = withRouter();
		host.prosody.core_post_stanza = () => {
			throw new Error("broken");
		};
		send({ id: "a" });
		send({ id: "a" });
		expect(outcomes).toEqual([new Error("broken"), new Error("broken")]);
		expect(clock.next_due()).toBe(Infinity);
	});

	it("ends with its module", () => {
		const { host, send, answer, clock, outcomes } = withRouter();
		send({ id: "a" });
		host.unload("example");
		expect(answer("a")).toBeUndefined();
		clock.advance(200);
		expect(outcomes).toEqual([]);
		expect(clock.next_due()).toBe(Infinity);
	});

	it("takes any id", () => {
		for (const id of HOSTILE_NAMES) {
			const { send, answer, outcomes } = withRouter();
			send({ id });
			expect(answer(id)).toBe(true);
			expect(outcomes).toHaveLength(1);
		}
	});
});

describe("options of a module", () => {
	it("are the machine's", () => {
		const { module } = setUp({ push_max_devices: "'7'", push_max_hibernation_timeout: "72*3600" });
		expect(module.get_option_number("push_max_devices", 5)).toBe(7);
		expect(module.get_option_number("push_max_hibernation_timeout", 0)).toBe(259200);
		expect(module.get_option_boolean("push_notification_with_body", false)).toBe(false);
	});
});
