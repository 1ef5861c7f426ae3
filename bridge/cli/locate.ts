import { CommandError, EXIT, isSystemError, withFile } from "./errors";
import { Transform } from "node:stream";
import { createReadStream, statSync } from "node:fs";
import { findLuaBuild, locate, luaBuildFolder } from "../lua-build";
import { modules } from "../../modules";
import { pipeline } from "node:stream/promises";

/**
 * `prosody-push locate`: prints a text, such as a server's log, and names the TypeScript line at each position in the Lua
 * build. What comes in goes out a line at a time.
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
	const replaced = (text: string): Buffer => {
		return Buffer.from(locate(text, ({ file, line, written }) => `${file}:${line} (${written})`), "latin1");
	};
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
