import { join } from "node:path";
import { createState, preload, runFile } from "../fengari/state";
import { createSpecMachine } from "./machine";
import { extendGlobal, raise } from "../fengari/natives/library";
import { installFiles } from "../fengari/files";
import { installNatives } from "../fengari/natives";
import { packageRoot } from "../package-root";
import { searchPath } from "./search-path";
import type { lua_State } from "fengari";
import type { Crossing } from "../fengari/crossing";
import type { SpecProblem, SpecResult } from "./result";

/** How specs are run. Names and meanings are busted's. */
export interface SpecOptions {
	/** Runs only tests that have one of these tags, `#tag` in their own name or that of a block around them. */
	tags?: readonly string[];
	/** Leaves out tests and blocks that have one of these. */
	excludeTags?: readonly string[];
	/** Lua patterns, one of which is in the full name of a test. */
	filter?: readonly string[];
	/** Lua patterns, none of which is in the full name of a block or a test. */
	filterOut?: readonly string[];
	/** Where `require` looks, before the working directory, for what is no library of ours: `./src/?.lua;…` if absent. */
	lpath?: string;
	/** Lets `require` find nothing but our libraries and what is along a given `lpath`. */
	isolated?: boolean;
	/** A Lua file, or a library, to run before the specs. */
	helper?: string;
	/** `setup` and `teardown` run only if there are tests to run. */
	lazy?: boolean;
	/** Whether what a file does to `_G` and `package.loaded` is undone after it: yes if absent. */
	autoInsulate?: boolean;
	/** What specs print goes to standard error: to standard output if absent. */
	printsToStderr?: boolean;
}

/** What `lua/busted/run.lua` takes; lists are Lua tables. */
interface RunOptions {
	path: string;
	directory: string;
	tags: readonly string[];
	exclude_tags: readonly string[];
	filter: readonly string[];
	filter_out: readonly string[];
	helper?: string;
	is_lazy: boolean;
	shares_globals: boolean;
	prints_to_stderr: boolean;
}

type Run = (this: void, files: readonly string[], options: RunOptions) => Iterable<LuaResult>;

interface LuaResult extends Omit<SpecResult, "names" | "problems"> {
	readonly names: Iterable<string>;
	readonly problems: Iterable<SpecProblem>;
}

/**
 * Runs spec files in a Lua environment of their own, which has our libraries but no server, and gives all tests, in
 * the order in which they ran, and what failed outside of tests. A file that cannot be loaded is an error among them.
 * @param files paths; relative ones, and what specs open, are of the working directory
 * @throws LuaError if the helper fails
 */
export function runSpecs(files: readonly string[], options: SpecOptions = {}): SpecResult[] {
	const crossing = createSpecState();
	const run = runFile(crossing, join(packageRoot(), "lua", "busted", "run.lua")) as Run;
	const results = run(files, {
		directory: process.cwd(),
		path: options.isolated === true ? options.lpath ?? "" : searchPath(options.lpath),
		tags: options.tags ?? [],
		exclude_tags: options.excludeTags ?? [],
		filter: options.filter ?? [],
		filter_out: options.filterOut ?? [],
		helper: options.helper,
		is_lazy: options.lazy ?? false,
		shares_globals: options.autoInsulate === false,
		prints_to_stderr: options.printsToStderr === true,
	});
	return Array.from(results, plain);
}

/** A Lua state with the natives, for specs. */
export function createSpecState(): Crossing {
	const crossing = createState();
	const machine = createSpecMachine();
	installNatives(crossing.L, machine);
	installFiles(crossing.L);
	extendGlobal(crossing.L, "os", { exit });
	preload(crossing, "bridge.machine", machine);
	return crossing;
}

/** `os.exit`: as Lua's it would end who runs the specs, with nothing said of them, and as if none had failed. */
function exit(L: lua_State): number {
	return raise(L, "os.exit would end the run");
}

/** A result that no longer belongs to Lua. */
function plain({ kind, names, spec, file, line, status, problems }: LuaResult): SpecResult {
	return { kind, names: [...names], spec, file, line, status, problems: Array.from(problems, plainProblem) };
}

function plainProblem({ status, message, file, line, traceback }: SpecProblem): SpecProblem {
	return { status, message, file, line, traceback };
}
