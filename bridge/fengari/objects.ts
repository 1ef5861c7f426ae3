import {
	lauxlib, lua, to_luastring, type lua_CFunction, type lua_State, type lua_Table, type lua_Value,
} from "fengari";
import type { Crossing } from "./crossing";
import type { AnyFunction } from "./functions";
import { HeldValue, slotAt } from "./held-value";
import { position } from "./tables";

/** A key as Lua uses it on an object. */
type Key = string | number;

/** The names of an object that Lua walks through, fixed when it began. */
interface Walk {
	names: string[];
	/** Where the last name handed out stands. */
	at: number;
}

const ORIGINAL = Symbol("original");
const CROSSED = Symbol("crossed");

/** What an object is in Lua, and the state that it is there. */
interface Crossed {
	/** What has the note without being this object has it of another: a proxy, or a copy with all properties. */
	readonly of: object;
	readonly held: HeldValue;
	readonly by: Objects;
}

/**
 * An object that may have its table with it. In a weak map the two would live until the next full garbage collection,
 * since the table leads back to the object, and every push brings new objects.
 */
type KnownObject = object & { [CROSSED]?: Crossed };

/** Notes on an object what it is in Lua: not to be seen, nor copied along with its fields. False if it keeps no note. */
function keepNote(object: KnownObject, note: Crossed): boolean {
	// A proxy may answer as it likes, as long as nothing of what it stands before is fixed.
	return Reflect.defineProperty(object, CROSSED, { value: note, configurable: true }) && object[CROSSED] === note;
}

/** A table that may stand for an object. */
type ObjectTable = lua_Table & { [ORIGINAL]?: object };

// What every object, list and function has by birth is no field of it.
const BIRTH: ReadonlySet<object | null> = new Set([null, Object.prototype, Array.prototype, Function.prototype]);

/** The prototype that a name is inherited from, if it is an object's own class's. */
function classThatHas(object: object, name: string): object | undefined {
	if (name === "constructor") return undefined;
	let prototype = Reflect.getPrototypeOf(object);
	while (prototype !== null && !BIRTH.has(prototype)) {
		if (Object.hasOwn(prototype, name)) return prototype;
		prototype = Reflect.getPrototypeOf(prototype);
	}
	return undefined;
}

function isPlain(value: unknown): value is object {
	return typeof value === "object" && value !== null && BIRTH.has(Reflect.getPrototypeOf(value));
}

function field(object: object, name: string): unknown {
	return (object as Record<string, unknown>)[name];
}

const PLAIN_FIELD = { writable: true, enumerable: true, configurable: true };

/** Sets a field; `undefined` removes it. Throws where the object does not let it. */
function setField(object: object, name: string, value: unknown): void {
	const done = value === undefined || value === null ? Reflect.deleteProperty(object, name)
		// A user may be called so: it is a name like any other.
		: name === "__proto__" ? Reflect.defineProperty(object, name, { ...PLAIN_FIELD, value })
		: Reflect.set(object, name, value);
	if (!done) throw new TypeError(`cannot set the field '${name}' of this JavaScript object`);
}

/** Sets an element of a list, by Lua's position; `undefined` at its end takes it off. */
function setElement(list: unknown[], position: number, value: unknown): void {
	if (!Number.isInteger(position) || position < 1) {
		throw new TypeError(`a JavaScript array has no position ${position}`);
	}
	if (value !== undefined && value !== null) list[position - 1] = value;
	else if (position === list.length) list.length--;
	else if (position < list.length) list[position - 1] = undefined;
}

function isIterable(object: object): object is Iterable<unknown> {
	return typeof (object as Partial<Iterable<unknown>>)[Symbol.iterator] === "function";
}

/**
 * JavaScript's objects in Lua: each is an empty table, always the same one, whose metatable hands every access on to
 * the object. An array is a list from 1. Keys that are neither strings nor numbers stay with the table, for Lua alone.
 */
export class Objects {
	readonly #crossing: Crossing;
	/** The tables of objects that are in another state already, or that nothing can be kept with. */
	readonly #others = new WeakMap<object, HeldValue>();
	readonly #walks = new WeakMap<object, Walk>();
	readonly #iterators = new WeakMap<object, Iterator<unknown>>();
	#metatables: { plain: HeldValue; error: HeldValue; iterable: HeldValue } | undefined;

	constructor(crossing: Crossing) {
		this.#crossing = crossing;
	}

	/** Pushes the table that stands for an object. */
	push(L: lua_State, object: KnownObject): void {
		// What an object inherits is of another.
		const noted = Object.hasOwn(object, CROSSED);
		const crossed = noted ? object[CROSSED] : undefined;
		const ready = crossed?.by === this && crossed.of === object ? crossed.held : this.#others.get(object);
		if (ready !== undefined) return ready.push(L);
		const metatables = this.#metatables ??= this.#makeMetatables(L);
		lua.lua_newtable(L);
		const held = HeldValue.at(L, -1);
		if (noted || !keepNote(object, { of: object, held, by: this })) this.#others.set(object, held);
		(held.identity as ObjectTable)[ORIGINAL] = object;
		if (object instanceof Error) metatables.error.push(L);
		else if (isIterable(object) && !Array.isArray(object)) metatables.iterable.push(L);
		else metatables.plain.push(L);
		lua.lua_setmetatable(L, -2);
	}

	/** The object that the table in a slot stands for; nothing for any other value. */
	read(slot: lua_Value): object | undefined {
		return slot.type === lua.LUA_TTABLE ? (slot.value as ObjectTable)[ORIGINAL] : undefined;
	}

	/** The object that the table at an index of the stack stands for. */
	readAt(L: lua_State, index: number): object | undefined {
		const slot = slotAt(L, index);
		return slot === undefined ? undefined : this.read(slot);
	}

	/** Pushes a new Lua table with the fields of an object; the elements of an array stand from 1. */
	pushTable(L: lua_State, fields: object): void {
		this.#pushFields(L, fields, (value) => this.#crossing.push(L, value));
	}

	/**
	 * Pushes a Lua table with what a plain object or array holds, and the same for those in it; anything else crosses
	 * as it is. For Lua functions that make the table that they are given their own.
	 */
	pushCopy(L: lua_State, value: unknown): void {
		if (isPlain(value) && this.#crossing.tables.find(value) === undefined) {
			this.#pushFields(L, value, (member) => this.pushCopy(L, member));
		} else {
			this.#crossing.push(L, value);
		}
	}

	#pushFields(L: lua_State, fields: object, push: (value: unknown) => void): void {
		if (!lua.lua_checkstack(L, 8)) throw new RangeError("nested too deeply for Lua's stack");
		lua.lua_newtable(L);
		for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
			if (Array.isArray(fields) && position(name) >= 0) lua.lua_pushinteger(L, position(name) + 1);
			else this.#crossing.push(L, name);
			if (typeof value === "function") this.#crossing.functions.pushMember(L, value as AnyFunction, name);
			else push(value);
			lua.lua_rawset(L, -3);
		}
	}

	#makeMetatables(L: lua_State): { plain: HeldValue; error: HeldValue; iterable: HeldValue } {
		const make = (more: Record<string, lua_CFunction>): HeldValue => {
			lua.lua_newtable(L);
			const every = { __index: this.#index, __newindex: this.#newindex, __len: this.#len, __pairs: this.#pairs };
			lauxlib.luaL_setfuncs(L, { ...every, ...more }, 0);
			this.#crossing.push(L, "JavaScript object");
			lua.lua_setfield(L, -2, to_luastring("__name"));
			// A metatable set on such a table would part it from its object.
			lua.lua_pushboolean(L, false);
			lua.lua_setfield(L, -2, to_luastring("__metatable"));
			const metatable = HeldValue.at(L, -1);
			lua.lua_pop(L, 1);
			return metatable;
		};
		return { plain: make({}), error: make({ __tostring: this.#tostring }), iterable: make({ __call: this.#call }) };
	}

	/** The object that a metamethod was called for. */
	#original(L: lua_State): object {
		const object = this.readAt(L, 1);
		if (object === undefined) throw new TypeError("the table of a JavaScript object was expected");
		return object;
	}

	#key(L: lua_State, index: number): Key | undefined {
		const type = lua.lua_type(L, index);
		return type === lua.LUA_TSTRING || type === lua.LUA_TNUMBER ? this.#crossing.read(L, index) as Key : undefined;
	}

	readonly #index: lua_CFunction = (L) => this.#crossing.enter(L, this.#get);

	readonly #get: lua_CFunction = (L) => {
		const object = this.#original(L);
		const key = this.#key(L, 2);
		if (key === undefined || Array.isArray(object) && key === "length") lua.lua_pushnil(L);
		else if (Array.isArray(object) && typeof key === "number") this.#crossing.push(L, object[key - 1]);
		else this.#pushField(L, object, String(key));
		return 1;
	};

	#pushField(L: lua_State, object: object, name: string): void {
		const own = Object.hasOwn(object, name);
		const value = own || classThatHas(object, name) !== undefined ? field(object, name) : undefined;
		if (typeof value !== "function") this.#crossing.push(L, value);
		else if (own) this.#crossing.functions.pushMember(L, value as AnyFunction, name);
		else this.#crossing.functions.pushMethod(L, object, value as AnyFunction);
	}

	readonly #newindex: lua_CFunction = (L) => {
		const type = lua.lua_type(L, 2);
		if (type === lua.LUA_TSTRING || type === lua.LUA_TNUMBER) return this.#crossing.enter(L, this.#set);
		lua.lua_rawset(L, 1);
		return 0;
	};

	readonly #set: lua_CFunction = (L) => {
		const object = this.#original(L);
		const key = this.#key(L, 2)!;
		const value = this.#crossing.read(L, 3);
		if (Array.isArray(object) && typeof key === "number") setElement(object, key, value);
		else setField(object, String(key), value);
		return 0;
	};

	readonly #len: lua_CFunction = (L) => this.#crossing.enter(L, () => {
		const object = this.#original(L);
		lua.lua_pushinteger(L, Array.isArray(object) ? object.length : 0);
		return 1;
	});

	readonly #tostring: lua_CFunction = (L) => this.#crossing.enter(L, () => {
		this.#crossing.push(L, String(this.#original(L)));
		return 1;
	});

	/** Lua takes the next step of an iterable (`for item in iterable do`). */
	readonly #call: lua_CFunction = (L) => this.#crossing.enter(L, () => {
		const iterable = this.#original(L) as Iterable<unknown>;
		let iterator = this.#iterators.get(iterable);
		if (iterator === undefined) this.#iterators.set(iterable, iterator = iterable[Symbol.iterator]());
		const step = iterator.next();
		if (step.done !== true) return this.#crossing.functions.pushResults(L, step.value);
		this.#iterators.delete(iterable);
		lua.lua_pushnil(L);
		return 1;
	});

	readonly #pairs: lua_CFunction = (L) => {
		lua.lua_pushcfunction(L, this.next);
		lua.lua_pushvalue(L, 1);
		lua.lua_pushnil(L);
		return 3;
	};

	/** Lua's `next`, which knows the tables that stand for objects. */
	readonly next: lua_CFunction = (L) => {
		lauxlib.luaL_checktype(L, 1, lua.LUA_TTABLE);
		lua.lua_settop(L, 2);
		const object = this.readAt(L, 1);
		const key = this.#key(L, 2);
		if (object !== undefined && (key !== undefined || lua.lua_isnil(L, 2))) {
			const results = this.#crossing.enter(L, Array.isArray(object) ? () => this.#nextElement(L, object, key)
				: () => this.#nextField(L, object, key));
			if (results > 0) return results;
			// Then what the table holds itself.
			lua.lua_settop(L, 1);
			lua.lua_pushnil(L);
		}
		if (lua.lua_next(L, 1) !== 0) return 2;
		lua.lua_pushnil(L);
		return 1;
	};

	#nextElement(L: lua_State, list: unknown[], key: Key | undefined): number {
		let at = key === undefined ? 0 : Number(key);
		while (at < list.length && (list[at] === undefined || list[at] === null)) at++;
		if (at >= list.length || Number.isNaN(at)) return 0;
		lua.lua_pushinteger(L, at + 1);
		this.#crossing.push(L, list[at]);
		return 2;
	}

	#nextField(L: lua_State, object: object, key: Key | undefined): number {
		let walk = this.#walks.get(object);
		if (key === undefined || walk === undefined) {
			walk = { names: Object.keys(object), at: -1 };
			this.#walks.set(object, walk);
		}
		const last = key === undefined ? undefined : String(key);
		if (last !== walk.names[walk.at]) walk.at = walk.names.indexOf(last!);
		if (last !== undefined && walk.at < 0) throw new TypeError(`invalid key to 'next': ${last}`);
		while (++walk.at < walk.names.length) {
			const name = walk.names[walk.at]!;
			const value = field(object, name);
			if (value === undefined || value === null || !Object.hasOwn(object, name)) continue;
			this.#crossing.push(L, name);
			this.#pushField(L, object, name);
			return 2;
		}
		return 0;
	}
}
