import { existsSync } from "node:fs";
import { createSpecState, type SpecOptions } from "./run";
import { runFile } from "../fengari/state";
import type { SpecFilesOptions } from "./files";

/** What a `.busted` file says, as far as it concerns what runs. */
export interface SpecConfiguration extends SpecOptions, SpecFilesOptions {
	/** The files and folders to run. */
	paths?: readonly string[];
}

/** A `.busted` file that cannot be used. */
export class ConfigurationError extends Error {
	override readonly name = "ConfigurationError";
}

type LuaTable = Readonly<Record<string, unknown>>;

/**
 * Reads busted's configuration: its settings for all runs, and above them those of the run `default`.
 * @param path such as `.busted`; nothing is set if there is no such file
 * @throws ConfigurationError if it is no Lua, raises an error, or sets something that cannot be
 */
export function readConfiguration(path: string): SpecConfiguration {
	if (!existsSync(path)) {
		return {};
	}
	const file = evaluate(path);
	const runs = ["_all", "default"].flatMap((name) => isTable(file[name]) ? [file[name]] : []);
	// An empty Lua table has the methods of arrays, one of which is called `filter`.
	const setting = (name: string): unknown => runs.filter((run) => Object.hasOwn(run, name)).at(-1)?.[name];
	const text = (name: string): string | undefined => expectType(path, name, setting(name), "string");
	const flag = (name: string): boolean | undefined => expectType(path, name, setting(name), "boolean");
	const list = (name: string): string[] | undefined => toList(path, name, setting(name));
	const split = (name: string): string[] | undefined => list(name)?.flatMap((item) => item.split(","));
	return withoutUnset({
		paths: list("ROOT"),
		patterns: list("pattern"),
		excludedPatterns: list("exclude-pattern"),
		recursive: flag("recursive"),
		tags: split("tags"),
		excludeTags: split("exclude-tags"),
		filter: list("filter"),
		filterOut: list("filter-out"),
		lpath: text("lpath"),
		helper: text("helper"),
		lazy: flag("lazy"),
		autoInsulate: flag("auto-insulate"),
	});
}

function evaluate(path: string): LuaTable {
	let result: unknown;
	try {
		result = runFile(createSpecState(), path);
	} catch (error) {
		throw new ConfigurationError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
	}
	if (!isTable(result)) {
		throw new ConfigurationError(`${path}: expected it to return a table`);
	}
	return result;
}

function isTable(value: unknown): value is LuaTable {
	return typeof value === "object" && value !== null;
}

interface Types {
	string: string;
	boolean: boolean;
}

function expectType<Name extends keyof Types>(
	path: string, setting: string, value: unknown, type: Name,
): Types[Name] | undefined {
	if (value !== undefined && typeof value !== type) {
		throw new ConfigurationError(`${path}: ${setting}: expected a ${type}, got a ${typeof value}`);
	}
	return value as Types[Name] | undefined;
}

/** The strings of a list, or the one string that stands for one. */
function toList(path: string, setting: string, value: unknown): string[] | undefined {
	if (value === undefined) {
		return undefined;
	}
	const items: unknown[] = isTable(value) ? Object.values(value) : [value];
	if (items.some((item) => typeof item !== "string")) {
		throw new ConfigurationError(`${path}: ${setting}: expected strings`);
	}
	return items as string[];
}

function withoutUnset<T extends object>(settings: T): T {
	return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}
