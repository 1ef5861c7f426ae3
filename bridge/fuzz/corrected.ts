import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { correct, type Correction } from "./corrections";
import { findOriginal, type Places } from "../lanes/originals";

/** Copies of originals with their known differences corrected, in a folder that is there until `remove`. */
export interface Corrected {
	places: Places;
	/** The same, save that one of the differences, by its ID, is left as it is. */
	without: ReadonlyMap<string, Places>;
	remove(): void;
}

/**
 * Makes corrected copies of the originals of these modules.
 * @param file the corrections' name, for messages
 * @throws CorrectionError where they do not fit the original
 */
export function correctOriginals(
	modules: readonly string[], places: Places, corrections: readonly Correction[], file: string,
): Corrected {
	const folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
	const remove = (): void => rmSync(folder, { recursive: true });
	const copy = (name: string, some: readonly Correction[]): Places => {
		const copies = join(folder, name);
		mkdirSync(copies);
		for (const module of modules) {
			const original = findOriginal(module, places);
			if (!original) continue;
			const source = correct(readFileSync(original.path, "utf8"), some, original.series, file);
			writeFileSync(join(copies, `mod_${module}.lua`), source);
		}
		return { ...places, original: copies };
	};
	try {
		const ids = new Set(corrections.flatMap(({ id }) => id ?? []));
		return {
			places: copy("all", corrections),
			without: new Map(Array.from(ids, (id, index) => {
				return [id, copy(String(index), corrections.filter((correction) => correction.id !== id))];
			})),
			remove,
		};
	} catch (error) {
		remove();
		throw error;
	}
}
