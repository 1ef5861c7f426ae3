import type { lua_State, lua_Value } from "fengari";

type ValueClass = new (type: number, value: unknown) => lua_Value;

/** The slot of the stack at an index, counted from the running call's first or, if negative, from the top. */
export function slotAt(L: lua_State, index: number): lua_Value | undefined {
	return L.stack[index > 0 ? L.ci.funcOff + index : L.top + index];
}

/**
 * A Lua value that JavaScript holds, ready to be pushed again. It lives as long as it is held, like any object.
 *
 * Fengari's own `lua_toproxy` does the same, but enters each value into a weak map of its own, which makes garbage
 * collection dear where every stanza brings new tables.
 */
export class HeldValue {
	readonly #class: ValueClass;
	readonly #type: number;
	/** Of a table, a function, a userdata or a thread, its identity. */
	readonly identity: unknown;

	/** @param slot where the value is now */
	constructor(slot: lua_Value) {
		this.#class = slot.constructor as ValueClass;
		this.#type = slot.type;
		this.identity = slot.value;
	}

	/** Holds the value at an index of the stack, which is below the top. */
	static at(L: lua_State, index: number): HeldValue {
		return new HeldValue(slotAt(L, index)!);
	}

	/** Pushes the value. There must be room on the stack. */
	push(L: lua_State): void {
		L.stack[L.top++] = new this.#class(this.#type, this.identity);
	}
}
