import { describe, expect, it } from "vitest";
import { createTestMachine, START } from "./machine";
import { createTimers } from "../../bridge/node/timer";
import { createLog } from "../../bridge/node/log";
import { createTime } from "../../bridge/node/time";
import { createWatchdog } from "../../bridge/node/watchdog";

function setUp() {
	const machine = createTestMachine();
	const { clock } = machine;
	const timer = createTimers(clock, createLog(machine, "timer"));
	const seen: number[] = [];
	const note = () => void seen.push(clock.now() - START);
	return { machine, clock, timer, seen, note, watchdog: createWatchdog(clock, timer) };
}

describe("timers", () => {
	it("call back when they are due, with the time", () => {
		const { clock, timer, seen } = setUp();
		timer.add_task(2, (now) => void seen.push(now - START));
		clock.advance(1.9);
		expect(seen).toEqual([]);
		clock.advance(0.1);
		expect(seen).toEqual([2]);
		clock.advance(10);
		expect(seen).toEqual([2]);
	});

	it("call again after as many seconds as they return", () => {
		const { clock, timer, seen, note } = setUp();
		timer.add_task(1, () => {
			note();
			return seen.length < 3 ? 2 : undefined;
		});
		clock.advance(20);
		expect(seen).toEqual([1, 3, 5]);
	});

	it("stop", () => {
		const { clock, timer, seen, note } = setUp();
		const id = timer.add_task(1, note);
		expect(timer.stop(id)).toBe(true);
		expect(timer.stop(id)).toBe(false);
		clock.advance(5);
		expect(seen).toEqual([]);
		expect(clock.next_due()).toBe(Infinity);
		expect(() => timer.stop("id")).toThrow("add_task");
	});

	it("stop in their own callback", () => {
		const { clock, timer, seen, note } = setUp();
		const id: unknown = timer.add_task(1, () => {
			note();
			timer.stop(id);
			return 1;
		});
		clock.advance(5);
		expect(seen).toEqual([1]);
	});

	it("are put off", () => {
		const { clock, timer, seen, note } = setUp();
		const id = timer.add_task(1, note);
		clock.advance(0.5);
		expect(timer.reschedule(id, 3)).toBe(id);
		clock.advance(10);
		expect(seen).toEqual([3.5]);
		timer.reschedule(id, 1);
		clock.advance(10);
		expect(seen).toEqual([3.5]);
	});

	it("log what is thrown, and end", () => {
		const { clock, timer, machine } = setUp();
		timer.add_task(1, () => {
			throw new Error("broken");
		});
		clock.advance(1);
		expect(machine.entries).toMatchObject([{ source: "timer", level: "error", at: START + 1 }]);
		expect(machine.entries[0]!.message).toContain("Traceback[timer]: Error: broken");
		expect(clock.next_due()).toBe(Infinity);
	});

	it("all stop with their instance", () => {
		const { clock, timer, seen, note } = setUp();
		timer.add_task(1, note);
		timer.add_task(2, () => 1);
		timer.stop_all();
		timer.add_task(1, note);
		clock.advance(5);
		expect(seen).toEqual([]);
		expect(clock.next_due()).toBe(Infinity);
	});
});

describe("a watchdog", () => {
	it("looks one second after it may be due", () => {
		const { clock, watchdog, seen, note } = setUp();
		watchdog.new(10, note);
		clock.advance(10.9);
		expect(seen).toEqual([]);
		clock.advance(0.1);
		expect(seen).toEqual([11]);
		clock.advance(100);
		expect(seen).toEqual([11]);
	});

	it("looks later if it was reset", () => {
		const { clock, watchdog, seen, note } = setUp();
		const dog = watchdog.new(10, note);
		clock.advance(4);
		dog.reset();
		clock.advance(100);
		expect(seen).toEqual([15]);
	});

	it("counts whole seconds", () => {
		const { clock, watchdog, seen, note } = setUp();
		clock.advance(0.5);
		const dog = watchdog.new(10, note);
		clock.advance(4);
		dog.reset();
		clock.advance(100);
		expect(seen).toEqual([15]);
	});

	it("does nothing once it is cancelled", () => {
		const { clock, watchdog, seen, note } = setUp();
		watchdog.new(10, note).cancel();
		clock.advance(100);
		expect(seen).toEqual([]);
	});

	it("calls what its callback is by then, with itself", () => {
		const { clock, watchdog } = setUp();
		const seen: unknown[] = [];
		const dog = watchdog.new(10, () => void seen.push("old"));
		dog.callback = (called) => void seen.push(called);
		clock.advance(11);
		expect(seen).toEqual([dog]);
		expect(dog.timeout).toBe(10);
	});
});

describe("the time", () => {
	it("is the clock's", () => {
		const { clock } = setUp();
		const time = createTime(clock);
		clock.advance(0.25);
		expect(time.now()).toBe(START + 0.25);
		expect(time.monotonic()).toBe(START + 0.25);
	});
});
