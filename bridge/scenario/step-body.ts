import { DEEPEST_JSON } from "./match-json";
import type { JsonValue } from "./scenario";
import { Problem, quote } from "./scenario-error";
import { elementsOf, parseXml, type XmlElement } from "./xml";

/** What a step says below or behind its line. */
export interface StepBody {
	/** What stands behind the colon, and the indented lines below. */
	text: string;
	/** The number of its first line. */
	line: number;
}

/** @throws Problem if something is said below a step that takes nothing */
export function expectNoBody(body: StepBody | undefined): void {
	if (body) throw new Problem("unexpected indentation, nothing belongs below this step", body.line);
}

function join(behind: string, body: StepBody | undefined): StepBody {
	if (!body) return { text: behind, line: 0 };
	if (behind !== "") throw new Problem("expected all of it behind the colon or all of it below", body.line);
	return body;
}

/**
 * The stanzas of a step, at least one.
 * @throws Problem
 */
export function readStanzas(behind: string, body: StepBody | undefined): XmlElement[] {
	const { text, line } = join(behind, body);
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
export function readJsonObject(behind: string, body: StepBody | undefined): { members: JsonValue; line: number } {
	const { text, line } = join(behind, body);
	if (text.trim() === "") throw new Problem("expected nothing, or an indented JSON object below");
	const members = parseJson(text, line);
	if (typeof members !== "object" || members === null || Array.isArray(members)) {
		throw new Problem("expected a JSON object", line);
	}
	return { members, line };
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
