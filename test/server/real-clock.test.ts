import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRealClock } from "../../bridge/server/real-clock";

describe("a clock in real time", () => {
	beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
	afterEach(() => void vi.useRealTimers());

	it("goes by itself, and calls back in the order due", () => {
		const clock = createRealClock();
		const seen: unknown[] = [];
		clock.schedule(2, () => seen.push(["second", clock.now()]));
		clock.schedule(1, () => {
			seen.push(["first", clock.now()]);
			clock.schedule(0.5, () => seen.push(["nested", clock.now()]));
		});
		clock.schedule(2, () => seen.push("third"));
		expect(clock.next_due()).toBeCloseTo(1, 2);
		vi.advanceTimersByTime(1700);
		expect(seen).toEqual([["first", expect.closeTo(1_700_000_001, 1)], ["nested", expect.closeTo(1_700_000_001.5, 1)]]);
		vi.advanceTimersByTime(400);
		expect(seen.slice(2)).toEqual([["second", expect.closeTo(1_700_000_002, 1)], "third"]);
		expect(clock.next_due()).toBe(Infinity);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("takes back what is scheduled, and holds the process no longer for it", () => {
		const clock = createRealClock();
		const seen: unknown[] = [];
		const cancel = clock.schedule(1, () => seen.push("never"));
		clock.schedule(3, () => seen.push("later"));
		cancel();
		cancel();
		expect(clock.next_due()).toBeCloseTo(3, 2);
		clock.schedule(60, () => seen.push("never"))();
		vi.advanceTimersByTime(3100);
		expect(seen).toEqual(["later"]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("waits longer than a timer can", () => {
		const clock = createRealClock();
		let calls = 0;
		clock.schedule(60 * 86_400, () => calls++);
		vi.advanceTimersByTime(59 * 86_400_000);
		expect(calls).toBe(0);
		vi.advanceTimersByTime(2 * 86_400_000);
		expect(calls).toBe(1);
	});

	it("goes on although a callback throws", () => {
		const clock = createRealClock();
		let calls = 0;
		clock.schedule(1, () => {
			throw new Error("on purpose");
		});
		clock.schedule(2, () => calls++);
		expect(() => vi.advanceTimersByTime(1100)).toThrow("on purpose");
		vi.advanceTimersByTime(1000);
		expect(calls).toBe(1);
	});

	it("cannot be moved on", () => {
		expect(() => createRealClock().advance(1)).toThrow("by itself");
	});
});
