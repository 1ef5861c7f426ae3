import type { ErrorObject, Promise as ProsodyPromise, ProsodyArray, ProsodySet } from "./libraries";
import type { EventHandler, EventPayload, StanzaEvent } from "./events";
import type { LogLevel, Session } from "./session";
import type { Prosody } from "./prosody";
import type { Require } from "./libraries";
import type { Stanza } from "./stanza";

/** A timer made by `add_timer`. It stops by itself when its module is unloaded. */
export interface Timer {
	stop(): void;
	/** @param delay seconds from now */
	reschedule(delay: number): void;
}

/** A store of one value a key, usually a user (`core.storagemanager`, type `keyval`). */
export interface KeyvalStore<Data> {
	/** The data; nil alone if there is none; nil and a message if reading failed. */
	get(user: string | undefined): LuaMultiReturn<[Data | undefined, string?]>;
	/** True, or nil and a message if writing failed. Nil as data deletes. */
	set(user: string | undefined, data: Data | undefined): LuaMultiReturn<[boolean | undefined, string?]>;
	/** The users that have data. */
	users(): LuaIterable<string>;
}

/** A store of a table of keys for each user (type `map`), kept where a `keyval` store of that name keeps it. */
export interface MapStore<Value> {
	get(user: string | undefined, key: string): LuaMultiReturn<[Value | undefined, string?]>;
	set(user: string | undefined, key: string, value: Value | undefined): LuaMultiReturn<[boolean | undefined, string?]>;
}

/** What a handler of `send_iq`'s answer gets. */
export interface IqResponse {
	stanza: Stanza;
	origin?: Session;
}

/** The `module` object of Prosody's module API (https://prosody.im/doc/developers/moduleapi). */
export interface ModuleApi {
	readonly name: string;
	/** The host that the module is loaded on. */
	readonly host: string;

	get_name(): string;
	get_host(): string;
	log(level: LogLevel, message: string, ...args: unknown[]): void;

	// As Prosody's core/moduleapi.lua reads them: what 0.12.3 has no function for, and bounds, which its
	// get_option_number ignores, are 13.0's. Where a value is not understood, they log an error and give nil, whatever the
	// default is: it counts where nothing is set. An empty table is nil too, save for lists, and without an error.

	/** The option as configured, else the default. */
	get_option<T>(name: string, default_value?: T): unknown;
	/** Of a list the first item, with an error logged if there are more; of any other table nil. */
	get_option_scalar<T>(name: string, default_value?: T): unknown;
	/** Anything scalar as text. */
	get_option_string(name: string, default_value?: string): string | undefined;
	/**
	 * A number, also one in a string. Bounds, which do not hold for the default, are kept with a warning.
	 * @throws as Prosody does, where a bound and a default are given and the value is no number
	 */
	get_option_number(name: string, default_value?: number, min?: number, max?: number): number | undefined;
	/** `true`, `"true"`, 1, `false`, `"false"`, 0. */
	get_option_boolean(name: string, default_value?: boolean): boolean | undefined;
	/**
	 * 13.0: a whole number; a fraction is cut off with a warning. It has bounds also if none are given: of Lua's integers
	 * in Prosody, of what JavaScript has exactly (2^53) here.
	 * @throws as Prosody does, where a default is given and the value is no number
	 */
	get_option_integer(name: string, default_value?: number, min?: number, max?: number): number | undefined;
	/** 13.0: seconds, from a number or text such as "2 days"; "never", false and what is negative are infinity. */
	get_option_period(name: string, default_value?: number | string, min?: number | string, max?: number | string):
		number | undefined;
	/** 13.0: one of the given values. An error is logged for any other scalar, which is given all the same. */
	get_option_enum<T extends string>(name: string, default_value: T, ...others: T[]): unknown;
	/** A new list; what is no table becomes its only item. */
	get_option_array(name: string, default_value?: readonly unknown[]): ProsodyArray<unknown> | undefined;
	/** The items of such a list. */
	get_option_set(name: string, default_value?: readonly unknown[]): ProsodySet<unknown> | undefined;
	/** The same, with what the server as a whole is set to; the default counts for either. */
	get_option_inherited_set(name: string, default_value?: readonly unknown[]): ProsodySet<unknown> | undefined;

	/** Handlers of a higher priority run first (default 0), those of one priority in the order hooked. */
	hook<Name extends string>(event: Name, handler: EventHandler<EventPayload<Name>>, priority?: number): void;
	hook_global<Name extends string>(event: Name, handler: EventHandler<EventPayload<Name>>, priority?: number): void;
	unhook<Name extends string>(event: Name, handler: EventHandler<EventPayload<Name>>): void;
	/** Hooks an element on a stream by namespace and name. */
	hook_tag(
		xmlns: string | undefined, name: string,
		handler: (this: void, origin: Session, stanza: Stanza, event: StanzaEvent) => unknown, priority?: number,
	): void;
	/** Fires an event on the module's host; the first result that is not nil. */
	fire_event<Name extends string>(event: Name, payload: EventPayload<Name>): unknown;

	/** Loads the named module first if it is not loaded. */
	depends(name: string): unknown;
	/** A table that all modules, and this one after a reload, see under this path. */
	shared<T extends object>(path: string): T;
	open_store<Data = unknown>(name?: string, type?: "keyval"): KeyvalStore<Data>;
	open_store<Value = unknown>(name: string | undefined, type: "map"): MapStore<Value>;

	/** Hands a stanza to the router, from the host unless an origin is given. */
	send(stanza: Stanza, origin?: Session): void;
	/**
	 * Sends an IQ and promises its answer: resolved with the result, rejected with an error object, after `timeout`
	 * seconds (120) with `remote-server-timeout`. An answer counts only from the address it was sent to.
	 */
	send_iq(stanza: Stanza, origin?: Session, timeout?: number): ProsodyPromise<IqResponse, ErrorObject>;
	/** Calls back after `delay` seconds; a number returned calls again after as many. */
	add_timer(delay: number, callback: (this: void, now: number) => number | undefined | void): Timer;

	/** Advertises a feature in the host's disco#info. */
	add_feature(feature: string): void;
	add_item(key: string, item: unknown): void;
	remove_item(key: string, item: unknown): void;
	get_host_items(key: string): readonly unknown[];

	/** Called after the module was loaded. */
	load?: (this: void) => void;
	/** Called before the module goes away; its hooks, timers and items go by themselves. */
	unload?: (this: void) => void;
	/** State to carry over a reload. */
	save?: (this: void) => unknown;
	/** Gets what `save` returned, in the new instance. */
	restore?: (this: void, state: unknown) => void;
	/**
	 * Runs `prosodyctl mod_NAME …`, for which Prosody loads the module on the host `*`. Never called by a running server.
	 * @param arg the words after the module's name
	 * @returns the exit status, or what to print; 0 for either nothing or text
	 */
	command?: (this: void, arg: readonly string[]) => number | string | undefined;
}

/** A module: what a module file is in Prosody, with its three globals as arguments. Runs once a load. */
export type ProsodyModule = (this: void, module: ModuleApi, prosody: Prosody, require: Require) => void;
