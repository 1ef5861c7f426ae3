import { lua, type lua_CFunction, type lua_State, type lua_Value } from "fengari";
import { MultiReturn } from "../node/multi";
import type { Crossing } from "./crossing";
import { HeldValue } from "./held-value";
import { method, untold, type Shape, type Signature } from "./signatures";

/** Any function of JavaScript's. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const ORIGINAL = Symbol("original");
const CALLERS = Symbol("callers");
const CROSSED = Symbol("crossed");

// What is known of a function is kept with it. In a weak map it would live until the next full garbage collection,
// since it leads back to the function, and every push brings new functions.

/** A function as Lua has it: a closure of its own, or a function of JavaScript's that Lua can call. */
interface LuaFunction {
	/** The function that Lua calls by this one. */
	[ORIGINAL]?: AnyFunction;
	/** What JavaScript calls for this one. */
	[CALLERS]?: Callers;
}

/** What JavaScript calls for a function of Lua's, by the ways in which it crosses. */
type Callers = Map<Signature, AnyFunction>;

/** A function of JavaScript's that has been in Lua, or comes from there. */
interface Crossed {
	/** What it is in Lua. */
	readonly held: HeldValue;
	/** Of the Lua state that it has been in. */
	readonly by: Functions;
	/** If JavaScript made it: the names under which it stands in objects, which a colon in Lua passes first. */
	readonly names?: string[];
}

type KnownFunction = AnyFunction & { [CROSSED]?: Crossed };

// Lua guarantees a called function this much room on the stack.
const ROOM = 12;

/** Functions on their way from one language to the other. */
export class Functions {
	readonly #crossing: Crossing;
	/** The functions that belong to another state already, or that nothing can be kept with. */
	readonly #others = new WeakMap<AnyFunction, Crossed>();
	readonly #builtins = new WeakMap<LuaFunction, Callers>();
	readonly #methods = new WeakMap<object, Map<AnyFunction, AnyFunction>>();

	constructor(crossing: Crossing) {
		this.#crossing = crossing;
	}

	/** Pushes a function: the Lua function that it is, or the one closure that stands for it in Lua. */
	push(L: lua_State, fn: AnyFunction): void {
		this.#cross(L, fn).held.push(L);
	}

	/** Pushes a function that stands under a name in an object: Lua may call it with a colon. */
	pushMember(L: lua_State, fn: AnyFunction, name: string): void {
		const { held, names } = this.#cross(L, fn);
		const { self } = untold.functions[name] ?? method;
		if (self && names?.includes(name) === false) names.push(name);
		held.push(L);
	}

	/** Pushes a method of a class, which belongs to its object however Lua calls it. */
	pushMethod(L: lua_State, owner: object, fn: AnyFunction): void {
		let bound = this.#methods.get(owner);
		if (bound === undefined) this.#methods.set(owner, bound = new Map());
		let own = bound.get(fn);
		if (own === undefined) {
			own = (...args: unknown[]) => fn.apply(owner, args[0] === owner ? args.slice(1) : args);
			bound.set(fn, own);
		}
		this.push(L, own);
	}

	#crossed(fn: KnownFunction): Crossed | undefined {
		return fn[CROSSED]?.by === this ? fn[CROSSED] : this.#others.get(fn);
	}

	#cross(L: lua_State, fn: KnownFunction): Crossed {
		const known = this.#crossed(fn);
		if (known !== undefined) return known;
		const crossing = this.#crossing;
		const body: lua_CFunction = (thread) => this.#run(thread, fn);
		const entry: lua_CFunction & LuaFunction = (thread) => crossing.enter(thread, body);
		entry[ORIGINAL] = fn;
		lua.lua_pushcfunction(L, entry);
		const crossed: Crossed = { held: HeldValue.at(L, -1), by: this, names: [] };
		lua.lua_pop(L, 1);
		if (fn[CROSSED] === undefined && Object.isExtensible(fn)) fn[CROSSED] = crossed;
		else this.#others.set(fn, crossed);
		return crossed;
	}

	/** Runs a function that Lua called. */
	#run(L: lua_State, fn: AnyFunction): number {
		const crossing = this.#crossing;
		const count = lua.lua_gettop(L);
		const args = new Array<unknown>(count);
		for (let i = 0; i < count; i++) args[i] = crossing.read(L, i + 1);
		const self = this.#isMemberCall(fn, args[0]) ? args.shift() : undefined;
		return this.pushResults(L, fn.apply(self, args));
	}

	#isMemberCall(fn: AnyFunction, first: unknown): boolean {
		if (typeof first !== "object" || first === null) return false;
		const names = this.#crossed(fn)?.names;
		return names !== undefined && names.some((name) => (first as Record<string, unknown>)[name] === fn);
	}

	/** Pushes what a function of JavaScript's returned: one value, or several. */
	pushResults(L: lua_State, results: unknown): number {
		if (!(results instanceof MultiReturn)) {
			this.#crossing.push(L, results);
			return 1;
		}
		if (!lua.lua_checkstack(L, results.length)) throw new RangeError("too many results for Lua's stack");
		for (const result of results) this.#crossing.push(L, result);
		return results.length;
	}

	/** The function in a slot. */
	read(slot: lua_Value, signature: Signature = method): AnyFunction {
		const fn = slot.value as LuaFunction;
		if (fn[ORIGINAL] !== undefined) return fn[ORIGINAL];
		const callers = this.#callersOf(fn);
		let caller = callers.get(signature);
		if (caller === undefined) callers.set(signature, caller = this.#callerOf(new HeldValue(slot), signature));
		return caller;
	}

	#callersOf(fn: LuaFunction): Callers {
		// Lua's own functions are the same in all states.
		if (typeof fn !== "function") return fn[CALLERS] ??= new Map<Signature, AnyFunction>();
		let callers = this.#builtins.get(fn);
		if (callers === undefined) this.#builtins.set(fn, callers = new Map());
		return callers;
	}

	#callerOf(held: HeldValue, signature: Signature): AnyFunction {
		const call = (self: unknown, args: unknown[]): unknown => this.#call(held, signature, self, args);
		const caller: KnownFunction = function (this: unknown, ...args: unknown[]): unknown {
			return call(this, args);
		};
		caller[CROSSED] = { held, by: this };
		return caller;
	}

	#call(held: HeldValue, signature: Signature, self: unknown, args: unknown[]): unknown {
		const crossing = this.#crossing;
		const L = crossing.L;
		if (args.length > ROOM && !lua.lua_checkstack(L, args.length + ROOM)) {
			throw new RangeError("too many arguments for Lua's stack");
		}
		const base = crossing.begin(L);
		try {
			held.push(L);
			const count = signature.self && crossing.tables.push(L, self) ? args.length + 1 : args.length;
			for (const arg of args) {
				if (signature.copies === true) crossing.objects.pushCopy(L, arg);
				else crossing.push(L, arg);
			}
			crossing.finish(L, base, count, signature.results === "one" ? 1 : lua.LUA_MULTRET);
			switch (signature.results) {
				case "one":
					return crossing.read(L, base + 2, signature.makes, signature.returns);
				case "several":
					return several(crossing, L, base + 2, signature.makes);
				case "each":
				case "each several":
					return new LuaSteps(crossing, L, base + 2, signature.results === "each several");
			}
		} finally {
			lua.lua_settop(L, base);
		}
	}

	/** The first results of the iterator whose function, state and control value stand at an index of the stack. */
	readSteps(L: lua_State, index: number): Iterable<unknown> {
		return new LuaSteps(this.#crossing, L, index, false);
	}
}

function several(crossing: Crossing, L: lua_State, from: number, makes?: Shape): MultiReturn {
	const results = new MultiReturn();
	const top = lua.lua_gettop(L);
	for (let i = from; i <= top; i++) results.push(crossing.read(L, i, i === from ? makes : undefined));
	return results;
}

/** What a Lua iterator gives, step by step: function, state and control value of a generic `for`. */
class LuaSteps implements Iterable<unknown> {
	readonly #crossing: Crossing;
	readonly #step: HeldValue;
	readonly #state: HeldValue;
	readonly #first: HeldValue;
	readonly #all: boolean;

	/** @param all each step gives all its results, not the first alone */
	constructor(crossing: Crossing, L: lua_State, index: number, all: boolean) {
		lua.lua_settop(L, index + 2);
		this.#crossing = crossing;
		this.#step = HeldValue.at(L, index);
		this.#state = HeldValue.at(L, index + 1);
		this.#first = HeldValue.at(L, index + 2);
		this.#all = all;
	}

	*[Symbol.iterator](): Generator<unknown> {
		const crossing = this.#crossing;
		let control = this.#first;
		for (;;) {
			const L = crossing.L;
			const base = crossing.begin(L);
			this.#step.push(L);
			this.#state.push(L);
			control.push(L);
			let results: unknown[];
			try {
				crossing.finish(L, base, 2, this.#all ? lua.LUA_MULTRET : 1);
				if (lua.lua_isnoneornil(L, base + 2)) return;
				control = HeldValue.at(L, base + 2);
				results = several(crossing, L, base + 2);
			} finally {
				lua.lua_settop(L, base);
			}
			yield this.#all ? results : results[0];
		}
	}
}
