/**
 * Several results of one function, as `$multi(…)` makes them on Node: an array that is told apart from a list, so
 * that the bridge to Lua can spread the one and pass the other on.
 */
export class MultiReturn extends Array<unknown> {
	/** What is derived from several results (`map`, `slice`) is a plain list. */
	static override get [Symbol.species](): ArrayConstructor {
		return Array;
	}
}

/** Several results in order; nil is `undefined`. */
export function multi<Values extends unknown[]>(...values: Values): LuaMultiReturn<Values> {
	const results = new MultiReturn();
	for (const value of values) results.push(value);
	return results as unknown as LuaMultiReturn<Values>;
}

/** An iterable as the host API types Lua's iterators. */
export function luaIterable<Value>(items: Iterable<Value>): LuaIterable<Value> {
	return items as LuaIterable<Value>;
}

/** TypeScriptToLua's `$multi` becomes a Lua `return` with several values; on Node it is this function. */
Object.defineProperty(globalThis, "$multi", { value: multi, configurable: true, writable: true });
