import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { tmpdir } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import { createFengariHost } from "../../bridge/fengari";
import type { Libraries } from "../../bridge/api";
import { createMachine } from "../fengari/machine";
import { build } from "../cli/prosody-push";
import { itLacks, itUnlessLacking, listed, prosodyRoots } from "../prosody-here";
import { LUAS, lacking, luaFiles } from "./luas";

/** What a module may take from around it: what it is given by Prosody, and Lua's libraries as all of the four have them. */
const ALLOWED = ["module", "prosody", "require", "error", "ipairs", "math", "next", "pairs", "pcall", "print", "select",
	"string", "table", "tonumber", "tostring", "type"];
/** What modules look for, or need for their commands, that Prosody alone has. */
const PROSODY_ALONE = ["net.server", "core.storagemanager"];
/** What modules encrypt with, and go without: 13.0's, and luaossl's. */
const ON_SOME = ["util.crypto", "openssl.cipher"];
/** Lua 5.1's name, which LuaJIT has: looked at only where `table.unpack` is not there. */
const FALLBACK = "unpack";

beforeAll(build);

const libraryNames = (path: string): string[] => {
	return [...readFileSync(path, "utf8").matchAll(/require\w*\(([^)]*)\)/g)].map(([, argument]) => argument!);
};

/** The globals that a file reads and writes, by its bytecode. */
function globals(path: string, [command, ...args]: readonly string[]): { read: Set<string>; written: Set<string> } {
	const listing = execFileSync(command!, [...args, path, ...command === "luajit" ? ["-"] : []], { encoding: "utf8" });
	const names = (instruction: RegExp): Set<string> => new Set([...listing.matchAll(instruction)].map(([, name]) => name!));
	return {
		read: names(/\b(?:GETTABUP\b.*; _ENV|GGET\b.*;) "([^"]+)"/g),
		written: names(/\b(?:SETTABUP\b.*; _ENV|GSET\b.*;) "([^"]+)"/g),
	};
}

describe("a module's Lua file", () => {
	it("says what it is", () => {
		const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
		for (const path of luaFiles()) {
			const header = readFileSync(path, "utf8").split("\n\n", 1)[0]!;
			expect(header).toContain(`${basename(path, ".lua")} for Prosody`);
			expect(header).toContain(`prosody-push ${version}`);
			expect(header).toContain("SPDX-License-Identifier: MIT");
			expect(header).toContain("Generated from TypeScript");
		}
		expect(readFileSync(luaFiles()[0]!, "utf8")).toContain("-- XEP-0357: Push Notifications.");
	});

	it("keeps doc comments", () => {
		expect(readFileSync(luaFiles()[0]!, "utf8"))
			.toContain("\t--- Pushes what waits in the queues of sessions (XEP-0198): unacknowledged for too long");
	});

	it("requires Prosody's libraries and luaossl's cipher, and nothing else", () => {
		const { require } = createFengariHost(createMachine());
		const required = luaFiles().flatMap(libraryNames);
		expect(required).toContain("\"util.stanza\"");
		for (const name of required) {
			expect(name).toMatch(/^"(?:(?:core|net|util)\.[\w.]+|openssl\.cipher)"$/);
			if (PROSODY_ALONE.includes(JSON.parse(name) as string)) continue;
			expect(require(JSON.parse(name) as keyof Libraries), name).toBeDefined();
		}
	});

	for (const root of prosodyRoots.filter((folder) => existsSync(join(folder, "usr/lib/prosody/util/stanza.lua")))) {
		it(`requires what the Prosody in ${root} has`, () => {
			for (const name of luaFiles().flatMap(libraryNames)) {
				const library = JSON.parse(name) as string;
				if (ON_SOME.includes(library)) continue;
				const path = join(root, "usr/lib/prosody", library.replaceAll(".", "/"));
				expect(existsSync(`${path}.lua`) || existsSync(`${path}.so`), path).toBe(true);
			}
		});
	}

	for (const { name, lister } of LUAS) {
		itUnlessLacking(lacking(lister[0]!), `compiles for ${name}, and finds all that it uses around it`, () => {
			for (const path of luaFiles()) {
				const { read, written } = globals(path, lister);
				expect([...written]).toEqual([]);
				expect([...read]).toContain("module");
				expect([...read].filter((global) => !ALLOWED.includes(global) && global !== FALLBACK)).toEqual([]);
			}
		});
	}

	it("looks at Lua 5.1's `unpack` only where `table.unpack` is not there", () => {
		for (const path of luaFiles()) {
			const text = readFileSync(path, "utf8");
			const mentions = text.split("\n").filter((line) => /\bunpack\b(?!\()/.test(line));
			expect(mentions).toEqual(
				/\bunpack\(/.test(text) ? ["local unpack = table.unpack or unpack -- luacheck: ignore 113"] : [],
			);
		}
	});

	// Prosody's `make lint`, with its own rules.
	const trees = listed(process.env.PROSODY_SPECS).filter((tree) => existsSync(join(tree, ".luacheckrc")));
	for (const tree of trees) {
		itUnlessLacking(lacking("luacheck"), `passes the lint of the Prosody in ${tree}`, () => {
			const folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
			try {
				copyFileSync(join(tree, ".luacheckrc"), join(folder, ".luacheckrc"));
				mkdirSync(join(folder, "plugins"));
				for (const path of luaFiles()) copyFileSync(path, join(folder, "plugins", basename(path)));
				const output = execFileSync("luacheck", ["--no-color", "--no-cache", "plugins"], { cwd: folder, encoding: "utf8" });
				expect(output).toContain(`0 warnings / 0 errors in ${luaFiles().length} file`);
			} finally {
				rmSync(folder, { recursive: true });
			}
		});
	}
	if (trees.length === 0) {
		const name = "passes Prosody's lint";
		const unavailable = process.env.PROSODY_SPECS_LACKING;
		if (unavailable) it(name, (context) => context.skip(unavailable));
		else itLacks("no source tree of Prosody: PROSODY_SPECS names none", name);
	}
});
