import type { Promise as ProsodyPromise, PromiseLibrary } from "../api/libraries";

type Resolve<Value> = (this: void, value: Value | ProsodyPromise<Value>) => void;
type Reject = (this: void, reason: unknown) => void;

type State<Value> =
	| { name: "pending"; waiting: { fulfilled: (value: Value) => void; rejected: Reject }[] }
	| { name: "fulfilled"; value: Value }
	| { name: "rejected"; reason: unknown };

/** Prosody's promise (`util.promise`): it calls back in the very moment it settles, or at once if it has settled. */
class NodePromise<Value, Reason = unknown> implements ProsodyPromise<Value, Reason> {
	#state: State<Value> = { name: "pending", waiting: [] };

	constructor(executor: (this: void, resolve: Resolve<Value>, reject: Reject) => void) {
		const [resolve, reject] = this.#settlers();
		try {
			executor(resolve, reject);
		} catch (error) {
			if (this.#state.name === "pending") reject(error);
		}
	}

	next<Next>(
		on_fulfilled?: (this: void, value: Value) => Next, on_rejected?: (this: void, reason: Reason) => Next,
	): ProsodyPromise<Next> {
		return new NodePromise<Next>((resolve, reject) => {
			const callback = <Input>(handler: (this: void, input: Input) => Next) => (input: Input): void => {
				let result: Next;
				try {
					result = handler(input);
				} catch (error) {
					reject(error);
					return;
				}
				resolve(result);
			};
			this.#settled(
				on_fulfilled === undefined ? resolve as unknown as Resolve<Value> : callback(on_fulfilled),
				on_rejected === undefined ? reject : callback(on_rejected as (this: void, reason: unknown) => Next),
			);
		});
	}

	catch<Next>(on_rejected: (this: void, reason: Reason) => Next): ProsodyPromise<Value | Next> {
		return this.next<Value | Next>(undefined, on_rejected);
	}

	finally(callback: (this: void) => void): ProsodyPromise<Value, Reason> {
		const promise = this.next<Value | ProsodyPromise<never>>((value) => {
			callback();
			return value;
		}, (reason) => {
			callback();
			return rejected(reason);
		});
		return promise as ProsodyPromise<unknown, unknown> as ProsodyPromise<Value, Reason>;
	}

	toString(): string {
		return `promise (${this.#state.name})`;
	}

	#settled(fulfilled: (value: Value) => void, rejected: Reject): void {
		const state = this.#state;
		if (state.name === "pending") state.waiting.push({ fulfilled, rejected });
		else if (state.name === "fulfilled") fulfilled(state.value);
		else rejected(state.reason);
	}

	/** What settles the promise. Only the first call counts; a promise as value is followed. */
	#settlers(): [Resolve<Value>, Reject] {
		let called = false;
		const once = (settle: () => void): void => {
			if (called) return;
			called = true;
			settle();
		};
		return [
			(value) => once(() => {
				if (value instanceof NodePromise) (value as NodePromise<Value>).#settled(...this.#settlers());
				else this.#settle({ name: "fulfilled", value: value as Value });
			}),
			(reason) => once(() => this.#settle({ name: "rejected", reason })),
		];
	}

	#settle(state: Exclude<State<Value>, { name: "pending" }>): void {
		const before = this.#state;
		this.#state = state;
		if (before.name !== "pending") return;
		for (const { fulfilled, rejected } of before.waiting) {
			if (state.name === "fulfilled") fulfilled(state.value);
			else rejected(state.reason);
		}
	}
}

function rejected(reason: unknown): ProsodyPromise<never> {
	return new NodePromise<never>((_, reject) => reject(reason));
}

/** A pending promise that the executor, which runs at once, settles. One that throws rejects it. */
export function newPromise<Value, Reason = unknown>(
	executor: (this: void, resolve: Resolve<Value>, reject: (this: void, reason: Reason) => void) => void,
): ProsodyPromise<Value, Reason> {
	return new NodePromise<Value, Reason>(executor as (this: void, resolve: Resolve<Value>, reject: Reject) => void);
}

/** `util.promise`. */
export const promiseLibrary: PromiseLibrary = {
	new: newPromise,
	resolve: (value) => newPromise((resolve) => resolve(value)),
	reject: rejected,
	is_promise: (value) => value instanceof NodePromise,
};
