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
		expect(findOriginal("push2", { prosodyRoot })).toMatchObject({ series: "0.12" });
	});
});
