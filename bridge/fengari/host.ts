import { join } from "node:path";
import { lua } from "fengari";
import type {
	Host, HostObject, Libraries, Machine, ModuleApi, ModuleSource, Prosody, ProsodyModule, Require,
} from "../api";
import { packageRoot } from "../package-root";
import type { Crossing } from "./crossing";
import { installNatives } from "./natives";
import { libraries, library, recognised, told } from "./signatures";
import { createState, preload, runFile } from "./state";

/** A Lua function(module, prosody, require) that runs a module. */
type Loader = (this: void, module: ModuleApi, prosody: Prosody, require: unknown) => void;

/** What `lua/boot.lua` returns. */
interface Environment {
	readonly prosody: Prosody;
	readonly require: (this: void, name: string) => unknown;
	create_host(this: void, name: string, type: HostObject["type"]): void;
	/** @param loader a function, or the path of a module file */
	load(this: void, name: string, loader: Loader | string): void;
	unload(this: void, name: string): void;
	reload(this: void, name: string): void;
	stop(this: void): void;
}

/** `require` as TypeScript has it: what it answers is known by its name. */
function createRequire(crossing: Crossing, require: Environment["require"]): Require {
	return <Name extends keyof Libraries>(name: Name | `prosody.${Name}`) => {
		const library = require(name);
		const known = name.replace(/^prosody\./, "");
		if (typeof library === "object" && library !== null && Object.hasOwn(libraries, known)) {
			crossing.tables.tell(library, libraries[known as Name]);
		}
		return library as Libraries[Name];
	};
}

/** A Lua table with an object's fields, or an array's elements from 1. */
function createTable<T extends object>(crossing: Crossing, fields: T): T {
	const { L } = crossing;
	const top = lua.lua_gettop(L);
	try {
		crossing.objects.pushTable(L, fields);
		return crossing.read(L, -1) as T;
	} finally {
		lua.lua_settop(L, top);
	}
}

/**
 * The host in a Lua state of its own, whose environment is `lua/`. Modules in Lua run in it as they are; what is
 * TypeScript, the server and modules alike, sees Lua's tables and functions across the bridge.
 * Throws if an option of the machine is no Lua literal.
 */
export function createFengariHost(machine: Machine): Host {
	const loaders = new Map<ProsodyModule, Loader>();
	const crossing = createState();
	installNatives(crossing.L, machine);
	preload(crossing, "bridge.machine", { ...machine, find_module: findLoader });
	const environment = crossing.tables.tell(
		runFile(crossing, join(packageRoot(), "lua", "boot.lua")) as Environment & object, library(),
	);
	const prosody = crossing.tables.tell(environment.prosody, recognised.Prosody);
	const require = createRequire(crossing, environment.require);

	/** The same again for the same source: so it is known that a module was loaded from there. */
	function loaderOf(source: ModuleSource): Loader | string {
		if ("lua" in source) return source.lua;
		const run = source.typescript;
		let loader = loaders.get(run);
		if (loader === undefined) {
			loader = (module) => run(crossing.tables.tell(module, told.ModuleApi), prosody, require);
			loaders.set(run, loader);
		}
		return loader;
	}

	function findLoader(name: string): Loader | string | undefined {
		const source = machine.find_module?.(name);
		return source && loaderOf(source);
	}

	return {
		prosody,
		require,
		table: (fields) => createTable(crossing, fields),
		create_host: (name, type) => environment.create_host(name, type),
		load: (name, source) => environment.load(name, loaderOf(source)),
		unload: (name) => environment.unload(name),
		reload: (name) => environment.reload(name),
		stop: () => environment.stop(),
	};
}
