/**
 * The comment that a Lua file begins with.
 * @param {import("./registry.mjs").RegisteredModule} module
 * @param {string} version the package's
 */
export function header({ name, description }, version) {
	return [
		`mod_${name} for Prosody`,
		...description.split("\n"),
		"",
		`prosody-push ${version}`,
		"SPDX-License-Identifier: MIT",
		"Copyright (c) 2026 The prosody-push authors",
		"",
		"Generated from TypeScript, each of whose files is a `do … end` here: change it there.",
		`\`prosody-push locate\` names the TypeScript line for a line of this file, such as mod_${name}.lua:100, in a log.`,
		"",
		// What a compiler does to names and lines is nothing to hold against who wrote them.
		"luacheck: ignore 432/____bindingPattern0 631",
	].map((line) => `-- ${line}`.trimEnd()).join("\n") + "\n";
}
