import { afterAll, describe, expect, it } from "vitest";
import { findProsody, missingFor } from "../../bridge/prosody/root";
import { hasLibrary } from "../../bridge/prosody/libraries";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

describe.each(prosodyRoots)("the Prosody in %s", (root) => {
	itUnlessLacking(missingFor(root)?.missing, "has libraries of its own, by series, and those of others that are installed", () => {
		const prosody = findProsody(root)!;
		const has = (name: string): boolean => hasLibrary(prosody, name);
		expect(has("util.stanza")).toBe(true);
		expect(has("util.crypto")).toBe(!prosody.version.startsWith("0."));
		// What it listens with.
		expect(has("socket.core")).toBe(true);
		expect(has("util.unheard_of")).toBe(false);
	});
});

describe("a Prosody whose Lua does not run", () => {
	const folder = mkdtempSync(join(tmpdir(), "libraries-"));
	afterAll(() => rmSync(folder, { recursive: true }));

	it.each([
		["lua-of-nobody", "lua-of-nobody"], ["true", "nothing"], ["echo", "- /usr/lib/prosody util.unasked"],
	])("is not said to lack a library: %s", (lua, said) => {
		const program = join(folder, lua);
		writeFileSync(program, `#!/usr/bin/env ${lua}\n`);
		const prosody = { root: "/", version: "13.0.1", program, moduleFolder: "/usr/lib/prosody/modules" };
		// Each time it is asked.
		for (const library of ["util.unasked", "util.unasked"]) {
			expect(() => hasLibrary(prosody, library)).toThrow(`${lua} in / does not say whether it has util.unasked, but: `);
			expect(() => hasLibrary(prosody, library)).toThrow(said);
		}
	});
});
