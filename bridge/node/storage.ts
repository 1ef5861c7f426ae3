import type { KeyvalStore, MapStore } from "../api/module";
import type { Disk } from "../api/host";
import type { LogFunction } from "../api/session";
import { isTable, table } from "./table";
import { luaIterable, multi } from "./multi";
import { parseLuaData } from "./lua-data";
import { serialize } from "./serialization";

type Name = string | undefined;

/** Opens stores of a host in the format of Prosody's `internal` storage. */
export interface Storage {
	/** Throws for a type that the storage does not have. */
	open(this: void, host: string, store: string, type?: "keyval"): KeyvalStore<unknown>;
	open(this: void, host: string, store: string, type: "map"): MapStore<unknown>;
	open(this: void, host: string, store: string, type?: string): KeyvalStore<unknown> | MapStore<unknown>;
}

/** Storage on this disk. Failures of the disk are logged, and the store then answers nil and a message. */
export function createStorage(disk: Disk, log: LogFunction): Storage {
	const open = (host: string, store: string, type = "keyval"): KeyvalStore<unknown> | MapStore<unknown> => {
		const keyval = new DiskStore(disk, log, host, store);
		if (type === "keyval") return keyval;
		if (type === "map") return new KeyStore(keyval);
		throw new Error(`the internal storage has no stores of type ${JSON.stringify(type)}`);
	};
	return { open: open as Storage["open"] };
}

/** A chunk that returns the data, as Prosody writes it. */
function chunkOf(data: unknown): string {
	return `return ${serialize(data)};\n`;
}

const EMPTY = chunkOf({});

class DiskStore implements KeyvalStore<unknown> {
	readonly #disk: Disk;
	readonly #log: LogFunction;
	readonly #host: string;
	readonly #store: string;

	constructor(disk: Disk, log: LogFunction, host: string, store: string) {
		this.#disk = disk;
		this.#log = log;
		this.#host = host;
		this.#store = store;
	}

	get(user: Name): LuaMultiReturn<[unknown, string?]> {
		try {
			const chunk = this.#disk.read(this.#host, this.#store, user);
			return multi(chunk === undefined ? undefined : parseLuaData(chunk, this.#store));
		} catch (error) {
			return this.#failed("Failed to load %s storage ('%s') for user: %s@%s", error, user, "Error reading storage");
		}
	}

	set(user: Name, data: unknown): LuaMultiReturn<[boolean | undefined, string?]> {
		const chunk = chunkOf(data ?? {});
		try {
			this.#disk.write(this.#host, this.#store, user, chunk === EMPTY ? undefined : chunk);
		} catch (error) {
			const message = "Unable to write to %s storage ('%s') for user: %s@%s";
			return this.#failed(message, error, user, "Error saving to storage");
		}
		return multi(true);
	}

	users(): LuaIterable<string> {
		return luaIterable(this.#disk.users(this.#host, this.#store));
	}

	#failed(message: string, error: unknown, user: Name, answer: string): LuaMultiReturn<[undefined, string]> {
		const reason = error instanceof Error ? error.message : error;
		this.#log("error", message, this.#store, reason, user ?? "nil", this.#host);
		return multi(undefined, answer);
	}
}

/** A view of a keyval store by key. */
class KeyStore implements MapStore<unknown> {
	readonly #store: KeyvalStore<unknown>;

	constructor(store: KeyvalStore<unknown>) {
		this.#store = store;
	}

	get(user: Name, key: string): LuaMultiReturn<[unknown, string?]> {
		const [data, error] = this.#store.get(user);
		return data === undefined ? multi(undefined, error) : multi(isTable(data) ? data[key] : undefined);
	}

	set(user: Name, key: string, value: unknown): LuaMultiReturn<[boolean | undefined, string?]> {
		const [data = table<unknown>(), error] = this.#store.get(user);
		if (error !== undefined) return multi(undefined, error);
		if (!isTable(data)) return multi(undefined, "The store holds no table of keys");
		data[key] = value;
		return this.#store.set(user, data);
	}
}
