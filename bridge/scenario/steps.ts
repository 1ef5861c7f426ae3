import type { Action, JsonValue } from "./scenario";
import type { Character, ClientCharacter } from "./stage";
import { Problem, quote } from "./scenario-error";
import {
	checkScansionAttributes, expectNoBody, readJsonObject, readStanzas, textsOf, withDescendants, type StepText,
} from "./step-body";
import { isElement, type XmlElement } from "./xml";
import { parseComponentAnswer, parseWebPushAnswer } from "./answers";
import { parsePattern, parseTemplate, type PatternPart } from "./pattern";
import { SERVER } from "./characters";
import { LONGEST_DURATION, parseDuration } from "./duration";

const CHARACTER_STEPS = [
	"connects", "connects with:", "disconnects", "sends:", "receives:", "receives: nothing", "loses its connection", "resumes",
	"stops acknowledging", "acknowledges", "answers with ANSWER",
].join(", ");
const SERVER_STEPS = `${SERVER} fires NAME for USER, ${SERVER} reloads NAME, ${SERVER} restarts`;

interface ClientPhrase {
	does: "lose_connection" | "resume" | "stop_acknowledging" | "acknowledge";
}

/** Steps of clients that are a phrase. */
const CLIENT_PHRASES = new Map<string, ClientPhrase>([
	["loses its connection", { does: "lose_connection" }],
	["resumes", { does: "resume" }],
	["stops acknowledging", { does: "stop_acknowledging" }],
	["acknowledges", { does: "acknowledge" }],
]);

/** Reads the steps of one script, one after the other: what an earlier step captures, later ones may use. */
export class StepReader {
	/** As the script lists them. */
	readonly #names: string;
	/** Longest name first: `Juliet's phone` before `Juliet`. */
	readonly #characters: Character[];
	readonly #variables: Set<string>;

	/** @param variables the names of the variables that there are before the first step */
	constructor(characters: Iterable<Character>, variables: Iterable<string>) {
		this.#names = Array.from(characters, ({ name }) => name).join(", ");
		this.#characters = [...characters].sort((a, b) => b.name.length - a.name.length);
		this.#variables = new Set(variables);
	}

	/**
	 * Reads one step.
	 * @param step its line
	 * @throws Problem, with a line where it is not that of the step
	 */
	read({ text, line }: StepText, body: StepText | undefined): Action {
		const character = this.#characters.find(({ name }) => text.startsWith(`${name} `));
		if (character) {
			return this.#ofCharacter(character, { text: text.slice(character.name.length).trim(), line }, body);
		}
		const action = readServerStep(text) ?? readPassing(text);
		if (!action) throw new Problem(this.#unknownStep(text));
		expectNoBody(body);
		return action;
	}

	#unknownStep(text: string): string {
		const verb = / (?:connects|disconnects|sends|receives|loses|resumes|stops|acknowledges|answers)\b/.exec(text);
		const names = this.#names || "there is none";
		if (verb) return `unknown character ${quote(text.slice(0, verb.index))}, expected one of ${names}`;
		return `unknown step ${quote(text)}, expected a step of a character (${names}), `
			+ `N seconds pass, ${SERVER_STEPS}`;
	}

	#ofCharacter(character: Character, { text: phrase, line }: StepText, body: StepText | undefined): Action {
		const exchange = /^(sends|receives|connects with)\s*(?:$|:|(?=nothing$))/.exec(phrase);
		if (exchange) {
			const behind = { text: phrase.slice(exchange[0].length).trim(), line };
			switch (exchange[1]) {
				case "sends": return this.#sends(character, behind, body);
				case "receives": return this.#receives(character, behind, body);
				default: return this.#connectsWith(character, behind, body);
			}
		}
		expectNoBody(body);
		const who = character.name;
		if (phrase === "connects" || phrase === "disconnects") {
			return { does: phrase === "connects" ? "connect" : "disconnect", who };
		}
		const ofClient = CLIENT_PHRASES.get(phrase);
		if (ofClient) {
			if (character.kind !== "client") throw new Problem(`${quote(who)} is no client: only a client ${phrase}`);
			expectSmacks(character, ofClient.does);
			return { ...ofClient, who };
		}
		const answer = /^answers with(?: (.*))?$/.exec(phrase);
		if (answer) return { does: "answer", who, answer: readAnswer(character, answer[1]?.trim() ?? "") };
		throw new Problem(`unknown step ${quote(phrase)} of ${quote(who)}, expected one of ${CHARACTER_STEPS}`);
	}

	#sends(character: Character, behind: StepText, body: StepText | undefined): Action {
		if (character.kind === "webpush") throw new Problem(`${quote(character.name)} is a push service and sends nothing`);
		const stanzas = readStanzas(behind, body, "a stanza");
		for (const stanza of stanzas) this.#checkValues(stanza, parseTemplate);
		return { does: "send", who: character.name, stanzas };
	}

	#connectsWith(character: Character, behind: StepText, body: StepText | undefined): Action {
		const who = character.name;
		if (character.kind !== "client") throw new Problem(`${quote(who)} is no client: only a client connects with something`);
		if (!character.sasl2) throw new Problem(`${quote(who)} has no Bind 2, expected sasl2: yes there`);
		const inline = readStanzas(behind, body, "an element");
		for (const element of inline) this.#checkValues(element, parseTemplate);
		return { does: "connect", who, inline };
	}

	#receives(character: Character, behind: StepText, body: StepText | undefined): Action {
		const who = character.name;
		if (behind.text === "nothing") {
			expectNoBody(body);
			return { does: "receive_nothing", who };
		}
		if (behind.text === "" && body?.text.trim() === "nothing") return { does: "receive_nothing", who };
		if (character.kind === "webpush") return { does: "receive_json", who, members: this.#readMembers(behind, body) };
		const stanzas = readStanzas(behind, body, "a stanza or \"nothing\"");
		for (const stanza of stanzas) {
			checkScansionAttributes(stanza);
			this.#checkValues(stanza, parsePattern);
		}
		return { does: "receive", who, stanzas };
	}

	#readMembers(behind: StepText, body: StepText | undefined): JsonValue {
		const { members, line } = readJsonObject(behind, body);
		const captured: string[] = [];
		for (const text of textsOf(members, line)) captured.push(...this.#checkValue(text, parsePattern, line));
		for (const name of captured) this.#variables.add(name);
		return members;
	}

	/** Checks that every value can be read, and its variables are there; what it captures is there from now on. */
	#checkValues(stanza: XmlElement, parse: (value: string) => PatternPart[]): void {
		const captured: string[] = [];
		for (const element of withDescendants(stanza)) {
			for (const { value } of element.attributes) captured.push(...this.#checkValue(value, parse, element.line));
			for (const child of element.children) {
				if (!isElement(child)) captured.push(...this.#checkValue(child, parse, element.line));
			}
		}
		for (const name of captured) this.#variables.add(name);
	}

	/** @returns the names that the value captures */
	#checkValue(value: string, parse: (value: string) => PatternPart[], line: number): string[] {
		const captured: string[] = [];
		try {
			for (const part of parse(value)) {
				if (part.is === "any" && part.captureAs !== undefined) captured.push(part.captureAs);
				if (part.is === "variable" && !this.#variables.has(part.name)) {
					const known = [...this.#variables].join(", ") || "none";
					throw new Problem(`unknown variable ${quote(`\${${part.name}}`)}, expected one of ${known}`);
				}
			}
		} catch (error) {
			throw error instanceof Problem ? new Problem(error.message, line) : error;
		}
		return captured;
	}
}

function readServerStep(text: string): Action | undefined {
	if (!text.startsWith(`${SERVER} `)) return undefined;
	const [verb, name, word, user, ...more] = text.slice(SERVER.length).trim().split(/\s+/);
	if (verb === "fires" && name !== undefined && word === "for" && user !== undefined && more.length === 0) {
		return { does: "fire", event: name, user };
	}
	if (verb === "reloads" && name !== undefined && word === undefined) return { does: "reload", module: name };
	if (verb === "restarts" && name === undefined) return { does: "restart" };
	throw new Problem(`unknown step ${quote(text)}, expected one of ${SERVER_STEPS}`);
}

function readPassing(text: string): Action | undefined {
	const duration = /^(.*\S)\s+pass(?:es)?$/.exec(text)?.[1];
	if (duration === undefined) return undefined;
	const seconds = parseDuration(duration);
	if (seconds === undefined) {
		throw new Problem(`${quote(duration)} is no time, expected seconds, minutes or hours such as 1.5 seconds, `
			+ `up to ${LONGEST_DURATION} seconds`);
	}
	return { does: "pass", seconds };
}

function readAnswer(character: Character, text: string) {
	if (character.kind === "client") throw new Problem(`${quote(character.name)} is a client and has no answers`);
	return character.kind === "component" ? parseComponentAnswer(text) : parseWebPushAnswer(text);
}

function expectSmacks(client: ClientCharacter, does: ClientPhrase["does"]): void {
	if (does === "lose_connection") return;
	if (client.smacks === "no") {
		throw new Problem(`${quote(client.name)} has no stream management, expected smacks: resume or smacks: yes there`);
	}
	if (does === "resume" && client.smacks !== "resume") {
		throw new Problem(`${quote(client.name)} cannot resume, expected smacks: resume there`);
	}
}
