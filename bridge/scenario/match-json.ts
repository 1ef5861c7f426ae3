import type { JsonValue } from "./scenario";
import type { Mismatch } from "./match";
import { fillIn, matchPattern, parsePattern, type Captures, type ValueOf } from "./pattern";

/** The deepest that expected JSON may nest. */
export const DEEPEST_JSON = 100;

/**
 * Compares JSON: an object must have the expected members, with further ones beside them; a list must have just
 * these items in this order; text may have placeholders and variables, and all of it `{scansion:any}` stands for
 * any value; a member that is `null` must be that or not be there.
 * @param expected nests no deeper than DEEPEST_JSON
 */
export function matchJson(
	expected: JsonValue, received: JsonValue | undefined, valueOf: ValueOf, path = "$",
): { captures: Captures } | { mismatch: Mismatch } {
	const captures: Captures = [];
	const miss = (what: string, wanted: string | undefined = JSON.stringify(expected)) => ({
		mismatch: { path, what, expected: wanted, received: received === undefined ? undefined : JSON.stringify(received) },
	});
	const below = (parts: Iterable<[string, JsonValue, JsonValue | undefined]>) => {
		for (const [step, child, candidate] of parts) {
			const result = matchJson(child, candidate, valueOf, path + step);
			if ("mismatch" in result) return result;
			captures.push(...result.captures);
		}
		return { captures };
	};

	if (expected === null && received === undefined) return { captures };
	if (received === undefined) return miss("member");
	if (typeof expected === "string") {
		if (expected === "{scansion:any}") return { captures };
		const pattern = parsePattern(expected);
		const captured = typeof received === "string" ? matchPattern(pattern, received, valueOf) : undefined;
		return captured ? { captures: captured } : miss("text", JSON.stringify(fillIn(pattern, valueOf)));
	}
	if (typeof expected !== "object" || expected === null) return expected === received ? { captures } : miss("value");
	if (typeof received !== "object" || received === null || Array.isArray(received) !== Array.isArray(expected)) {
		return miss(Array.isArray(expected) ? "list" : "object");
	}
	if (Array.isArray(expected) && Array.isArray(received)) {
		if (expected.length !== received.length) return miss("list");
		return below(expected.map((item, index) => [`[${index}]`, item, received[index]]));
	}
	const members = new Map(Object.entries(received));
	return below(Object.entries(expected).map(([name, value]) => [`.${name}`, value, members.get(name)]));
}
