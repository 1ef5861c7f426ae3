import { createHash } from "node:crypto";
import { titleOf } from "../trace/report";
import type { Difference, Side } from "../trace/compare";

/**
 * A fingerprint of how a lane differs from the reference: eight hex digits of a SHA-256. The same differences have the
 * same one, on every machine.
 * @param failedAt how many steps passed before the one that failed, -1 if the scenario did not begin; undefined if all
 * passed
 * @param errors the first lines of those that only the lane logged
 */
export function fingerprint(
	failedAt: number | undefined, differences: readonly Difference[], errors: readonly string[] = [],
): string {
	const data = [
		failedAt ?? null,
		differences.map(({ kind, left, right }) => [kind, sideOf(left), sideOf(right)]),
		...errors.length > 0 ? [errors.map(withoutPlace)] : [],
	];
	return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 8);
}

/** An error without the lines of Lua, and the folders of this machine, that it names. */
function withoutPlace(error: string): string {
	return error.replace(/(?:\S*\/)?([^\s/]+\.lua):\d+: /g, "$1: ");
}

function sideOf(side: Side | undefined): unknown {
	if (!side) {
		return null;
	}
	const { entry, lines } = side;
	// The lines of stanzas and requests say where they went.
	const what = entry.kind === "store" || entry.kind === "reply" ? titleOf(entry) : entry.kind;
	return [what, entry.at, lines];
}
