import { describe, expect, it } from "vitest";
import { newPromise, promiseLibrary as promise } from "../../bridge/node/promise";
import type { Promise as ProsodyPromise } from "../../bridge/api/libraries";

function deferred<Value>(): [ProsodyPromise<Value>, (value: Value) => void, (reason: unknown) => void] {
	let settlers!: [(value: Value) => void, (reason: unknown) => void];
	const pending = promise.new<Value>((resolve, reject) => {
		settlers = [resolve, reject];
	});
	return [pending, ...settlers];
}

/** What has become of it by now. */
function outcome(settled: ProsodyPromise<unknown>): unknown {
	let result: unknown = "pending";
	settled.next((value) => {
		result = { value };
	}, (reason) => {
		result = { reason };
	});
	return result;
}

describe("a promise", () => {
	it("calls back in the moment it settles", () => {
		const [pending, resolve] = deferred<number>();
		const seen: number[] = [];
		pending.next((value) => seen.push(value));
		pending.next((value) => seen.push(value + 1));
		expect(seen).toEqual([]);
		resolve(1);
		expect(seen).toEqual([1, 2]);
		pending.next((value) => seen.push(value + 2));
		expect(seen).toEqual([1, 2, 3]);
	});

	it("settles once", () => {
		const [pending, resolve, reject] = deferred<number>();
		resolve(1);
		resolve(2);
		reject("late");
		expect(outcome(pending)).toEqual({ value: 1 });
	});

	it("passes values and reasons along a chain", () => {
		expect(outcome(promise.resolve(1).next((value) => value + 1).next(undefined, () => 0))).toEqual({ value: 2 });
		expect(outcome(promise.reject("no").next(() => 1).next(() => 2))).toEqual({ reason: "no" });
		expect(outcome(promise.reject("no").catch((reason) => `${String(reason)}!`))).toEqual({ value: "no!" });
		expect(outcome(promise.resolve(undefined))).toEqual({ value: undefined });
	});

	it("follows a promise that it is resolved with", () => {
		const [inner, resolve] = deferred<number>();
		const outer = promise.resolve(0).next(() => inner as unknown as number);
		expect(outcome(outer)).toBe("pending");
		resolve(5);
		expect(outcome(outer)).toEqual({ value: 5 });
		const rejecting = promise.resolve(0).next(() => promise.reject("inner") as unknown as number);
		expect(outcome(rejecting)).toEqual({ reason: "inner" });
		const [pending, resolveOuter] = deferred<unknown>();
		resolveOuter(inner);
		resolveOuter("ignored");
		expect(outcome(pending)).toEqual({ value: 5 });
	});

	it("is rejected by what throws", () => {
		const error = new Error("broken");
		const fail = () => {
			throw error;
		};
		expect(outcome(promise.new(fail))).toEqual({ reason: error });
		expect(outcome(promise.resolve(1).next(fail))).toEqual({ reason: error });
		expect(outcome(promise.reject(1).catch(fail))).toEqual({ reason: error });
		expect(outcome(promise.resolve(1).finally(fail))).toEqual({ reason: error });
		expect(outcome(promise.new((resolve) => {
			resolve(1);
			fail();
		}))).toEqual({ value: 1 });
	});

	it("passes on what it was settled with after finally", () => {
		let calls = 0;
		const count = () => void calls++;
		expect(outcome(promise.resolve(1).finally(count))).toEqual({ value: 1 });
		expect(outcome(promise.reject("no").finally(count))).toEqual({ reason: "no" });
		expect(calls).toBe(2);
	});

	it("lets a callback add another", () => {
		const seen: unknown[] = [];
		const [pending, resolve] = deferred<number>();
		pending.next((value) => {
			pending.next((again) => seen.push(["inner", again]));
			seen.push(["outer", value]);
		});
		resolve(1);
		expect(seen).toEqual([["inner", 1], ["outer", 1]]);
	});

	it("is known as one", () => {
		expect(promise.is_promise(promise.resolve(1))).toBe(true);
		for (const other of [1, undefined, {}, Promise.resolve(1)]) expect(promise.is_promise(other)).toBe(false);
		expect(String(newPromise(() => undefined))).toBe("promise (pending)");
		expect(String(promise.reject(1))).toBe("promise (rejected)");
	});
});
