import { modules } from "../../modules";
import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { SERIES, type Series } from "../server/series";

/** Where Debian's packages and Prosody's own installer put modules. */
const MODULE_FOLDERS = ["usr/lib/prosody/modules", "usr/local/lib/prosody/modules"];

/** What 13.0 has in its core: a module of that name that is written for 0.12 is not what 13.0 runs. */
const IN_CORE_OF_13: ReadonlySet<string> = new Set(["cloud_notify"]);

/** Libraries that 0.12 lacks. */
const NEW_LIBRARIES: ReadonlySet<string> = new Set(["util.crypto"]);

/** An upstream module's file. */
export interface Original {
	path: string;
	/**
	 * By the libraries that it requires: 13.0 moved them below `prosody.`, where 0.12 has none, and has new ones. It still takes the old names, so that
	 * a module with these alone is for either, unless 13.0 has one of its own: undefined.
	 */
	series: Series | undefined;
}

/** Where to look for upstream modules. */
export interface Places {
	/** A module's file, or a folder of modules: the only place to look if given. */
	original?: string;
	/** The root of the file system that Prosody is installed in. */
	prosodyRoot: string;
	/** Modules that lanes of ours have from there, too, without `mod_`; none if absent. */
	upstream?: readonly string[];
	/** A folder of recordings to show for want of an upstream module; none if absent. */
	recorded?: string;
}

/** The folders in which modules are looked for. */
export function moduleFolders({ original, prosodyRoot }: Places): string[] {
	return original !== undefined ? [original] : MODULE_FOLDERS.map((folder) => join(prosodyRoot, folder));
}

/**
 * Finds the upstream file of a module, under the names that Prosody knows: `mod_NAME/mod_NAME.lua` and `mod_NAME.lua`.
 * A file that was given is that of any module, unless it is called `mod_NAME.lua` after another of ours.
 * @param name without `mod_`
 * @returns undefined if there is none
 * @throws what reading the file throws
 */
export function findOriginal(name: string, places: Places): Original | undefined {
	// Who installed our Lua file has it where Prosody's own would be.
	const isThere = (file: string): boolean => isFile(file) && (places.original !== undefined || !isOurs(file));
	const path = candidates(name, places).find(isThere);
	return path === undefined ? undefined : { path, series: seriesOf(name, readFileSync(path, "utf8")) };
}

/** The newest Prosody that any of these upstream modules is for; undefined if none is there that tells. */
export function newestSeries(names: readonly string[], places: Places): Series | undefined {
	const series = new Set(names.map((name) => findOriginal(name, places)?.series));
	return [...SERIES].reverse().find((one) => series.has(one));
}

/**
 * Finds the file of a module of others, which is loaded beside those under test: where originals are, or, if the file of
 * one original was given, in the Prosody that is installed.
 * @param name without `mod_`
 * @throws what reading the file throws
 */
export function findOther(name: string, places: Places): Original | undefined {
	return findOriginal(name, placesOfOthers(places));
}

/** Where modules of others are looked for. */
export function placesOfOthers({ original, prosodyRoot }: Places): Places {
	return original !== undefined && isFile(original) ? { prosodyRoot } : { original, prosodyRoot };
}

function candidates(name: string, places: Places): string[] {
	if (places.original !== undefined && isFile(places.original)) {
		const file = basename(places.original);
		const isAnother = Object.keys(modules).some((other) => other !== name && file === `mod_${other}.lua`);
		return isAnother ? [] : [places.original];
	}
	return moduleFolders(places).flatMap((folder) => {
		return [join(folder, `mod_${name}`, `mod_${name}.lua`), join(folder, `mod_${name}.lua`)];
	});
}

/** Whether a file is a Lua build of ours, by its first lines. */
function isOurs(path: string): boolean {
	return /^(?:--.*\n)*-- prosody-push /.test(readFileSync(path, "utf8"));
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function seriesOf(name: string, source: string): Series | undefined {
	const required = source.matchAll(/^(?:(?!--).)*?\brequire\s*\(?\s*["'](prosody\.)?((?:core|net|util)\.[\w.]+)/gm);
	const libraries = [...required].map(([, isBelow, name]) => ({ isNew: isBelow !== undefined || NEW_LIBRARIES.has(name!) }));
	if (libraries.some(({ isNew }) => isNew)) return "13.0";
	return libraries.length > 0 && IN_CORE_OF_13.has(name) ? "0.12" : undefined;
}
