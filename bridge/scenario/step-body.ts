import { DEEPEST_JSON } from "./match-json";
import type { JsonValue } from "./scenario";
import { Problem, quote } from "./scenario-error";
import { elementsOf, parseXml, type XmlElement } from "./xml";

/** A part of a step: its line, what stands behind the colon there, or the indented lines below. */
export interface StepText {
	text: string;
	/** The number of its first line. */
	line: number;
}

/** @throws Problem if something is said below a step that takes nothing */
export function expectNoBody(body: StepText | undefined): void {
	if (body) throw new Problem("unexpected indentation, nothing belongs below this step", body.line);
}

function join(behind: StepText, body: StepText | undefined): StepText {
	if (!body) return behind;
	if (behind.text !== "") throw new Problem("expected all of it behind the colon or all of it below", body.line);
	return body;
}

/**
 * The stanzas of a step, at least one.
 * @param expected what may stand there, for the message where it is not XML at all
 * @throws Problem
 */
export function readStanzas(behind: StepText, body: StepText | undefined, expected: string): XmlElement[] {
	const { text, line } = join(behind, body);
	expectStart("<", expected, text, line);
	let stanzas: XmlElement[];
	try {
		stanzas = parseXml(text, line);
	} catch (error) {
		throw error instanceof Problem ? new Problem(`expected well-formed XML: ${error.message}`, error.line) : error;
	}
	if (stanzas.length === 0) throw new Problem("expected an indented stanza below");
	return stanzas;
}

/**
 * The JSON object of a step, and the line where it begins.
 * @throws Problem
 */
export function readJsonObject(behind: StepText, body: StepText | undefined): { members: JsonValue; line: number } {
	const { text, line } = join(behind, body);
	if (text.trim() === "") throw new Problem("expected nothing, or an indented JSON object below");
	expectStart("{", "a JSON object or \"nothing\"", text, line);
	return { members: parseJson(text, line), line };
}

/** Tells what is no XML, or no JSON, at all from what is not well-formed. */
function expectStart(start: string, expected: string, text: string, line: number): void {
	const [first = ""] = text.trimStart().split("\n", 1);
	if (first !== "" && !first.startsWith(start)) {
		throw new Problem(`expected ${expected}, got ${quote(first.trimEnd())}`, line);
	}
}

/** `JSON.parse`, with the line in what it throws. */
function parseJson(text: string, line: number): JsonValue {
	try {
		return JSON.parse(text) as JsonValue;
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const position = /at position (\d+)/.exec(message)?.[1];
		const before = position === undefined ? "" : text.slice(0, Number(position));
		throw new Problem(`expected JSON: ${message}`, line + before.split("\n").length - 1);
	}
}

/**
 * All texts in JSON, save the names of members.
 * @throws Problem if it nests too deep to be compared
 */
export function* textsOf(json: JsonValue, line: number): Generator<string> {
	const pending: { value: JsonValue; depth: number }[] = [{ value: json, depth: 0 }];
	for (let next = pending.pop(); next; next = pending.pop()) {
		const { value, depth } = next;
		if (depth > DEEPEST_JSON) throw new Problem(`expected JSON that nests no deeper than ${DEEPEST_JSON}`, line);
		if (typeof value === "string") yield value;
		if (typeof value !== "object" || value === null) continue;
		for (const part of Object.values(value)) pending.push({ value: part, depth: depth + 1 });
	}
}

/** An element and all that is in it, in the order of the document. */
export function* withDescendants(root: XmlElement): Generator<XmlElement> {
	const pending = [root];
	for (let element = pending.pop(); element; element = pending.pop()) {
		yield element;
		for (const child of elementsOf(element).reverse()) pending.push(child);
	}
}

/** @throws Problem for an instruction on how to compare that there is not */
export function checkScansionAttributes(stanza: XmlElement): void {
	for (const { attributes, line } of withDescendants(stanza)) {
		for (const { name, namespace, local, value } of attributes) {
			if (namespace !== "scansion") continue;
			if (local !== "strict") throw new Problem(`unknown attribute ${name}, expected scansion:strict`, line);
			if (value !== "true" && value !== "false") {
				throw new Problem(`${name} is ${quote(value)}, expected true or false`, line);
			}
		}
	}
}
