import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { correct } from "./corrections";
import { findOriginal, placesOfOthers, type Original, type Places } from "../lanes/originals";
import type { CorrectionFile } from "./correction-file";

/** Copies of originals with their known differences corrected, in a folder that is there until `remove`. */
export interface Corrected {
	places: Places;
	/** The same, save that one of the differences, by its ID, is left as it is. */
	without: ReadonlyMap<string, Places>;
	remove(): void;
}

/**
 * Makes corrected copies of the originals of these modules, and of those that they depend on. One without corrections is
 * copied as it is.
 * @param files corrections, by the module's name
 * @throws CorrectionError where they do not fit the original
 */
export function correctOriginals(
	modules: readonly string[], places: Places, files: ReadonlyMap<string, CorrectionFile>,
): Corrected {
	const originals = originalsOf(modules, places);
	const folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
	const remove = (): void => rmSync(folder, { recursive: true });
	const copy = (name: string, without?: string): Places => {
		const copies = join(folder, name);
		mkdirSync(copies);
		for (const [module, { path, series }] of originals) {
			const { corrections, file } = files.get(module) ?? { corrections: [], file: "" };
			const some = corrections.filter(({ id }) => id === undefined || id !== without);
			writeFileSync(join(copies, `mod_${module}.lua`), correct(readFileSync(path, "utf8"), some, series, file));
		}
		return { ...places, original: copies };
	};
	try {
		const corrections = [...originals.keys()].flatMap((module) => files.get(module)?.corrections ?? []);
		const ids = [...new Set(corrections.flatMap(({ id }) => id ?? []))];
		return {
			places: copy("all"),
			without: new Map(ids.map((id, index) => [id, copy(String(index), id)])),
			remove,
		};
	} catch (error) {
		remove();
		throw error;
	}
}

/** The originals of modules, and of those that they depend on, by name. */
export function originalsOf(modules: readonly string[], places: Places): Map<string, Original> {
	const originals = new Map<string, Original>();
	const add = (name: string, where: Places): void => {
		const original = originals.has(name) ? undefined : findOriginal(name, where);
		if (!original) return;
		originals.set(name, original);
		const source = readFileSync(original.path, "utf8");
		for (const [, needed] of source.matchAll(/\bmodule:depends\s*\(?\s*["']([\w-]+)["']/g)) add(needed!, placesOfOthers(places));
	};
	for (const name of modules) add(name, places);
	return originals;
}
