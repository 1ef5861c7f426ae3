import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { bytesToText } from "../../bridge/native/bytes";
import { isBad, runSpecs } from "../../bridge/spec";
import { packageRoot } from "../../bridge/package-root";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";

/*
 * Our specs under Debian's busted, in a Lua of this machine: with our libraries, so that what passes in Fengari is no
 * mistake of our runner's or of Fengari's; and with Prosody's own and luaossl, so that what they say is true of these.
 */

const SPECS = "spec/lua";
const NATIVE = "test/specs/native";
const LUA = "lua5.4";

/** The spec of luaossl, which is no part of Prosody. */
const LUAOSSL = "openssl_cipher_spec.lua";

/** Specs of what is JavaScript in our environment, and of what builds on it and on no library of Prosody 0.12's. */
const NEEDS_NATIVES = [
	LUAOSSL,
	...["crypto", "encodings", "hashes", "jwt", "random", "strbitop", "time"].map((library) => `util_${library}_spec.lua`),
];

/** Of what is ours alone: stricter than Prosody 0.12.3, or from 13.0 (lua/README.md). */
const OURS = "#ours";

/** Verdicts by `file: full name of the test`. */
type Verdicts = Record<string, string>;

const specs = readdirSync(join(packageRoot(), SPECS)).filter((file) => file.endsWith("_spec.lua")).sort();
const libraries = findLibraries();
const lackingBusted = canRun("require 'busted.runner'") ? undefined : `no busted for ${LUA} here`;
const lackingLuaossl = lackingBusted ?? (canRun("require 'openssl.cipher'") ? undefined : `no luaossl for ${LUA} here`);
const lackingProsody = lackingBusted ?? (libraries === undefined ? `no Prosody 0.12 here whose libraries run in ${LUA}` : undefined);

let ours: Verdicts;
let data: string;
beforeAll(() => {
	data = mkdtempSync(join(tmpdir(), "native-specs-"));
	if (lackingProsody === undefined || lackingLuaossl === undefined) ours = verdictsOfRunner();
}, 120_000);
afterAll(() => rmSync(data, { recursive: true }));

describe("our specs, under busted in Lua itself", () => {
	itNatively("give the same verdicts with our libraries as in Fengari", () => {
		const files = specs.filter((file) => !NEEDS_NATIVES.includes(file));
		const native = runBusted(files, ["--helper", `${NATIVE}/own_environment.lua`, "--lpath", "lua/?.lua"]);
		expect(native).toEqual(select(ours, (name) => files.some((file) => name.startsWith(`${SPECS}/${file}:`))));
	});

	itNatively("give the same verdicts with Prosody's own libraries, save for what is ours alone", () => {
		const files = specs.filter((file) => file !== LUAOSSL);
		const native = runBusted(files, [
			"--helper", `${NATIVE}/prosody_environment.lua`,
			"--lpath", `${libraries}/?.lua`, "--cpath", `${libraries}/?.so`, "--exclude-tags", OURS.slice(1),
		]);
		expect(native).toEqual(select(ours, (name) => !name.startsWith(`${SPECS}/${LUAOSSL}:`) && !name.includes(OURS)));
	});

	itUnlessLacking(lackingLuaossl, "give the same verdicts with luaossl", () => {
		expect(runBusted([LUAOSSL], [])).toEqual(select(ours, (name) => name.startsWith(`${SPECS}/${LUAOSSL}:`)));
	}, 120_000);
});

function itNatively(name: string, test: () => void): void {
	itUnlessLacking(lackingProsody, name, test, 120_000);
}

/** Where a Prosody 0.12 has its libraries. */
function findLibraries(): string | undefined {
	return prosodyRoots.map((root) => join(root, "usr/lib/prosody")).find((folder) => {
		const version = join(folder, "prosody.version");
		return existsSync(version) && readFileSync(version, "utf8").startsWith("0.12")
			&& canRun(`package.cpath = ${JSON.stringify(`${folder}/?.so`)}; require "util.encodings"`);
	});
}

function canRun(chunk: string): boolean {
	try {
		execFileSync(LUA, ["-e", chunk], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

function verdictsOfRunner(): Verdicts {
	const results = runSpecs(specs.map((file) => `${SPECS}/${file}`));
	const verdicts: Verdicts = {};
	for (const result of results) {
		const { spec, names, status, problems } = result;
		add(verdicts, `${spec}: ${names.join(" ")}`, isBad(result) ? problems[0]?.message ?? status : status);
	}
	return verdicts;
}

/** @throws what busted says, if it does not come to its end */
function runBusted(files: readonly string[], options: readonly string[]): Verdicts {
	const output = execBusted([
		...options, "--output", `${NATIVE}/verdicts.lua`, ...files.map((file) => `${SPECS}/${file}`),
	]);
	const verdicts: Verdicts = {};
	for (const line of output.split("\n").filter((text) => /^\w/.test(text))) {
		const [verdict, file, name] = line.split("\t");
		if (verdict !== "why") add(verdicts, `${file}: ${name}`, verdict!);
	}
	if (Object.values(verdicts).some((verdict) => verdict !== "success" && verdict !== "pending")) throw new Error(output);
	return verdicts;
}

/** Its exit status is the number of what failed, so any is taken as long as there is output. */
function execBusted(args: readonly string[]): string {
	try {
		return bytesToText(execFileSync(LUA, [`${NATIVE}/busted.lua`, "--ignore-lua", ...args], {
			cwd: packageRoot(),
			env: { ...process.env, PROSODY_LIBRARIES: libraries, PROSODY_DATA: data },
			maxBuffer: 1 << 26,
			stdio: ["ignore", "pipe", "pipe"],
		}));
	} catch (error) {
		const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
		throw new Error(`busted failed:\n${String(stdout ?? "")}${String(stderr ?? "")}`, { cause: error });
	}
}

/** Two tests of one name could not be told apart. */
function add(verdicts: Verdicts, name: string, verdict: string): void {
	if (name in verdicts) throw new Error(`two tests are called '${name}'`);
	verdicts[name] = verdict;
}

function select(verdicts: Verdicts, isWanted: (name: string) => boolean): Verdicts {
	return Object.fromEntries(Object.entries(verdicts).filter(([name]) => isWanted(name)));
}
