import {
	closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Disk, StoredKind } from "../api/host";
import { bytesToText, textToBytes } from "../native/bytes";

/** A disk that forgets all when it is dropped. */
export function createMemoryDisk(): Disk {
	interface Entry {
		host: string;
		store: string;
		user: string | undefined;
		kind: StoredKind;
		text: string;
	}
	const texts = new Map<string, Entry>();
	const key = (...names: (string | undefined)[]): string => JSON.stringify(names);
	return {
		read: (host, store, user, kind = "keyval") => texts.get(key(host, store, user, kind))?.text,
		write(host, store, user, text, kind = "keyval") {
			if (text === undefined) texts.delete(key(host, store, user, kind));
			else texts.set(key(host, store, user, kind), { host, store, user, kind, text });
		},
		users(host, store, kind = "keyval") {
			const users: string[] = [];
			for (const entry of texts.values()) {
				const isOfStore = entry.host === host && entry.store === store && entry.kind === kind;
				if (isOfStore && entry.user !== undefined) users.push(entry.user);
			}
			return users.sort();
		},
	};
}

/** What Prosody's own umask leaves: its group may read, others may not. */
const FILE_MODE = 0o640;
const DIRECTORY_MODE = 0o750;
const EXTENSIONS: Record<StoredKind, string> = { keyval: ".dat", list: ".list" };

/** A name as Prosody's `internal` storage writes it into a path: bytes other than letters and digits as `%xx`. */
function encodeName(name: string, plain = /[A-Za-z0-9]/): string {
	let encoded = "";
	for (const byte of textToBytes(name)) {
		const character = String.fromCharCode(byte);
		encoded += plain.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
	}
	return encoded;
}

function decodeName(encoded: string): string {
	const bytes = encoded.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	return bytesToText(Buffer.from(bytes, "latin1"));
}

/** The names of stores were not encoded once, so that their underscores still are not. */
function encodeStore(store: string): string {
	return encodeName(store, /[A-Za-z0-9_]/);
}

/**
 * Prosody's data directory, in the files of its `internal` storage: `HOST/STORE/USER.dat`, or `HOST/STORE.dat` for the
 * host's own data, and with the extension `.list` for lists. A write is on the disk when it returns, and a crash leaves
 * the old or the new file whole.
 * @param path the data directory; it is made with the first write
 */
export function createDirectoryDisk(path: string): Disk {
	const directoryOf = (host: string, store: string): string => join(path, encodeName(host), encodeStore(store));
	const fileOf = (host: string, store: string, user: string | undefined, kind: StoredKind = "keyval"): string =>
		user === undefined
			? directoryOf(host, store) + EXTENSIONS[kind]
			: join(directoryOf(host, store), encodeName(user) + EXTENSIONS[kind]);
	return {
		read(host, store, user, kind) {
			const bytes = unlessMissing(() => readFileSync(fileOf(host, store, user, kind)));
			return bytes === undefined ? undefined : bytesToText(bytes);
		},
		write(host, store, user, text, kind) {
			const file = fileOf(host, store, user, kind);
			if (text === undefined) removeDurably(file);
			else writeDurably(file, textToBytes(text));
		},
		users(host, store, kind = "keyval") {
			const names = unlessMissing(() => readdirSync(directoryOf(host, store))) ?? [];
			return names
				.filter((name) => name.endsWith(EXTENSIONS[kind]))
				.map((name) => decodeName(name.slice(0, -EXTENSIONS[kind].length)))
				.sort();
		},
	};
}

function unlessMissing<Result>(operation: () => Result): Result | undefined {
	try {
		return operation();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

function writeDurably(file: string, bytes: Uint8Array): void {
	const directory = dirname(file);
	makeDirectory(directory);
	const scratch = `${file}~`;
	try {
		const descriptor = openSync(scratch, "w", FILE_MODE);
		try {
			writeFileSync(descriptor, bytes);
			fsyncSync(descriptor);
		} finally {
			closeSync(descriptor);
		}
		renameSync(scratch, file);
	} catch (error) {
		rmSync(scratch, { force: true });
		throw error;
	}
	syncDirectory(directory);
}

function removeDurably(file: string): void {
	const directory = dirname(file);
	const removed = unlessMissing(() => {
		rmSync(file);
		return true;
	});
	if (removed === true) syncDirectory(directory);
}

/** Makes the directory and those above it, so that they survive a crash too. */
function makeDirectory(directory: string): void {
	const first = mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
	if (first === undefined) return;
	const top = dirname(first);
	for (let changed = dirname(directory); ; changed = dirname(changed)) {
		syncDirectory(changed);
		if (changed === top || changed === dirname(changed)) break;
	}
}

function syncDirectory(directory: string): void {
	const descriptor = openSync(directory, "r");
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
