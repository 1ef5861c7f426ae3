import { CommandError, EXIT, isSystemError, withFile } from "./errors";
import { Transform } from "node:stream";
import { basename, isAbsolute } from "node:path";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { findLuaBuild, locate, luaBuildFolder } from "../lua-build";
import { modules } from "../../modules";
import { pipeline } from "node:stream/promises";

/** Where Debian's packages have the originals, which have the same names. */
const PACKAGED = "/usr/lib/prosody/modules/";

/**
 * `prosody-push locate`: prints a text, such as a server's log, and names the TypeScript line at each position in the Lua
 * build. Positions in files that are known to be others are left alone: in the packaged ones, and in files that are on
 * this machine and hold something else. What comes in goes out a line at a time.
 * @param path standard input if undefined
 */
export async function locateCommand(path: string | undefined): Promise<void> {
	const absent = Object.keys(modules).find((name) => findLuaBuild(name) === undefined);
	if (absent !== undefined) {
		throw new CommandError(`no mod_${absent}.lua in ${luaBuildFolder()}; to get it: npm run build`, EXIT.unavailable);
	}
	if (path !== undefined && withFile(path, "read", () => statSync(path)).isDirectory()) {
		throw new CommandError(`cannot read ${path}: it is a folder`);
	}
	const input = path === undefined ? process.stdin : createReadStream(path);
	try {
		await pipeline(input, locating(), process.stdout, { end: false });
	} catch (error) {
		// Whoever reads the output may stop reading.
		if (!(isSystemError(error) && error.code === "EPIPE")) throw error;
	}
}

/** Passes text on line by line, with its positions replaced. Bytes that are no text stay as they are. */
function locating(): Transform {
	let rest = "";
	const isAnother = otherFiles();
	const replaced = (text: string): Buffer => Buffer.from(locate(text, ({ file, line, lua, written }) => {
		return isAnother(lua) ? written : `${file}:${line} (${written})`;
	}), "latin1");
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			const text = rest + chunk.toString("latin1");
			const end = text.lastIndexOf("\n") + 1;
			rest = text.slice(end);
			done(null, replaced(text.slice(0, end)));
		},
		flush(done) {
			done(null, replaced(rest));
		},
	});
}

/** Tells of a Lua file in a log whether it is known not to be the build; each is looked at once. */
function otherFiles(): (lua: string) => boolean {
	const known = new Map<string, boolean>();
	return (lua) => {
		const isAnother = known.get(lua) ?? (lua.startsWith(PACKAGED) || hasOtherContent(lua));
		known.set(lua, isAnother);
		return isAnother;
	};
}

/** Of a file that is not on this machine, or cannot be read, nobody knows. */
function hasOtherContent(lua: string): boolean {
	const build = findLuaBuild(basename(lua, ".lua").slice("mod_".length));
	if (!isAbsolute(lua) || build === undefined || statSync(lua, { throwIfNoEntry: false })?.isFile() !== true) {
		return false;
	}
	try {
		return !readFileSync(lua).equals(readFileSync(build));
	} catch (error) {
		if (isSystemError(error)) return false;
		throw error;
	}
}
