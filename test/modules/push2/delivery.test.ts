import { describe, expect, it } from "vitest";
import { child, childText, HOST_NAMES } from "../../server/world";
import { CONDITION, Deliveries, HOUR, REMEMBERED, SERVICE } from "./deliveries";

const DAY = 24 * HOUR;

describe.each(HOST_NAMES)("delivery of mod_push2 on %s", (host_name) => {
	describe("retries", () => {
		it("sends a push again, with a new id, after an error of type wait", () => {
			const set = new Deliveries(host_name);
			const id = set.push("high");
			const [first] = set.service.take();
			set.answer(id);
			const { push, after } = set.next(60);
			expect(after).toBeGreaterThanOrEqual(15);
			expect(after).toBeLessThanOrEqual(46);
			expect(push.attrs.id).not.toBe(id);
			push.attrs.id = id;
			expect(String(push)).toBe(String(first));
			expect(set.during(HOUR)).toEqual([]);
		});

		it.each(["auth", "cancel", "continue", "modify", "WAIT", ""])("sends nothing again after an error of type '%s'", (type) => {
			const set = new Deliveries(host_name);
			set.answer(set.push(), type);
			set.service.take();
			expect(set.during(2 * HOUR)).toEqual([]);
			expect(set.left).toEqual([]);
		});

		it("sends nothing again after an error that says nothing", () => {
			const set = new Deliveries(host_name);
			set.answer(set.push(), "", "");
			set.service.take();
			expect(set.during(2 * HOUR)).toEqual([]);
			expect(set.left).toEqual([]);
			expect(set.stored()).toContain("failing_since");
		});

		it("waits twice as long each time, but no longer than 15 minutes, and gives up in the end", () => {
			const set = new Deliveries(host_name, { max_retries: 8, max_retry_age: DAY });
			const ids = new Set<string>();
			let id = set.push();
			set.service.take();
			for (const delay of [30, 60, 120, 240, 480, 900, 900, 900]) {
				ids.add(id);
				set.answer(id);
				const { push, after } = set.next(1.5 * delay + 1);
				expect(after).toBeGreaterThanOrEqual(0.5 * delay);
				id = push.attrs.id!;
			}
			expect(ids.size).toBe(8);
			expect(ids.has(id)).toBe(false);
			set.answer(id);
			expect(set.during(DAY)).toEqual([]);
		});

		it("waits by chance between half and one and a half times as long", () => {
			const set = new Deliveries(host_name, { retry_delay: 800 });
			const waited: number[] = [];
			for (let count = 0; count < 60; count++) {
				set.answer(set.push());
				set.service.take();
				waited.push(set.next(1201).after);
			}
			expect(Math.min(...waited)).toBeGreaterThanOrEqual(400);
			expect(Math.min(...waited)).toBeLessThan(480);
			expect(Math.max(...waited)).toBeLessThanOrEqual(1201);
			expect(Math.max(...waited)).toBeGreaterThan(1120);
			const mean = waited.reduce((sum, seconds) => sum + seconds) / waited.length;
			expect(mean).toBeGreaterThan(700);
			expect(mean).toBeLessThan(900);
		});

		it.each([0, -5])("waits for a second, more or less, where it should wait for %d", (retry_delay) => {
			const set = new Deliveries(host_name, { retry_delay });
			const start = set.world.clock.now();
			set.answer(set.push());
			set.service.take();
			expect(set.world.clock.next_due()).toBeGreaterThanOrEqual(0.5);
			expect(set.during(2)).toHaveLength(1);
			expect(set.world.clock.now()).toBe(start + 2);
		});

		it.each([0, -1])("never sends again where %d retries are wanted", (max_retries) => {
			const set = new Deliveries(host_name, { max_retries });
			set.answer(set.push());
			set.service.take();
			expect(set.during(2 * HOUR)).toEqual([]);
		});

		it("sends no push again that is too old by then", () => {
			const set = new Deliveries(host_name, { max_retries: 1000, retry_delay: 300, max_retry_age: HOUR });
			const start = set.world.clock.now();
			let id = set.push();
			set.service.take();
			let last = start;
			for (;;) {
				set.answer(id);
				set.world.pass(1);
				if (set.world.log.at(-1)!.message.includes("too old")) break;
				id = set.next(1400).push.attrs.id!;
				last = set.world.clock.now();
			}
			expect(last - start).toBeGreaterThan(HOUR / 4);
			expect(last - start).toBeLessThanOrEqual(HOUR + 1);
			expect(set.during(DAY)).toEqual([]);
		});

		it("sends the newest push instead of one that waits", () => {
			const set = new Deliveries(host_name);
			set.answer(set.push("low"));
			const second = set.push("high");
			set.service.take();
			expect(set.during(60)).toEqual([]);
			set.answer(second);
			expect(set.during(60)).toEqual(["high"]);
		});

		it("sends no push again after which another was sent", () => {
			const set = new Deliveries(host_name);
			const first = set.push("low");
			const second = set.push("high");
			set.service.take();
			set.answer(second);
			set.answer(first);
			expect(set.during(60)).toEqual(["high"]);
			expect(set.left).toEqual([]);
		});

		it("keeps one waiting push for each registration", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			set.answer(set.push("low"));
			set.answer(set.push("high", "romeo"));
			set.service.take();
			expect(set.during(60).sort()).toEqual(["high", "low"]);
		});

		it("lets 1,000 registrations wait, and gives up the one that waits longest", () => {
			const set = new Deliveries(host_name);
			for (let count = 0; count <= 1000; count++) {
				set.register(`user${count}`);
				set.answer(set.push(`${count}`, `user${count}`));
			}
			expect(set.service.take().length).toBe(1001);
			const retried = set.during(60);
			expect(retried).toHaveLength(1000);
			expect(retried).not.toContain("0");
			expect(retried).toContain("1");
			expect(set.log()).toContain("Too many pushes wait: not retrying the one for user0@localhost ('phone')");
		});

		it("knows after a reload which push waits longest", () => {
			const set = new Deliveries(host_name);
			for (let count = 0; count <= 1000; count++) {
				if (count === 1000) set.world.host.reload("push2");
				set.register(`user${count}`);
				set.answer(set.push(`${count}`, `user${count}`));
			}
			set.service.take();
			const retried = set.during(60);
			expect(retried).toHaveLength(1000);
			expect(retried).not.toContain("0");
		});

		it("keeps a push that waits across a reload, and sends it when it would have been", () => {
			const [stays, reloaded] = [true, false].map((stays) => {
				const set = new Deliveries(host_name);
				set.answer(set.push("high"));
				set.service.take();
				set.world.pass(10);
				if (!stays) set.world.host.reload("push2");
				const { push, after } = set.next(60);
				expect(childText(child(push, "notification"), "priority")).toBe("high");
				expect(set.during(HOUR)).toEqual([]);
				return after;
			});
			expect(reloaded).toBe(stays);
		});

		it("goes on counting retries after a reload", () => {
			const set = new Deliveries(host_name, { max_retries: 1 });
			set.answer(set.push());
			set.service.take();
			set.world.host.reload("push2");
			const { push } = set.next(60);
			set.world.host.reload("push2");
			set.answer(push.attrs.id!);
			expect(set.during(HOUR)).toEqual([]);
		});

		it("replaces and forgets after a reload what waited before", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			set.answer(set.push("low"));
			set.answer(set.push("low", "romeo"));
			set.world.host.reload("push2");
			set.push("high");
			set.delivery.forget("romeo", "phone");
			set.world.host.reload("push2");
			set.service.take();
			expect(set.during(HOUR)).toEqual([]);
		});

		it("says in the log whose they are", () => {
			const set = new Deliveries(host_name, { max_retries: 1, retry_delay: 1000, max_retry_age: 2000 });
			set.answer(set.push());
			set.service.take();
			expect(set.log().some((line) => /^Retrying a push for juliet@localhost \('phone'\) in \d+ seconds$/.test(line))).toBe(true);
			const id = set.next(1501).push.attrs.id!;
			set.answer(id);
			expect(set.log()).toContain("Not retrying a push for juliet@localhost ('phone') that was sent 2 times");
			const late = set.push();
			set.world.pass(2000);
			set.answer(late);
			expect(set.log()).toContain("Not retrying a push for juliet@localhost ('phone') that would be too old then");
		});

		it("leaves the message that was sent before as it was", () => {
			const set = new Deliveries(host_name);
			const st = set.world.host.require("util.stanza");
			const registration = set.registrations.get("juliet", "phone")!;
			const message = st.message({ to: SERVICE, from: "localhost", id: "own" });
			set.delivery.send("juliet", { identifier: "phone", registration }, message);
			set.answer("own");
			set.service.take();
			expect(set.during(60)).toHaveLength(1);
			expect(message.attr.id).toBe("own");
		});

		it("sends nothing while it is not loaded, and nothing too old when it is again", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			set.answer(set.push("low"));
			set.service.take();
			set.world.host.unload("push2");
			expect(set.during(HOUR / 2)).toEqual([]);
			set.world.host.unload("others");
			set.load();
			expect(set.during(1)).toEqual(["low"]);
			set.answer(set.push("high", "romeo"));
			set.service.take();
			set.world.host.unload("push2");
			expect(set.during(HOUR + 1)).toEqual([]);
			set.world.host.unload("others");
			set.load();
			expect(set.during(HOUR)).toEqual([]);
		});
	});

	describe("errors", () => {
		it("leaves to others what it has no push for", () => {
			const set = new Deliveries(host_name);
			const id = set.push();
			set.answer("elsewhere");
			set.answer("__proto__");
			set.world.app("other.localhost").component.send(
				`<message type="error" id="${id}" from="other.localhost" to="localhost"><error type="wait">${CONDITION}</error></message>`);
			set.world.pass(0);
			set.answer(id, "wait", undefined, `pusher@${SERVICE}`);
			set.service.component.send(`<message id="${id}" from="${SERVICE}" to="localhost"/>`);
			set.world.pass(0);
			expect(set.left).toEqual(["elsewhere", "__proto__", id, id, id]);
			set.service.take();
			expect(set.during(HOUR)).toEqual([]);
			expect(set.stored()).not.toContain("failing_since");
		});

		it("heeds an error once", () => {
			const set = new Deliveries(host_name);
			const id = set.push();
			set.answer(id);
			set.answer(id);
			set.service.take();
			expect(set.left).toEqual([id]);
			expect(set.during(HOUR)).toHaveLength(1);
		});

		it("knows a service by any spelling of its address", () => {
			const set = new Deliveries(host_name);
			set.register("juliet", `Pusher@${SERVICE}`);
			set.answer(set.push("high"), "wait", undefined, `pusher@${SERVICE}`);
			set.service.take();
			expect(set.during(60)).toEqual(["high"]);
		});

		it("heeds the errors of the server itself: a component that is not connected", () => {
			const set = new Deliveries(host_name);
			set.service.component.disconnect();
			set.world.pass(0);
			set.push("high");
			set.service.component.connect();
			expect(set.during(60)).toEqual(["high"]);
		});

		it("heeds the errors of the server itself: a server that cannot be found", () => {
			const set = new Deliveries(host_name);
			set.register("juliet", "push.example.com");
			set.push();
			set.world.pass(1);
			expect(set.world.sent.map(({ to }) => to)).toEqual(["push.example.com"]);
			expect(set.log()).toContain("Got error <cancel:remote-server-not-found:"
				+ "Server-to-server connection failed: unable to resolve service> from push.example.com for juliet@localhost ('phone')");
			expect(set.left).toEqual([]);
			set.world.pass(HOUR);
			expect(set.world.sent).toHaveLength(1);
			expect(set.stored()).toContain("failing_since");
		});

		it("remembers the last 10,000 pushes", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			const first = set.push();
			const second = set.push("low", "romeo");
			set.flood(REMEMBERED - 1, "juliet");
			set.service.take();
			set.answer(first);
			set.answer(second);
			expect(set.left).toEqual([first]);
			expect(set.during(60)).toEqual(["low"]);
		});

		it("remembers pushes across a reload", () => {
			const set = new Deliveries(host_name);
			const id = set.push("high");
			set.world.host.reload("push2");
			set.service.take();
			set.answer(id);
			expect(set.left).toEqual([]);
			expect(set.during(60)).toEqual(["high"]);
		});

		it("writes no more than so much of an error to the log", () => {
			const set = new Deliveries(host_name);
			const name = "x".repeat(100_000);
			const xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas";
			set.answer(set.push(), "", `<error type="${name}"><${name} xmlns="${xmlns}"/><text xmlns="${xmlns}">${name}</text></error>`);
			const lines = set.world.log.filter(({ level, source }) => level !== "debug" && source.endsWith("push2"));
			expect(lines.map(({ message }) => message)).toEqual(["Got error <[long]:[long]:[long]> from push.localhost for juliet@localhost ('phone')"]);
		});

		it.each(["\n", "\u0085", "\u202e", "\u2066"])("writes no control characters of an error to the log (%j)", (control) => {
			const set = new Deliveries(host_name);
			const text = `<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">no${control}thing</text>`;
			set.answer(set.push(), "", `<error type="cancel">${CONDITION}${text}</error>`);
			expect(set.log()).toContain(
				"Got error <cancel:resource-constraint:[control characters]> from push.localhost for juliet@localhost ('phone')");
			expect(set.world.log.filter(({ message, source }) => source.endsWith("push2") && message.includes(control))).toEqual([]);
		});

		it.each([
			["debug", "which has ended", (set: Deliveries) => set.delivery.forget("juliet", "phone")],
			["debug", "which is not registered", (set: Deliveries) => set.registrations.remove("juliet", ["phone"])],
		])("says in the log whose they are: at %s, '%s'", (level, what, end) => {
			const set = new Deliveries(host_name);
			const id = set.push();
			end(set);
			set.answer(id);
			expect(set.world.log).toContainEqual(expect.objectContaining({
				level,
				message: `Got error <wait:resource-constraint:> from push.localhost for juliet@localhost ('phone'), ${what}`,
			}));
		});
	});

	describe("a client that is back", () => {
		it("has nothing sent again, and is sent what comes later", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			set.answer(set.push("low"));
			set.answer(set.push("low", "romeo"));
			set.delivery.client_is_back("juliet", "phone");
			set.delivery.client_is_back("juliet", "tablet");
			set.service.take();
			expect(set.during(HOUR)).toHaveLength(1);
			set.answer(set.push("high"));
			set.service.take();
			expect(set.during(60)).toEqual(["high"]);
		});

		it("has nothing sent again whose error comes when it is back, which counts all the same", () => {
			const set = new Deliveries(host_name);
			const id = set.push();
			set.delivery.client_is_back("juliet", "phone");
			set.service.take();
			set.answer(id);
			expect(set.left).toEqual([]);
			expect(set.during(HOUR)).toEqual([]);
			expect(set.stored()).toContain("failing_since");
		});

		it("may be back after a reload", () => {
			const set = new Deliveries(host_name);
			set.answer(set.push());
			set.world.host.reload("push2");
			set.delivery.client_is_back("juliet", "phone");
			set.service.take();
			expect(set.during(HOUR)).toEqual([]);
		});
	});

	describe("registrations that end", () => {
		it("sends nothing again, and heeds no error any more", () => {
			const set = new Deliveries(host_name);
			set.answer(set.push());
			const id = set.push();
			set.answer(id);
			set.delivery.forget("juliet", "phone");
			set.service.take();
			expect(set.during(HOUR)).toEqual([]);
			const late = set.push();
			set.delivery.forget("juliet", "phone");
			set.register("juliet");
			set.service.take();
			set.answer(late);
			expect(set.left).toEqual([]);
			expect(set.during(HOUR)).toEqual([]);
			expect(set.stored()).not.toContain("failing_since");
		});

		it("heeds no error of a registration before it was made anew", () => {
			const set = new Deliveries(host_name);
			const late = set.push();
			set.delivery.forget("juliet", "phone");
			set.register("juliet");
			const id = set.push("high");
			set.service.take();
			set.answer(late);
			expect(set.during(60)).toEqual([]);
			set.answer(id);
			expect(set.during(60)).toEqual(["high"]);
		});

		it("sends nothing to the registrations of an account that was deleted, and only these", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			const fire = (host: string): void => {
				set.world.host.prosody.events.fire_event("user-deleted", set.world.host.table({ username: "juliet", host }));
			};
			set.answer(set.push("low"));
			set.answer(set.push("high", "romeo"));
			fire("elsewhere");
			set.service.take();
			expect(set.during(60).sort()).toEqual(["high", "low"]);
			const late = set.push("low");
			set.answer(set.push("high", "romeo"));
			fire("localhost");
			set.world.machine.disk.write("localhost", "push2_registrations", "juliet", undefined);
			// Someone else has the name now.
			set.register("juliet");
			set.service.take();
			set.answer(late);
			expect(set.during(HOUR)).toEqual(["high"]);
		});

		it("sends nothing to a registration that is no longer stored", () => {
			const set = new Deliveries(host_name);
			set.answer(set.push("low"));
			expect(set.registrations.remove("juliet", ["phone"])).toBe(true);
			set.service.take();
			expect(set.during(HOUR)).toEqual([]);
		});
	});
});
