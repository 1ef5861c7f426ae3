import type { HostObject, Prosody } from "../api/prosody";
import type { LogFunction } from "../api/session";
import type { Machine, ModuleSource } from "../api/host";
import type { Require } from "../api/libraries";
import { NodeModule, type ModuleContext } from "./module-api";
import { table } from "./table";

/** A module that is loaded, as other modules get it from `depends`. */
interface Loaded {
	module: NodeModule;
	source: ModuleSource;
	/** Set while it is reloaded, so that the reload of what it depends on does not start it over. */
	reloading: boolean;
	/** The modules that it depends on; absent while it depends on none. */
	dependencies?: Set<string>;
}

/** Loads, unloads and reloads the modules of one host, as Prosody's `core.modulemanager`. */
export class ModuleManager {
	readonly #prosody: Prosody;
	readonly #require: Require;
	readonly #host: HostObject;
	readonly #context: ModuleContext;
	readonly #log: LogFunction;
	readonly #modules = new Map<string, Loaded>();
	/** Where each module that was ever loaded came from: `depends` loads it again. */
	readonly #sources = new Map<string, ModuleSource>();
	readonly #find: NonNullable<Machine["find_module"]>;
	/** The modules that were not just loaded because another one depends on them. */
	readonly #askedFor = new Set<string>();
	readonly #shared = new Map<string, object>();

	constructor(
		prosody: Prosody, require: Require, host: HostObject, log: LogFunction,
		context: Omit<ModuleContext, "shared" | "items" | "depends">, find: Machine["find_module"],
	) {
		this.#prosody = prosody;
		this.#require = require;
		this.#host = host;
		this.#log = log;
		this.#find = find ?? (() => undefined);
		this.#context = {
			...context,
			shared: (path) => this.#sharedTable(path),
			items: (_, key) => Array.from(this.#modules.values()).flatMap(({ module }) => module.own_items(key)),
			depends: (dependent, name) => this.#depends(dependent, name),
		};
	}

	/**
	 * Throws if the module is loaded already, or cannot be; nothing of it is then left behind. As in Prosody's `modules_enabled`, one
	 * may be named that another one has loaded, from the same source, because it depends on it.
	 */
	load(name: string, source: ModuleSource): void {
		const dependency = this.#askedFor.has(name) ? undefined : this.#modules.get(name);
		if (dependency === undefined || !isSame(dependency.source, source)) this.#load(name, source);
		this.#askedFor.add(name);
	}

	#load(name: string, source: ModuleSource): void {
		if (this.#modules.has(name)) throw new Error(`mod_${name} is loaded already`);
		this.#sources.set(name, source);
		this.#start(name, source, false);
		this.#fire("module-loaded", name);
	}

	unload(name: string): void {
		this.#end(this.#expect(name));
		this.#unloaded(name);
	}

	/** Throws if the state cannot be saved, and the module stays as it is, or if it fails to load, and it is gone. */
	reload(name: string): void {
		const old = this.#expect(name);
		const saved = this.#save(old);
		old.reloading = true;
		this.#end(old);
		let loaded: Loaded;
		try {
			loaded = this.#start(name, old.source, true);
		} catch (error) {
			this.#unloaded(name);
			throw error;
		}
		this.#restore(loaded, saved);
		loaded.reloading = true;
		this.#fire("module-reloaded", name);
		loaded.reloading = false;
	}

	#unloaded(name: string): void {
		this.#askedFor.delete(name);
		this.#fire("module-unloaded", name);
	}

	#expect(name: string): Loaded {
		const loaded = this.#modules.get(name);
		if (loaded === undefined) throw new Error(`mod_${name} is not loaded`);
		return loaded;
	}

	#fire(event: string, module: string): void {
		this.#host.events.fire_event(event, { module, host: this.#host.host });
	}

	#start(name: string, source: ModuleSource, reloading: boolean): Loaded {
		if (!("typescript" in source)) {
			throw new Error(`mod_${name} failed to load: the Node host runs no Lua, such as ${source.lua}`);
		}
		const module = new NodeModule(this.#context, this.#host, name);
		const loaded: Loaded = { module, source, reloading };
		this.#modules.set(name, loaded);
		this.#host.modules[name] = module;
		try {
			source.typescript(module, this.#prosody, this.#require);
			module.load?.();
		} catch (error) {
			this.#forget(name);
			module.release();
			const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
			this.#log("error", "Error initializing module '%s' on '%s': %s", name, this.#host.host, stack ?? message);
			throw new Error(`mod_${name} failed to load: ${message}`, { cause: error });
		}
		loaded.reloading = false;
		return loaded;
	}

	#end({ module }: Loaded): void {
		this.#attempt(module, module.unload, "Non-fatal error unloading module '%s' on '%s': %s");
		module.release();
		this.#forget(module.name);
	}

	#forget(name: string): void {
		this.#modules.delete(name);
		delete this.#host.modules[name];
	}

	#save({ module }: Loaded): unknown {
		try {
			return module.save?.();
		} catch (error) {
			this.#log("warn", "Error saving module '%s:%s' state: %s", module.host, module.name, error);
			throw new Error(`mod_${module.name} was not reloaded: its state could not be saved`, { cause: error });
		}
	}

	#restore({ module }: Loaded, saved: unknown): void {
		const { restore } = module;
		const restoreSaved = restore && (() => restore(saved ?? table()));
		this.#attempt(module, restoreSaved, "Error restoring module '%s' from '%s': %s");
	}

	/** Calls a function of a module whose failure does not stop what is under way. */
	#attempt(module: NodeModule, callback: ((this: void) => void) | undefined, message: string): void {
		try {
			callback?.();
		} catch (error) {
			this.#log("warn", message, module.name, module.host, error);
		}
	}

	#depends(dependent: NodeModule, name: string): unknown {
		const entry = this.#expect(dependent.name);
		entry.dependencies ??= this.#followDependencies(entry);
		if (!this.#modules.has(name)) {
			const source = this.#sources.get(name) ?? this.#find(name);
			if (source === undefined) {
				throw new Error(`Unable to load required module, mod_${name}: there is no module of this name`);
			}
			this.#load(name, source);
		}
		entry.dependencies.add(name);
		return this.#expect(name);
	}

	/** From now on the module is reloaded and unloaded together with what it depends on. */
	#followDependencies(entry: Loaded): Set<string> {
		const { module } = entry;
		const dependencies = new Set<string>();
		module.hook("module-reloaded", (event) => {
			if (!dependencies.has(event.module) || entry.reloading) return;
			module.log("info", "Auto-reloading due to reload of %s:%s", event.host, event.module);
			this.reload(module.name);
		});
		module.hook("module-unloaded", (event) => {
			if (!dependencies.has(event.module)) return;
			module.log("info", "Auto-unloading due to unload of %s:%s", event.host, event.module);
			this.unload(module.name);
		});
		return dependencies;
	}

	#sharedTable(path: string): object {
		let shared = this.#shared.get(path);
		if (shared === undefined) this.#shared.set(path, shared = table());
		return shared;
	}
}

function isSame(a: ModuleSource, b: ModuleSource): boolean {
	return "typescript" in a && "typescript" in b && a.typescript === b.typescript;
}
