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
	].map((line) => `-- ${line}`.trimEnd()).join("\n") + "\n";
}
