import type { HttpRequest, HttpResponse } from "./http";
import type { LogLevel } from "./session";
import type { Prosody } from "./prosody";
import type { ProsodyModule } from "./module";
import type { Require } from "./libraries";

/** The virtual clock. Times are seconds since the epoch, with fractions. */
export interface Clock {
	now(): number;
	/**
	 * Calls back once, `delay` seconds from now, when the clock gets there. Equal times keep the order scheduled.
	 * @returns a function that takes it back
	 */
	schedule(delay: number, callback: () => void): () => void;
	/** Moves on by as many seconds, running what falls due at its time. */
	advance(seconds: number): void;
	/** Seconds until something falls due; infinity if nothing does. */
	next_due(): number;
}

/** One value in a file (`USER.dat`), or a list of items (`USER.list`): what Prosody's `internal` storage knows. */
export type StoredKind = "keyval" | "list";

/** Stored data, as text in the format of Prosody's `internal` storage (a Lua chunk that returns the data). */
export interface Disk {
	/** @param user nil for the host itself. Throws what the file system throws, save that a missing file is nil. */
	read(host: string, store: string, user: string | undefined, kind?: StoredKind): string | undefined;
	/** Nil deletes. After a crash the old or the new text is there whole. */
	write(host: string, store: string, user: string | undefined, text: string | undefined, kind?: StoredKind): void;
	users(host: string, store: string, kind?: StoredKind): string[];
}

export interface LogEntry {
	/** Seconds since the epoch. */
	at: number;
	/** `mod_smacks`, `c2s55d0`, … */
	source: string;
	level: LogLevel;
	message: string;
}

/** A Prosody series: where the two differ, a host or a server follows one of them. */
export type Series = "0.12" | "13.0";

/** What a host runs on, and what outlives a restart of it. */
export interface Machine {
	clock: Clock;
	disk: Disk;
	/** Seeded: the same bytes in every run. */
	random_bytes(count: number): Uint8Array;
	/** The options of the host `localhost`, each as a Lua literal. */
	options: Readonly<Record<string, string>>;
	/** The series whose libraries the host has: 0.12 lacks some. All that it knows if absent. */
	series?: Series;
	/**
	 * The plugin path: where a module comes from that was not loaded before another one depends on it. Nil if there is none of
	 * this name. Absent on a machine that has no such modules.
	 * @param name without `mod_`
	 */
	find_module?(name: string): ModuleSource | undefined;
	/** The levels that `log` gets; all if absent. */
	log_levels?: readonly LogLevel[];
	log(entry: LogEntry): void;
	/**
	 * The addresses of a host name, IPv4 and IPv6, none if it has none; answers once. Absent on a machine that knows no
	 * name but `localhost`, which is 127.0.0.1.
	 */
	resolve?(name: string, answer: (this: void, addresses: readonly string[]) => void): void;
	/**
	 * Makes an HTTP request and answers once: with the response, or with nil and what went wrong, in Prosody's words
	 * (`connection failed`) where it has some. Absent on a machine without HTTP, where every request fails.
	 * @returns a function, if there is one, that aborts: it answers no more
	 */
	http?(
		request: HttpRequest, answer: (this: void, response: HttpResponse | undefined, error?: string) => void,
	): (() => void) | void;
}

/** A module to load: a TypeScript one, or a Lua file by path. */
export type ModuleSource = { typescript: ProsodyModule } | { lua: string };

/** A place where modules run: one server instance with the host `localhost` on it. */
export interface Host {
	readonly prosody: Prosody;
	readonly require: Require;
	/**
	 * A table of the host's own kind with these fields: what the server hands to modules must be one, so that a Lua
	 * module can treat it as a table. Nested plain objects are not converted.
	 */
	table<T extends object>(fields: T): T;
	/** Creates a host beside `localhost` and fires `host-activated`: a component that connected. */
	create_host(name: string, type: "local" | "component"): void;
	/** Loads a module on `localhost`. Throws with the module's name and both tracebacks if it fails to load. */
	load(name: string, source: ModuleSource): void;
	/** Throws if it is not loaded. */
	unload(name: string): void;
	/** Loads anew from the same source, carrying over what `save` returned. */
	reload(name: string): void;
	/** Lets go of all that belongs to this instance, without unloading modules: the server's process is gone. */
	stop(): void;
}
