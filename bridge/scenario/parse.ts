import type { Scenario, Step } from "./scenario";
import { addProperty, parseCharacterLine, readCharacter, type CharacterBlock } from "./characters";
import { noTags, readTag } from "./tags";
import { Problem, quote, ScenarioError } from "./scenario-error";
import type { StepText } from "./step-body";
import { StepReader } from "./steps";
import type { Character } from "./stage";
import { readLines } from "./source";
import { variablesOf } from "./variables";

/** What a line is, by how it begins. */
export type LineKind = "blank" | "indented" | "tag" | "comment" | "dashes" | "text";

export function kindOf(line: string): LineKind {
	if (line.trim() === "") return "blank";
	if (/^\s/.test(line)) return "indented";
	if (/^##(?!#)/.test(line) && line.trim() !== "##") return "tag";
	if (/^---+\s*$/.test(line)) return "dashes";
	return /^(?:#|\/\/|--)/.test(line) ? "comment" : "text";
}

/**
 * Reads a script, in the language of this folder's README.
 * @param file its name, for messages
 * @param source its bytes, or its text
 * @throws ScenarioError
 */
export function parseScenario(file: string, source: Uint8Array | string): Scenario {
	const lines = readLines(file, source);
	let at = 0;
	const problemsOf = <T>(line: number, read: () => T): T => {
		try {
			return read();
		} catch (error) {
			throw error instanceof Problem ? new ScenarioError(file, error.line ?? line, error.message) : error;
		}
	};

	const { title, description } = readHeading(lines);
	const tags = noTags();
	const blocks: CharacterBlock[] = [];
	for (; ; at++) {
		const line = lines[at];
		if (line === undefined) {
			const lacks = lines.every((text) => text.trim() === "") ? "is empty" : "has no steps";
			const expected = "expected a line of dashes (---------) and the steps below it";
			throw new ScenarioError(file, lines.length, `the script ${lacks}, ${expected}`);
		}
		const kind = kindOf(line);
		if (kind === "dashes") break;
		if (kind === "blank" || kind === "comment") continue;
		problemsOf(at + 1, () => {
			if (kind === "tag") readTag(tags, line.slice("##".length).trim());
			else if (kind === "text") blocks.push(parseCharacterLine(line.trim(), at + 1));
			else addPropertyTo(blocks[blocks.length - 1], line, at + 1);
		});
	}

	const byName = new Map<string, Character>();
	for (const block of blocks) problemsOf(block.line, () => addCharacter(byName, readCharacter(block)));
	const characters = [...byName.values()];
	const reader = new StepReader(characters, variablesOf(characters));
	const steps: Step[] = [];
	for (at++; at < lines.length;) {
		const line = lines[at] ?? "";
		const kind = kindOf(line);
		const number = at + 1;
		at++;
		if (kind === "blank" || kind === "comment" || kind === "dashes") continue;
		if (kind === "tag") throw new ScenarioError(file, number, "expected tags (##) only above the line of dashes");
		if (kind === "indented") {
			throw new ScenarioError(file, number, `unexpected indentation, expected a step: ${quote(line.trim())}`);
		}
		const body = readBody(lines, at);
		if (body) at = body.end;
		const text = line.trim();
		steps.push({ line: number, text, action: problemsOf(number, () => reader.read({ text, line: number }, body)) });
	}
	if (steps.length === 0) throw new ScenarioError(file, lines.length, "expected a step below the line of dashes");
	const heading = { ...(title !== undefined && { title }), ...(description !== "" && { description }) };
	return { file, ...heading, ...tags, characters, steps };
}

/** The comment at the very top, up to the first line that is none. Tags may stand in it. */
function readHeading(lines: readonly string[]): { title?: string; description: string } {
	const heading: string[] = [];
	for (const line of lines) {
		const kind = kindOf(line);
		if (kind === "tag" || (kind === "blank" && heading.length === 0)) continue;
		if (kind !== "comment" || !line.startsWith("#")) break;
		heading.push(line.replace(/^#+/, "").trim());
	}
	const [title, ...description] = heading.filter((line) => line !== "");
	return { title, description: description.join("\n") };
}

function addPropertyTo(block: CharacterBlock | undefined, line: string, number: number): void {
	const text = line.trim();
	if (!block) {
		throw new Problem(`unexpected indentation, expected a line such as [Client] Romeo before ${quote(text)}`);
	}
	if (!text.startsWith("#")) addProperty(block, text, number);
}

function addCharacter(characters: Map<string, Character>, character: Character): void {
	const { name } = character;
	if (characters.has(name)) throw new Problem(`there is a character ${quote(name)} already`);
	for (const other of characters.values()) {
		if (character.kind === "component" && other.kind === "component" && other.jid === character.jid) {
			throw new Problem(`${quote(other.name)} is the component ${character.jid} already`);
		}
	}
	characters.set(name, character);
}

/**
 * The indented lines from there on. Comments and empty lines between them do not end the block; comments are left
 * empty, so that lines keep their numbers.
 */
function readBody(lines: readonly string[], start: number): (StepText & { end: number }) | undefined {
	const body: string[] = [];
	let end = start;
	for (let at = start; at < lines.length; at++) {
		const line = lines[at] ?? "";
		const kind = kindOf(line);
		if (kind !== "indented" && kind !== "blank" && kind !== "comment") break;
		body.push(kind === "comment" ? "" : line);
		if (kind === "indented") end = at + 1;
	}
	if (end === start) return undefined;
	const first = body.findIndex((line) => line.trim() !== "");
	return { text: body.slice(first, end - start).join("\n"), line: start + first + 1, end };
}
