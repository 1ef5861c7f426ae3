import type { Character, ClientCharacter, ComponentCharacter, WebPushCharacter } from "./stage";
import { Problem, quote } from "./scenario-error";
import { parseComponentAnswer, parseWebPushAnswer } from "./answers";

/** The host that all accounts are on. It stands for the server in steps, and is no name of a character. */
export const SERVER = "localhost";

const DEFAULT_PASSWORD = "password";

/** An indented `key: value` below the line that introduces a character. */
interface Property {
	value: string;
	line: number;
}

/** A character while its properties are read. */
export interface CharacterBlock {
	kind: string;
	name: string;
	/** Where it is introduced. */
	line: number;
	properties: Map<string, Property>;
}

/** The properties not asked for yet; what is left at the end is unknown. */
class Properties {
	readonly #block: CharacterBlock;
	readonly #asked: string[] = [];

	constructor(block: CharacterBlock) {
		this.#block = block;
	}

	/** Reads a property if it is there; a Problem in it is one of its line. */
	read<T>(name: string, parse: (value: string) => T): T | undefined {
		this.#asked.push(name);
		const property = this.#block.properties.get(name);
		if (!property) return undefined;
		try {
			return parse(property.value);
		} catch (error) {
			if (error instanceof Problem) throw new Problem(`${name}: ${error.message}`, property.line);
			throw error;
		}
	}

	required<T>(name: string, parse: (value: string) => T): T {
		const value = this.read(name, parse);
		if (value === undefined) throw new Problem(`${quote(this.#block.name)} has no ${name}`, this.#block.line);
		return value;
	}

	oneOf<T extends string>(name: string, ...values: T[]): T | undefined {
		return this.read(name, (value) => {
			const found = values.find((candidate) => candidate === value);
			if (found === undefined) throw new Problem(`expected ${values.join(" or ")}, got ${quote(value)}`);
			return found;
		});
	}

	expectNoMore(): void {
		for (const [name, { line }] of this.#block.properties) {
			if (this.#asked.includes(name)) continue;
			throw new Problem(`unknown property ${quote(name)}, expected one of ${this.#asked.join(", ")}`, line);
		}
	}
}

/** `[Client]` and its like, with what makes a character of the block below it. */
const KINDS = new Map<string, (name: string, properties: Properties) => Character>([
	["Client", readClient],
	["Component", readComponent],
	["WebPush", readWebPush],
]);

/**
 * Reads the line that introduces a character, `[Client] Romeo`.
 * @throws Problem
 */
export function parseCharacterLine(text: string, line: number): CharacterBlock {
	const bracket = text.indexOf("]");
	const kind = text.slice(1, Math.max(bracket, 1)).trim();
	const name = text.slice(bracket + 1).trim();
	if (!text.startsWith("[") || !KINDS.has(kind)) {
		const kinds = [...KINDS.keys()].map((known) => `[${known}] NAME`);
		const hint = /^\[|^\w+:/.test(text) ? "" : "; a line of dashes (---------) must come before the steps";
		throw new Problem(`expected ${kinds.join(", ")}, got ${quote(text)}${hint}`);
	}
	if (name === "") throw new Problem(`expected a name after [${kind}]`);
	if (name === SERVER) throw new Problem(`${SERVER} is the server and cannot be the name of a character`);
	return { kind, name, line, properties: new Map() };
}

/**
 * Adds an indented line to a character.
 * @throws Problem
 */
export function addProperty(block: CharacterBlock, text: string, line: number): void {
	const colon = text.indexOf(":");
	const name = text.slice(0, Math.max(colon, 0)).trim();
	const value = text.slice(colon + 1).trim();
	if (name === "") throw new Problem(`expected key: value, got ${quote(text)}`);
	if (block.properties.has(name)) throw new Problem(`${quote(block.name)} has a ${name} already`);
	block.properties.set(name, { value, line });
}

/**
 * Makes a character of its lines.
 * @throws Problem
 */
export function readCharacter(block: CharacterBlock): Character {
	const properties = new Properties(block);
	const read = KINDS.get(block.kind);
	if (!read) throw new Error(`no such kind of character: ${block.kind}`);
	const character = read(block.name, properties);
	properties.expectNoMore();
	return character;
}

function readClient(name: string, properties: Properties): ClientCharacter {
	const jid = properties.required("jid", parseAccount);
	const password = properties.read("password", notEmpty) ?? DEFAULT_PASSWORD;
	const resource = properties.read("resource", (value) => {
		if (jid.includes("/")) throw new Problem("the jid has a resource already");
		return notEmpty(value);
	});
	const smacks = properties.oneOf("smacks", "resume", "yes", "no") ?? "no";
	const sasl2 = properties.oneOf("sasl2", "yes", "no");
	const clientId = properties.read("client_id", (value) => {
		if (sasl2 === "no") throw new Problem("a client tells its id only with sasl2: yes");
		return notEmpty(value);
	});
	const character: ClientCharacter = {
		kind: "client",
		name,
		jid: resource === undefined ? jid : `${jid}/${resource}`,
		password,
		smacks,
		sasl2: sasl2 === "yes" || clientId !== undefined,
	};
	if (clientId !== undefined) character.client_id = clientId;
	return character;
}

function readComponent(name: string, properties: Properties): ComponentCharacter {
	return {
		kind: "component",
		name,
		jid: properties.required("jid", parseDomain),
		password: properties.read("password", notEmpty) ?? DEFAULT_PASSWORD,
		answers: properties.read("answers", parseComponentAnswer) ?? { with: "result" },
	};
}

function readWebPush(name: string, properties: Properties): WebPushCharacter {
	return {
		kind: "webpush",
		name,
		answers: properties.read("answers", parseWebPushAnswer) ?? { with: "status", status: 201 },
	};
}

function notEmpty(value: string): string {
	if (value === "") throw new Problem("expected a value");
	return value;
}

/** Characters that RFC 7622 keeps out of a local part stand between the first brackets. */
function parseAccount(value: string): string {
	const [, domain] = /^[^\s"&'/:<>@]+@([^\s/@]+)(?:\/.+)?$/.exec(value) ?? [];
	if (domain !== SERVER) throw new Problem(`expected NAME@${SERVER} or NAME@${SERVER}/RESOURCE, got ${quote(value)}`);
	return value;
}

function parseDomain(value: string): string {
	if (!/^[^\s/@:]+$/.test(value) || value === SERVER) {
		throw new Problem(`expected a domain other than ${SERVER}, such as push.${SERVER}, got ${quote(value)}`);
	}
	return value;
}
