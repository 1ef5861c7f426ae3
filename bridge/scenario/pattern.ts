import { Problem, quote } from "./scenario-error";

/** A part of a value in a script. */
export type PatternPart =
	| { is: "text"; text: string }
	/** `${NAME}` */
	| { is: "variable"; name: string }
	/** `{scansion:any}`, or `{scansion:capture:NAME}` if it has a name; `written` as it stands in the script. */
	| { is: "any"; captureAs?: string; written: string };

/** The value of a variable. Throws an Error that says why there is none. */
export type ValueOf = (name: string) => string;

const PART = /\$\{([^}]*)\}|\{scansion:([^}]*)\}/g;
const CAPTURE = /^capture[: ]\s*([A-Za-z0-9_.-]+)$/;

/**
 * Splits a value that a stanza must match.
 * @throws Problem for a `{scansion:…}` that is neither `any` nor `capture`
 */
export function parsePattern(value: string): PatternPart[] {
	return split(value, (written, placeholder) => {
		if (placeholder === "any") return { is: "any", written };
		const captureAs = CAPTURE.exec(placeholder)?.[1];
		if (captureAs === undefined) {
			throw new Problem(`${quote(written)} is neither {scansion:any} nor {scansion:capture:NAME}`);
		}
		return { is: "any", captureAs, written };
	});
}

/** Splits a value that is sent, where only `${NAME}` means something. */
export function parseTemplate(value: string): PatternPart[] {
	return split(value, (written) => ({ is: "text", text: written }));
}

function split(value: string, onPlaceholder: (written: string, placeholder: string) => PatternPart): PatternPart[] {
	const parts: PatternPart[] = [];
	let end = 0;
	for (const match of value.matchAll(PART)) {
		if (match.index > end) parts.push({ is: "text", text: value.slice(end, match.index) });
		end = match.index + match[0].length;
		const [written, variable, placeholder = ""] = match;
		parts.push(variable === undefined ? onPlaceholder(written, placeholder) : { is: "variable", name: variable });
	}
	if (end < value.length) parts.push({ is: "text", text: value.slice(end) });
	return parts;
}

/** The value with its variables filled in; what stands for anything stays as it was written. */
export function fillIn(parts: readonly PatternPart[], valueOf: ValueOf): string {
	return parts.map((part) => {
		if (part.is === "variable") return valueOf(part.name);
		return part.is === "text" ? part.text : part.written;
	}).join("");
}

/** Captured values with their names, in the order of the script. */
export type Captures = [name: string, value: string][];

/**
 * Whether a value is as the pattern says. Where several placeholders stand in one value, each takes as little as it
 * can, from the left.
 * @returns what was captured, or undefined if it does not match
 */
export function matchPattern(parts: readonly PatternPart[], value: string, valueOf: ValueOf): Captures | undefined {
	/** What stands before, between and after the placeholders. */
	const texts = [""];
	const placeholders: { captureAs?: string }[] = [];
	for (const part of parts) {
		if (part.is === "any") {
			placeholders.push(part);
			texts.push("");
		} else {
			texts[texts.length - 1] += part.is === "text" ? part.text : valueOf(part.name);
		}
	}
	const [before = "", ...following] = texts;
	const after = following.pop();
	if (after === undefined) return value === before ? [] : undefined;

	const end = value.length - after.length;
	if (end < before.length || !value.startsWith(before) || !value.endsWith(after)) return undefined;
	const captures: Captures = [];
	let at = before.length;
	for (const [index, { captureAs }] of placeholders.entries()) {
		const next = following[index];
		const found = next === undefined ? end : value.indexOf(next, at);
		if (found < 0 || found + (next?.length ?? 0) > end) return undefined;
		if (captureAs !== undefined) captures.push([captureAs, value.slice(at, found)]);
		at = found + (next?.length ?? 0);
	}
	return captures;
}
