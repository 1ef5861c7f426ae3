import { describe, expect } from "vitest";
import { findProsody, missingFor } from "../../bridge/prosody/root";
import { hasLibrary } from "../../bridge/prosody/libraries";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";

describe.each(prosodyRoots)("the Prosody in %s", (root) => {
	const it = (name: string, test: () => void): void => itUnlessLacking(missingFor(root)?.missing, name, test);

	it("has libraries of its own, by series, and those of others that are installed", () => {
		const prosody = findProsody(root)!;
		const has = (name: string): boolean => hasLibrary(prosody, name);
		expect(has("util.stanza")).toBe(true);
		expect(has("util.crypto")).toBe(!prosody.version.startsWith("0."));
		// What it listens with.
		expect(has("socket.core")).toBe(true);
		expect(has("util.unheard_of")).toBe(false);
	});
});
