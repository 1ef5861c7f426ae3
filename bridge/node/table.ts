/** A table keyed by text, with no inherited members: a user may be called `__proto__` or `constructor`. */
export type Table<Value> = Record<string, Value>;

// Objects of a class with an empty prototype, unlike those of Object.create(null), are as fast as any.
const TableClass = function () {} as unknown as new () => Table<never>;
TableClass.prototype = Object.create(null);

/** A new table with these fields. */
export function table<Value>(fields?: Readonly<Record<string, Value>>): Table<Value> {
	const result = new TableClass() as Table<Value>;
	if (fields !== undefined) for (const key of Object.keys(fields)) result[key] = fields[key]!;
	return result;
}

/** Whether the value is a table or an object literal, rather than a list or an instance of some class. */
export function isTable(value: unknown): value is Table<unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null || prototype === TableClass.prototype;
}

/** The name of the value's type in Lua: `nil`, `boolean`, `number`, `string`, `function` or `table`. */
export function luaType(value: unknown): string {
	if (value === undefined || value === null) return "nil";
	const type = typeof value;
	return type === "object" || type === "symbol" ? "table" : type === "bigint" ? "number" : type;
}
