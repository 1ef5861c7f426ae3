import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findLuaBuild } from "../../bridge/lua-build";
import { findOriginal } from "../../bridge/lanes/originals";
import { build } from "../cli/prosody-push";

describe("the search for upstream modules", () => {
	let prosodyRoot: string;
	const folder = (): string => join(prosodyRoot, "usr/local/lib/prosody/modules");

	beforeAll(build);
	beforeEach(() => {
		prosodyRoot = mkdtempSync(join(tmpdir(), "prosody-push-"));
		mkdirSync(folder(), { recursive: true });
	});
	afterEach(() => rmSync(prosodyRoot, { recursive: true }));

	it("passes over our own Lua file where that is installed", () => {
		cpSync(findLuaBuild("push2")!, join(folder(), "mod_push2.lua"));
		expect(findOriginal("push2", { prosodyRoot })).toBeUndefined();
		expect(findOriginal("push2", { prosodyRoot, original: folder() })).toBeDefined();
	});

	it("finds what speaks of ours further down", () => {
		writeFileSync(join(folder(), "mod_push2.lua"), "-- Push\nlocal st = require \"util.stanza\";\n-- prosody-push has another\n");
		expect(findOriginal("push2", { prosodyRoot })).toMatchObject({ path: join(folder(), "mod_push2.lua") });
	});

	it.each([
		["cloud_notify", "util.stanza", "0.12"], ["cloud_notify", "prosody.util.stanza", "13.0"],
		["web_push", "util.stanza", undefined], ["web_push", "prosody.util.stanza", "13.0"], ["push2", "util.crypto", "13.0"],
	])("is for the Prosody that has what it requires, and no module of that name itself: mod_%s with %s", (name, library, series) => {
		writeFileSync(join(folder(), `mod_${name}.lua`), `local it = require "${library}";\n`);
		expect(findOriginal(name, { prosodyRoot })).toMatchObject({ series });
	});
});
