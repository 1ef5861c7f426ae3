import { lua, type lua_CFunction, type lua_State, type lua_Table, type lua_Value } from "fengari";
import type { Crossing } from "./crossing";
import type { AnyFunction } from "./functions";
import { HeldValue, slotAt } from "./held-value";
import { untold, type Shape } from "./signatures";

/** What an array has that changes nothing in it: lists have it too. */
const LIST_METHODS = Object.assign(Object.create(null) as Record<string, unknown>, Object.fromEntries(
	["at", "concat", "entries", "every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flat",
		"flatMap", "forEach", "includes", "indexOf", "join", "keys", "lastIndexOf", "map", "reduce", "reduceRight",
		"slice", "some", "values"].map((name) => [name, Reflect.get(Array.prototype, name)]),
));

// Lua's indexing as functions, to be called protected where metamethods run.
const index: lua_CFunction = (L) => {
	lua.lua_gettable(L, 1);
	return 1;
};
const newindex: lua_CFunction = (L) => {
	lua.lua_settable(L, 1);
	return 0;
};

// Weak maps from tables to proxies and back would do, but what they hold lives until the next full garbage collection,
// since it leads back to its key, and every stanza brings new tables.
const PROXY = Symbol("proxy");
const BEHAVIOUR = Symbol("table");

// What proxies are made of is never looked at, save that a list's is an array. One of each kind is enough.
const PLAIN = Object.create(null) as object;
const LIST: object = [];

/** A table that may have its proxy with it. */
type KnownTable = lua_Table & { [PROXY]?: object };

/** The position from 0 that an integer-like key means; -1 for any other key. */
export function position(key: string): number {
	const first = key.charCodeAt(0);
	if (!(first >= 48 && first <= 57) || key.length > 9) return -1;
	const number = Number(key);
	return Number.isInteger(number) && String(number) === key ? number : -1;
}

/** Whether a key is one that JavaScript can name. */
function isName({ type }: lua_Value): boolean {
	return (type & 0x0f) === lua.LUA_TSTRING || (type & 0x0f) === lua.LUA_TNUMBER;
}

/** A field of the metatable of a table. */
function metafield(crossing: Crossing, table: lua_Table, name: string): lua_Value | undefined {
	return table.metatable?.strong.get(crossing.strings.hash(crossing.L, name))?.value;
}

/** How a table behaves in JavaScript: what its proxy does. */
class Table implements ProxyHandler<object> {
	readonly held: HeldValue;
	shape: Shape;
	/** The shape was told: it is not taken for granted. */
	told: boolean;
	readonly crossing: Crossing;
	readonly #identity: lua_Table;

	constructor(crossing: Crossing, slot: lua_Value, shape: Shape | undefined) {
		this.crossing = crossing;
		this.held = new HeldValue(slot);
		this.#identity = slot.value as lua_Table;
		this.shape = shape ?? untold;
		this.told = shape !== undefined;
	}

	/** The length of a list; -1 for what is none: it has keys of another kind, or is empty and meant for such. */
	get length(): number {
		const entries = this.#identity.strong;
		if (entries.size > 0) return entries.has(1) && entries.has(entries.size) ? entries.size : -1;
		const { kind } = this.shape;
		return kind === "list" || kind === "object" && this.#identity.metatable === null ? 0 : -1;
	}

	get(_target: object, key: string | symbol): unknown {
		if (typeof key === "symbol") return key === BEHAVIOUR ? this : this.#getSymbol(key);
		if (key === "length" || LIST_METHODS[key] !== undefined) {
			const length = this.length;
			if (length >= 0) return key === "length" ? length : LIST_METHODS[key];
		}
		const value = this.#lookUp(key);
		if (value === undefined && key === "toString" && this.#metafield("__tostring") !== undefined) {
			return this.crossing.tables.toText;
		}
		return value;
	}

	#getSymbol(key: symbol): unknown {
		if (key === Symbol.toPrimitive) return this.crossing.tables.toText;
		if (key === Symbol.iterator) return this.length >= 0 ? LIST_METHODS["values"] : undefined;
		return key === Symbol.isConcatSpreadable ? this.length >= 0 : undefined;
	}

	/** The value in a slot, which stands under a key of this table. */
	#read(slot: lua_Value, key: string): unknown {
		const { functions, ordinary, tables } = this.shape;
		if ((slot.type & 0x0f) === lua.LUA_TFUNCTION) {
			return this.crossing.functions.read(slot, functions[key] ?? ordinary);
		}
		return this.crossing.readSlot(slot, tables[key]);
	}

	/** Whether a key is a position of a list: then Lua's is one more. */
	#isPosition(key: string): boolean {
		return position(key) >= 0 && this.#identity.strong.has(1);
	}

	#pushKey(L: lua_State, key: string): void {
		if (this.#isPosition(key)) lua.lua_pushinteger(L, position(key) + 1);
		else this.crossing.strings.push(L, key);
	}

	#hash(key: string): unknown {
		return this.#isPosition(key) ? position(key) + 1 : this.crossing.strings.hash(this.crossing.L, key);
	}

	#metafield(name: string): lua_Value | undefined {
		return metafield(this.crossing, this.#identity, name);
	}

	/** What the table has under a key, as Lua's indexing gives it. */
	#lookUp(key: string): unknown {
		const hash = this.#hash(key);
		// Classes are chains of tables: those are followed here, since a call costs more than all of them.
		for (let table = this.#identity; ;) {
			const entry = table.strong.get(hash);
			if (entry !== undefined) return this.#read(entry.value, key);
			const next = metafield(this.crossing, table, "__index");
			if (next === undefined) return undefined;
			if (next.type !== lua.LUA_TTABLE) return this.#index(key);
			table = next.value as lua_Table;
		}
	}

	/** What Lua's indexing gives where it comes to a function. */
	#index(key: string): unknown {
		const { L } = this.crossing;
		const base = this.crossing.begin(L);
		try {
			lua.lua_pushcfunction(L, index);
			this.held.push(L);
			this.#pushKey(L, key);
			this.crossing.finish(L, base, 2, 1);
			return this.#read(slotAt(L, -1)!, key);
		} finally {
			lua.lua_settop(L, base);
		}
	}

	set(_target: object, key: string | symbol, value: unknown): boolean {
		if (typeof key === "symbol" || key === "length" && this.length > 0) return false;
		const { L, functions } = this.crossing;
		const base = this.crossing.begin(L);
		try {
			lua.lua_pushcfunction(L, newindex);
			this.held.push(L);
			this.#pushKey(L, key);
			if (typeof value === "function") functions.pushMember(L, value as AnyFunction, key);
			else this.crossing.push(L, value);
			if (this.#identity.metatable === null) lua.lua_rawset(L, -3);
			else this.crossing.finish(L, base, 3, 0);
			return true;
		} finally {
			lua.lua_settop(L, base);
		}
	}

	has(target: object, key: string | symbol): boolean {
		return this.get(target, key) !== undefined;
	}

	deleteProperty(target: object, key: string | symbol): boolean {
		return this.set(target, key, undefined);
	}

	defineProperty(target: object, key: string | symbol, descriptor: PropertyDescriptor): boolean {
		return "value" in descriptor && this.set(target, key, descriptor.value);
	}

	preventExtensions(): boolean {
		return false;
	}

	setPrototypeOf(): boolean {
		return false;
	}

	/** The names in the table; of a list and of what has a list in it also the positions. Other keys have no name. */
	ownKeys(target: object): string[] {
		const names = new Set<string>(Array.isArray(target) ? ["length"] : []);
		const positions: number[] = [];
		for (const key of this.#keys()) {
			if (typeof key === "string") names.add(key);
			else if (typeof key === "number" && Number.isInteger(key) && key > 0) positions.push(key - 1);
		}
		if (!positions.includes(0)) return [...names];
		// As of any array, however Lua came to fill it.
		return [...new Set([...positions.sort((a, b) => a - b).map(String), ...names])];
	}

	#keys(): Iterable<unknown> {
		const pairs = this.#metafield("__pairs");
		if (pairs === undefined) {
			const entries = this.#identity.strong.values();
			return Array.from(entries, ({ key }) => isName(key) ? this.crossing.readSlot(key) : undefined);
		}
		const { L } = this.crossing;
		const base = this.crossing.begin(L);
		try {
			new HeldValue(pairs).push(L);
			this.held.push(L);
			this.crossing.finish(L, base, 1, 3);
			return this.crossing.functions.readSteps(L, base + 2);
		} finally {
			lua.lua_settop(L, base);
		}
	}

	getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
		if (typeof key === "symbol") return undefined;
		if (key === "length" && Array.isArray(target)) {
			return { value: Math.max(this.length, 0), writable: true, enumerable: false, configurable: false };
		}
		const slot = this.#identity.strong.get(this.#hash(key))?.value;
		const value = slot !== undefined ? this.#read(slot, key)
			: this.#metafield("__pairs") !== undefined ? this.#lookUp(key) : undefined;
		return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
	}
}

/**
 * Lua's tables in JavaScript: each is a proxy, always the same one, that works on the table at once and honours its
 * metatable. Element 1 of a list is at 0.
 */
export class Tables {
	readonly #crossing: Crossing;
	/** A table's `toString`, where it has one. */
	readonly toText: (this: object) => string;

	constructor(crossing: Crossing) {
		this.#crossing = crossing;
		const { find } = this;
		this.toText = function () {
			const table = find(this);
			if (table === undefined) throw new TypeError("only a Lua table can be described as one");
			return crossing.describe(table.held);
		};
	}

	/** The Lua table that a value is. */
	readonly find = (value: unknown): Table | undefined => {
		if (typeof value !== "object" || value === null) return undefined;
		const table = (value as { [BEHAVIOUR]?: Table })[BEHAVIOUR];
		return table?.crossing === this.#crossing ? table : undefined;
	};

	/** Pushes a Lua table, if that is what the value is. */
	push(L: lua_State, value: unknown): boolean {
		const table = this.find(value);
		if (table === undefined) return false;
		table.held.push(L);
		return true;
	}

	/** The table in a slot. */
	read(slot: lua_Value, shape?: Shape): object {
		const identity = slot.value as KnownTable;
		const known = identity[PROXY];
		if (known !== undefined) return shape === undefined ? known : this.tell(known, shape);
		const table = new Table(this.#crossing, slot, shape);
		// A list looks like an array even to Array.isArray; what is empty yet could become anything.
		return identity[PROXY] = new Proxy<object>(table.length > 0 ? LIST : PLAIN, table);
	}

	/** Says what a Lua table is. */
	tell<T extends object>(proxy: T, shape: Shape): T {
		const table = this.find(proxy);
		if (table !== undefined && !table.told) {
			table.shape = shape;
			table.told = true;
		}
		return proxy;
	}
}
