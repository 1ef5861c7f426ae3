import type { LogFunction } from "../api/session";
import type { LuaData } from "./lua-data";
import type { ModuleApi } from "../api/module";
import { isTable, luaType, table, type Table } from "./table";
import { luaToString } from "./format";
import { textToNumber } from "./lua-number";
import { parseDuration, parseDurationLax } from "./duration";
import { parseLuaData } from "./lua-data";
import { setLibrary } from "./set";

/** A host's options, by name. */
export type Options = Readonly<Table<LuaData>>;

/** Evaluates options that are given as Lua literals. Throws for one that is none, with its name. */
export function parseOptions(literals: Readonly<Record<string, string>>): Options {
	const options = table<LuaData>();
	for (const [name, literal] of Object.entries(literals)) options[name] = parseLuaData(literal, `option ${name}`);
	return options;
}

/** Up to here a float holds every whole number. */
const LARGEST_INTEGER = 2 ** 53;

/** The part of Prosody's module API that reads options. */
export type OptionsApi = Pick<ModuleApi, Extract<keyof ModuleApi, `get_option${string}`>>;

/**
 * Reads options as Prosody does: 0.12.3's getters, and those that 13.0 brought. A value that is not understood is logged
 * and gives nil, not the default.
 */
export function createOptionsApi(options: Options, log: LogFunction): OptionsApi {
	function get_option(name: string, default_value?: unknown): unknown {
		return options[name] ?? default_value;
	}

	function scalar(name: string, default_value?: unknown): unknown {
		const value = get_option(name, default_value);
		const items = listOf(value);
		if (items === undefined) return value;
		if (items.length > 1) {
			log("error", "Config option '%s' does not take a list, using just the first item", name);
		}
		return items[0];
	}

	function limit(name: string, value: number, min: number | undefined, max: number | undefined): number {
		if (min !== undefined && value < min) {
			log("warn", "Config option '%s' out of bounds %g < %g", name, value, min);
			return min;
		}
		if (max !== undefined && value > max) {
			log("warn", "Config option '%s' out of bounds %g > %g", name, value, max);
			return max;
		}
		return value;
	}

	function number(name: string, default_value?: number, min?: number, max?: number): number | undefined {
		const value = scalar(name, default_value);
		const result = typeof value === "string" ? textToNumber(value) : typeof value === "number" ? value : undefined;
		if (value !== undefined && result === undefined) {
			log("error", "Config option '%s' not understood, expecting a number", name);
		}
		if (result === default_value) return result;
		if (result !== undefined) return limit(name, result, min, max);
		if (min !== undefined) throw new TypeError("attempt to compare nil with number");
		if (max !== undefined) throw new TypeError("attempt to compare number with nil");
		return undefined;
	}

	function integer(name: string, default_value?: number, min?: number, max?: number): number | undefined {
		const value = number(name, default_value, min ?? -LARGEST_INTEGER, max ?? LARGEST_INTEGER);
		if (value === undefined || value === default_value || Number.isInteger(value)) return value;
		log("warn", "Config option '%s' expected an integer, not a float (%g)", name, value);
		return Math.floor(value);
	}

	function boolean(name: string, default_value?: boolean): boolean | undefined {
		const value = scalar(name, default_value);
		if (value === true || value === "true" || value === 1) return true;
		if (value === false || value === "false" || value === 0) return false;
		if (value !== undefined) log("error", "Config option '%s' not understood, expecting true/false", name);
		return undefined;
	}

	function string(name: string, default_value?: string): string | undefined {
		const value = scalar(name, default_value);
		return value === undefined ? undefined : luaToString(value);
	}

	/** Seconds; undefined if the value is no period. */
	function seconds(name: string, value: unknown): number | undefined {
		if (typeof value === "number") return value;
		if (typeof value !== "string") {
			log("error", "Config option '%s' expects a number or a period description string "
				+ "(e.g. \"3 hours\"), not %s", name, luaType(value));
			return undefined;
		}
		const result = parseDuration(value);
		if (result !== undefined) return result;
		const guess = parseDurationLax(value);
		if (guess === undefined) {
			log("error", "Config option '%s' not understood, expecting a period (e.g. \"2 days\")", name);
			return undefined;
		}
		const count = /\d+/.exec(value)![0];
		log("error", "Config option '%s' is set to ambiguous period '%s' - "
			+ "use full syntax e.g. '%s months' or '%s minutes'", name, value, count, count);
		return guess;
	}

	function period(
		name: string, default_value?: number | string, min?: number | string, max?: number | string,
	): number | undefined {
		const bound = (value: number | string | undefined): number | undefined =>
			typeof value === "string" ? parseDuration(value) : value;
		const value = scalar(name, default_value);
		if (value === undefined) return undefined;
		if (value === "never" || value === false) return Infinity;
		const result = seconds(name, value);
		if (result === undefined) return undefined;
		if (result >= 0) return limit(name, result, bound(min), bound(max));
		log("debug", "Treating negative period as infinity");
		return Infinity;
	}

	function array(name: string, default_value?: readonly unknown[]): unknown[] | undefined {
		const value = get_option(name, default_value);
		if (value === undefined) return undefined;
		return Array.from(listOf(value) ?? [value]);
	}

	return {
		get_option,
		get_option_scalar: scalar,
		get_option_string: string,
		get_option_number: number,
		get_option_boolean: boolean,
		get_option_integer: integer,
		get_option_period: period,
		get_option_enum(name, default_value, ...others) {
			const value = scalar(name, default_value);
			const choices: unknown[] = [default_value, ...others];
			if (value !== undefined && !choices.includes(value)) {
				log("error", "Config option '%s' not in set of allowed values (one of: %s)", name, choices.join(", "));
			}
			return value;
		},
		get_option_array: array,
		get_option_set(name, default_value) {
			const items = array(name, default_value);
			return items && setLibrary.new(items);
		},
		get_option_inherited_set(name, default_value) {
			const items = array(name, default_value);
			// The server as a whole has no options of its own, and so the default.
			return items && setLibrary.new([...items, ...default_value ?? []]);
		},
	};
}

/** What of a table is a list; undefined for what is no table. */
function listOf(value: unknown): readonly unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (!isTable(value)) return undefined;
	const items: unknown[] = [];
	while (value[items.length + 1] !== undefined) items.push(value[items.length + 1]);
	return items;
}
