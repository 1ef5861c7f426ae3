import { describe, expect, it } from "vitest";
import type { Disk } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node";
import { HOST_NAMES } from "../../server/world";
import { Deliveries, HOUR, REMEMBERED } from "./deliveries";

/** How long a service may be silent before that counts as success. */
const ANSWER_TIME = 300;

/** A disk that counts what is written to it, or refuses it. */
function countingDisk(): Disk & { writes: number; full: boolean } {
	const disk = createMemoryDisk();
	const counting = {
		...disk,
		writes: 0,
		full: false,
		write: (...args: Parameters<Disk["write"]>) => {
			if (counting.full) throw new Error("no space left on device");
			counting.writes++;
			disk.write(...args);
		},
	};
	return counting;
}

describe.each(HOST_NAMES)("services that fail for long, for mod_push2 on %s", (host_name) => {
	/** A push that meets an error at once. */
	function fail(set: Deliveries, type = "cancel"): void {
		set.answer(set.push(), type);
	}

	const failingSince = (set: Deliveries): number | undefined => set.registrations.get("juliet", "phone")?.failing_since;

	it.each(["cancel", "wait", "modify"])("are given up after 72 hours with nothing but errors of type %s", (type) => {
		const set = new Deliveries(host_name, { max_retries: 0 });
		for (let hour = 0; hour < 72; hour++) {
			fail(set, type);
			set.world.pass(HOUR);
		}
		expect(set.failed).toEqual([]);
		fail(set, type);
		expect(set.failed).toEqual(["juliet phone 1"]);
		expect(set.world.log).toContainEqual(expect.objectContaining({
			level: "warn", message: "Disabling push notifications for juliet@localhost ('phone'): errors from push.localhost for 72 hours and nothing else",
		}));
	});

	it("are not given up before, by a second", () => {
		const set = new Deliveries(host_name, { disable_after: 2 * HOUR });
		fail(set);
		set.world.pass(2 * HOUR - 1);
		fail(set);
		expect(set.failed).toEqual([]);
		set.world.pass(1);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("are given up by the errors of retries too", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR, max_retries: 100, max_retry_age: 10 * HOUR });
		let id = set.push();
		set.service.take();
		const start = set.world.clock.now();
		while (set.failed.length === 0) {
			set.answer(id);
			if (set.failed.length === 0) id = set.next(1400).push.attrs.id!;
		}
		expect(set.world.clock.now() - start).toBeGreaterThanOrEqual(HOUR);
		expect(set.world.clock.now() - start).toBeLessThan(HOUR + 1400);
		// No retry of what was given up.
		expect(set.during(HOUR)).toEqual([]);
	});

	it("are not given up if a push has met silence since", () => {
		const set = new Deliveries(host_name);
		fail(set);
		set.world.pass(71 * HOUR);
		set.push();
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual([]);
		// It counts from there.
		set.world.pass(72 * HOUR - 1);
		fail(set);
		expect(set.failed).toEqual([]);
		set.world.pass(1);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("are given up for what they did since, whatever was before", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		set.push();
		set.world.pass(1);
		fail(set);
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("have failed since a push was sent, not since its error came", () => {
		const set = new Deliveries(host_name);
		const start = set.world.clock.now();
		const id = set.push();
		set.world.pass(100);
		set.push();
		set.world.pass(100);
		set.answer(id, "cancel");
		expect(failingSince(set)).toBe(start);
		set.world.pass(HOUR);
		set.push();
		expect(failingSince(set)).toBeUndefined();
	});

	it("have failed since a whole second, as other times that are stored", () => {
		const set = new Deliveries(host_name);
		const start = set.world.clock.now();
		set.world.pass(0.75);
		fail(set);
		expect(failingSince(set)).toBe(start);
	});

	it("take no success for granted before it could have failed", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		set.world.pass(HOUR - ANSWER_TIME + 1);
		set.push();
		set.world.pass(ANSWER_TIME - 1);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("have success found out by the next push", () => {
		const set = new Deliveries(host_name);
		fail(set);
		set.push();
		set.world.pass(ANSWER_TIME - 1);
		set.push();
		expect(failingSince(set)).toBeDefined();
		set.world.pass(1);
		set.push();
		expect(failingSince(set)).toBeUndefined();
		expect(set.stored()).not.toContain("failing_since");
	});

	it("may answer late", () => {
		const set = new Deliveries(host_name);
		const id = set.push();
		set.world.pass(80 * HOUR);
		set.answer(id, "cancel");
		expect(set.failed).toEqual([]);
		expect(failingSince(set)).toBe(set.world.clock.now() - ANSWER_TIME);
	});

	it("may let one push of many through", () => {
		const set = new Deliveries(host_name);
		fail(set);
		for (let day = 0; day < 10; day++) {
			const ids = Array.from({ length: 8 }, () => set.push());
			for (const [at, id] of ids.entries()) if (at !== day % 8) set.answer(id, "cancel");
			set.world.pass(24 * HOUR);
		}
		fail(set);
		expect(set.failed).toEqual([]);
	});

	it.each([
		{ before: 7, failed: [] },
		// No more than eight are looked at at a time.
		{ before: 8, failed: ["juliet phone 1"] },
	])("may let one push through after $before that fail in the end", ({ before, failed }) => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		const ids = Array.from({ length: before }, () => set.push());
		set.push();
		set.world.pass(10);
		for (const id of ids) set.answer(id, "cancel");
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual(failed);
	});

	it("have success found out by an error too", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		set.push();
		const id = set.push();
		set.world.pass(HOUR);
		set.answer(id, "cancel");
		expect(set.failed).toEqual([]);
	});

	it("have a retry count from when it was sent", () => {
		const set = new Deliveries(host_name, { retry_delay: 800 });
		fail(set, "wait");
		set.service.take();
		set.next(1201);
		set.push();
		expect(failingSince(set)).toBeDefined();
		set.world.pass(ANSWER_TIME);
		set.push();
		expect(failingSince(set)).toBeUndefined();
	});

	it("are sent nothing again once they are given up", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		set.world.pass(HOUR - 1);
		const before = set.push();
		fail(set, "wait");
		set.service.take();
		set.world.pass(1);
		set.answer(before, "cancel");
		expect(set.failed).toEqual(["juliet phone 1"]);
		expect(set.during(HOUR)).toEqual([]);
	});

	it("have more pushes looked at when those before have failed", () => {
		const set = new Deliveries(host_name);
		fail(set);
		for (let count = 0; count < 20; count++) fail(set);
		set.push();
		set.world.pass(ANSWER_TIME);
		set.push();
		expect(failingSince(set)).toBeUndefined();
	});

	it("have success found out however many pushes go to others meanwhile", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		set.register("romeo");
		fail(set);
		set.push();
		set.flood(REMEMBERED, "romeo");
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual([]);
	});

	it("have no success of a push that met an error", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		const ids = [set.push(), set.push()];
		set.world.pass(ANSWER_TIME - 1);
		for (const id of ids) set.answer(id, "cancel");
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("count for each registration by itself", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		set.register("romeo");
		fail(set);
		set.push("normal", "romeo");
		set.world.pass(HOUR);
		fail(set);
		set.answer(set.push("normal", "romeo"), "cancel");
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("begin anew when a registration is made anew", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		set.delivery.forget("juliet", "phone");
		set.register("juliet");
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual([]);
	});

	it("are known after a restart", () => {
		const set = new Deliveries(host_name);
		fail(set);
		const since = failingSince(set);
		expect(set.stored()).toContain(`["failing_since"] = ${since};`);
		set.world.pass(36 * HOUR);
		set.world.restart();
		set.load();
		set.service.component.connect();
		expect(failingSince(set)).toBe(since);
		set.world.pass(36 * HOUR);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 2"]);
	});

	it("are known after a reload, and given up by the instance that is loaded", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		const id = set.push();
		set.world.host.reload("push2");
		set.world.pass(HOUR);
		set.world.host.reload("push2");
		set.answer(id, "cancel");
		expect(set.failed).toEqual(["juliet phone 3"]);
	});

	it("have success found out after a reload", () => {
		const set = new Deliveries(host_name, { disable_after: HOUR });
		fail(set);
		set.push();
		set.world.host.reload("push2");
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual([]);
	});

	it("are written down when they begin to fail and when they work again, not for each push", () => {
		const disk = countingDisk();
		const set = new Deliveries(host_name, {}, disk);
		const before = disk.writes;
		for (let count = 0; count < 50; count++) set.push();
		set.world.pass(HOUR);
		expect(disk.writes - before).toBe(0);
		for (let count = 0; count < 50; count++) fail(set);
		expect(disk.writes - before).toBe(1);
		set.world.pass(HOUR);
		for (let count = 0; count < 50; count++) set.push();
		set.world.pass(HOUR);
		for (let count = 0; count < 50; count++) set.push();
		expect(disk.writes - before).toBe(2);
	});

	it("are known all the same if that cannot be stored", () => {
		const disk = countingDisk();
		const set = new Deliveries(host_name, { disable_after: HOUR }, disk);
		disk.full = true;
		fail(set);
		expect(set.stored()).not.toContain("failing_since");
		expect(set.log()).toContain("Whether the push service push.localhost works for juliet@localhost ('phone') will be forgotten on a restart");
		set.world.pass(HOUR);
		fail(set);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});
});
