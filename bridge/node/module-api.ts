import type { ErrorLibrary, ErrorObject, Promise as ProsodyPromise, TimerLibrary } from "../api/libraries";
import type { EventHandler, EventPayload, StanzaEvent } from "../api/events";
import type { Events, HostObject, Prosody } from "../api/prosody";
import type { IqResponse, KeyvalStore, MapStore, ModuleApi, Timer } from "../api/module";
import type { LogFunction, LogLevel, Session } from "../api/session";
import type { Stanza } from "../api/stanza";
import type { Storage } from "./storage";
import { createOptionsApi, type Options, type OptionsApi } from "./options";
import { IqTracker } from "./send-iq";

type Handler = (this: void, payload: never) => unknown;

/** What the module API of a host works on. */
export interface ModuleContext {
	prosody: Prosody;
	options: Options;
	storage: Storage;
	timer: TimerLibrary;
	errors: ErrorLibrary;
	/** A log function for this source. */
	log(this: void, source: string): LogFunction;
	/** The table shared under this absolute path, made if it is missing. */
	shared(this: void, path: string): object;
	/** Items of all modules on the host. */
	items(this: void, host: string, key: string): readonly unknown[];
	/** The module of that name for the one that depends on it. */
	depends(this: void, dependent: NodeModule, name: string): unknown;
}

/** The `module` object of one loaded module; `release` ends it. */
export class NodeModule implements ModuleApi {
	readonly name: string;
	readonly host: string;
	load?: (this: void) => void;
	unload?: (this: void) => void;
	save?: (this: void) => unknown;
	restore?: (this: void, state: unknown) => void;

	readonly get_option: OptionsApi["get_option"];
	readonly get_option_scalar: OptionsApi["get_option_scalar"];
	readonly get_option_string: OptionsApi["get_option_string"];
	readonly get_option_number: OptionsApi["get_option_number"];
	readonly get_option_boolean: OptionsApi["get_option_boolean"];
	readonly get_option_integer: OptionsApi["get_option_integer"];
	readonly get_option_period: OptionsApi["get_option_period"];
	readonly get_option_enum: OptionsApi["get_option_enum"];
	readonly get_option_array: OptionsApi["get_option_array"];
	readonly get_option_set: OptionsApi["get_option_set"];
	readonly get_option_inherited_set: OptionsApi["get_option_inherited_set"];

	readonly #context: ModuleContext;
	readonly #host_object: HostObject;
	readonly #log: LogFunction;
	/** By event; lists are replaced, never changed. */
	readonly #hooks = new Map<Events, Map<string, readonly Handler[]>>();
	readonly #items = new Map<string, unknown[]>();
	readonly #timers = new Set<unknown>();
	#iqs: IqTracker | undefined;

	constructor(context: ModuleContext, host: HostObject, name: string) {
		this.name = name;
		this.host = host.host;
		this.#context = context;
		this.#host_object = host;
		this.#log = context.log(`${host.host}:${name}`);
		const options = createOptionsApi(context.options, this.#log);
		this.get_option = options.get_option;
		this.get_option_scalar = options.get_option_scalar;
		this.get_option_string = options.get_option_string;
		this.get_option_number = options.get_option_number;
		this.get_option_boolean = options.get_option_boolean;
		this.get_option_integer = options.get_option_integer;
		this.get_option_period = options.get_option_period;
		this.get_option_enum = options.get_option_enum;
		this.get_option_array = options.get_option_array;
		this.get_option_set = options.get_option_set;
		this.get_option_inherited_set = options.get_option_inherited_set;
	}

	get_name(): string {
		return this.name;
	}

	get_host(): string {
		return this.host;
	}

	log(level: LogLevel, message: string, ...args: unknown[]): void {
		this.#log(level, message, ...args);
	}

	hook<Name extends string>(event: Name, handler: EventHandler<EventPayload<Name>>, priority?: number): void {
		this.#hook(this.#host_object.events, event, handler, priority);
	}

	hook_global<Name extends string>(event: Name, handler: EventHandler<EventPayload<Name>>, priority?: number): void {
		this.#hook(this.#context.prosody.events, event, handler, priority);
	}

	unhook<Name extends string>(event: Name, handler: EventHandler<EventPayload<Name>>): void {
		const { events } = this.#host_object;
		events.remove_handler(event, handler);
		const hooks = this.#hooks.get(events);
		const left = hooks?.get(event)?.filter((other) => other !== handler);
		if (left === undefined) return;
		if (left.length === 0) hooks!.delete(event);
		else hooks!.set(event, left);
	}

	hook_tag(
		xmlns: string | undefined, name: string,
		handler: (this: void, origin: Session, stanza: Stanza, event: StanzaEvent) => unknown, priority?: number,
	): void {
		const event = `stanza/${xmlns === undefined ? "" : `${xmlns}:`}${name}` as const;
		this.hook(event, (payload) => handler(payload.origin, payload.stanza, payload), priority);
	}

	fire_event<Name extends string>(event: Name, payload: EventPayload<Name>): unknown {
		return this.#host_object.events.fire_event(event, payload);
	}

	depends(name: string): unknown {
		return this.#context.depends(this, name);
	}

	shared<T extends object>(path: string): T {
		return this.#context.shared(this.#absolutePath(path)) as T;
	}

	open_store<Data = unknown>(name?: string, type?: "keyval"): KeyvalStore<Data>;
	open_store<Value = unknown>(name: string | undefined, type: "map"): MapStore<Value>;
	open_store(name: string = this.name, type?: string): KeyvalStore<unknown> | MapStore<unknown> {
		return this.#context.storage.open(this.host, name, type);
	}

	send(stanza: Stanza, origin?: Session): void {
		this.#context.prosody.core_post_stanza(origin ?? this.#host_object, stanza);
	}

	send_iq(stanza: Stanza, origin?: Session, timeout?: number): ProsodyPromise<IqResponse, ErrorObject> {
		// The host is the origin of what it sends itself.
		this.#iqs ??= new IqTracker(this, this.#context.errors, this.#host_object as unknown as Session);
		return this.#iqs.send(stanza, origin, timeout);
	}

	add_timer(delay: number, callback: (this: void, now: number) => number | undefined | void): Timer {
		const { timer } = this.#context;
		const id = timer.add_task(delay, (now) => {
			let again: number | undefined | void;
			try {
				again = callback(now);
			} finally {
				if (typeof again !== "number") this.#timers.delete(id);
			}
			return again;
		});
		this.#timers.add(id);
		return {
			stop: () => {
				this.#timers.delete(id);
				timer.stop(id);
			},
			reschedule: (new_delay) => {
				timer.reschedule(id, new_delay);
			},
		};
	}

	add_feature(feature: string): void {
		this.add_item("feature", feature);
	}

	add_item(key: string, item: unknown): void {
		const items = this.#items.get(key);
		if (items === undefined) this.#items.set(key, [item]);
		else items.push(item);
		this.#host_object.events.fire_event(`item-added/${key}`, { source: this, item });
	}

	remove_item(key: string, item: unknown): void {
		const items = this.#items.get(key) ?? [];
		const at = items.lastIndexOf(item);
		if (at < 0) return;
		items.splice(at, 1);
		this.#host_object.events.fire_event(`item-removed/${key}`, { source: this, item });
	}

	get_host_items(key: string): readonly unknown[] {
		return this.#context.items(this.host, key);
	}

	/** The module's own items. */
	own_items(key: string): readonly unknown[] {
		return this.#items.get(key) ?? [];
	}

	/** Takes back all that the module hooked, scheduled and added. */
	release(): void {
		for (const [events, hooks] of this.#hooks) {
			for (const [event, handlers] of hooks) {
				for (const handler of handlers) events.remove_handler(event, handler);
			}
		}
		this.#hooks.clear();
		for (const timer of this.#timers) this.#context.timer.stop(timer);
		this.#timers.clear();
		for (const [key, items] of this.#items) {
			for (const item of Array.from(items).reverse()) this.remove_item(key, item);
		}
		this.#items.clear();
	}

	#hook(events: Events, event: string, handler: Handler, priority: number | undefined): void {
		let hooks = this.#hooks.get(events);
		if (hooks === undefined) this.#hooks.set(events, hooks = new Map());
		const handlers = hooks.get(event) ?? [];
		if (!handlers.includes(handler)) hooks.set(event, [...handlers, handler]);
		events.add_handler(event, handler, priority);
	}

	/** A path that does not start with a slash lacks the host, and if it has no slash at all, the module too. */
	#absolutePath(path: string): string {
		if (path.startsWith("/")) return path;
		const slashes = path.split("/").length - 1;
		const missing = [this.host, this.name].slice(0, Math.max(0, 2 - slashes));
		return `/${[...missing, path].join("/")}`;
	}
}
