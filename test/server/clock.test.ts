import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { createClock } from "../../bridge/server/clock";

describe("the virtual clock", () => {
	it("stands still until it is moved on", () => {
		const clock = createClock(1000);
		expect(clock.now()).toBe(1000);
		clock.advance(2.5);
		expect(clock.now()).toBe(1002.5);
	});

	it("calls back at the time that was asked for, equal times in the order scheduled", () => {
		const clock = createClock(0);
		const calls: string[] = [];
		clock.schedule(2, () => calls.push(`b ${clock.now()}`));
		clock.schedule(1, () => calls.push(`a ${clock.now()}`));
		clock.schedule(2, () => calls.push(`c ${clock.now()}`));
		clock.advance(1.5);
		expect(calls).toEqual(["a 1"]);
		clock.advance(0.5);
		expect(calls).toEqual(["a 1", "b 2", "c 2"]);
	});

	it("runs what callbacks schedule if it falls due meanwhile", () => {
		const clock = createClock(0);
		const calls: number[] = [];
		const again = () => {
			calls.push(clock.now());
			if (calls.length < 5) clock.schedule(1, again);
		};
		clock.schedule(1, again);
		clock.advance(3);
		expect(calls).toEqual([1, 2, 3]);
		clock.schedule(0, () => calls.push(-1));
		clock.advance(0);
		expect(calls).toEqual([1, 2, 3, -1]);
	});

	it("takes a callback back", () => {
		const clock = createClock(0);
		let called = false;
		const cancel = clock.schedule(1, () => {
			called = true;
		});
		expect(clock.next_due()).toBe(1);
		cancel();
		expect(clock.next_due()).toBe(Infinity);
		clock.advance(2);
		expect(called).toBe(false);
	});

	it("says when something falls due", () => {
		const clock = createClock(5);
		expect(clock.next_due()).toBe(Infinity);
		clock.schedule(3, () => undefined);
		clock.advance(1);
		expect(clock.next_due()).toBe(2);
	});

	it("goes on after a callback that throws", () => {
		const clock = createClock(0);
		let called = false;
		clock.schedule(1, () => {
			throw new Error("broken");
		});
		clock.schedule(2, () => {
			called = true;
		});
		expect(() => clock.advance(5)).toThrow("broken");
		clock.advance(5);
		expect(called).toBe(true);
	});

	it("refuses what is no time", () => {
		const clock = createClock(0);
		expect(() => createClock(Number.NaN)).toThrow("NaN");
		expect(() => clock.advance(-1)).toThrow("-1");
		expect(() => clock.advance(Number.NaN)).toThrow("NaN");
		expect(() => clock.schedule(Number.NaN, () => undefined)).toThrow("number of seconds");
		clock.schedule(0, () => clock.advance(1));
		expect(() => clock.advance(1)).toThrow("already");
	});

	it("lets go of what was taken back before it is due", async () => {
		setFlagsFromString("--expose-gc");
		const collect = runInNewContext("gc") as () => void;
		const clock = createClock(0);
		clock.schedule(100, () => undefined);
		const kept = new Set<WeakRef<() => void>>();
		for (let n = 0; n < 200; n++) {
			const callback = (): void => void n;
			kept.add(new WeakRef(callback));
			clock.schedule(50, callback)();
		}
		expect(clock.next_due()).toBe(100);
		const ran: number[] = [];
		for (let n = 0; n < 200; n++) {
			const back = clock.schedule(n, () => void ran.push(n));
			if (n % 2 === 0) back();
		}
		clock.advance(1000);
		expect(ran).toEqual(Array.from({ length: 100 }, (_, n) => 2 * n + 1));
		expect(clock.next_due()).toBe(Infinity);
		await new Promise((resolve) => setTimeout(resolve));
		collect();
		// The last one may still be in a register.
		expect([...kept].filter((reference) => reference.deref() !== undefined).length).toBeLessThanOrEqual(1);
	});
});
