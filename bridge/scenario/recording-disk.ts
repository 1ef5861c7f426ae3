import type { Disk } from "../api";
import { parseLuaData } from "../node/lua-data";

/** Told of what was written: data, or null where it was deleted. `user` is undefined for the host's own data. */
export type WriteListener = (store: string, user: string | undefined, data: unknown) => void;

/** A disk that tells what is written to it, once it is written; not of lists. */
export function createRecordingDisk(disk: Disk, onWritten: WriteListener): Disk {
	return {
		read: (host, store, user, kind) => disk.read(host, store, user, kind),
		write(host, store, user, text, kind) {
			disk.write(host, store, user, text, kind);
			if (kind === "list") return;
			onWritten(store, user, text === undefined ? null : parseLuaData(text, store) ?? null);
		},
		users: (host, store, kind) => disk.users(host, store, kind),
	};
}
