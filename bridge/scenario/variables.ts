import { keysOf, pkcs8Of } from "./client-keys";
import type { Character, Stage } from "./stage";
import type { Captures } from "./pattern";

/** Where the value of a variable that belongs to a character comes from. Throws an Error if it has none now. */
type Source = (stage: Stage) => string;

/** `Romeo's JID` and its like, for these characters, with where the value comes from. */
function ofCharacters(characters: Iterable<Character>): Map<string, Source> {
	const sources = new Map<string, Source>();
	for (const character of characters) {
		const { name } = character;
		if (character.kind === "webpush") {
			for (const field of ["endpoint", "p256dh", "auth"] as const) {
				sources.set(`${name}'s ${field}`, (stage) => stage.subscription(name)[field]);
			}
			continue;
		}
		const bare = character.jid.replace(/\/.*$/s, "");
		sources.set(`${name}'s JID`, () => bare);
		if (character.kind !== "client") continue;
		sources.set(`${name}'s full JID`, (stage) => fullJid(stage, name));
		sources.set(`${name}'s ua-public`, () => keysOf(name).receiving.getPublicKey("base64"));
		sources.set(`${name}'s auth-secret`, () => keysOf(name).auth_secret.toString("base64"));
		sources.set(`${name}'s jwt-key`, () => pkcs8Of(keysOf(name).signing).toString("base64"));
	}
	return sources;
}

function fullJid(stage: Stage, name: string): string {
	const jid = stage.full_jid(name);
	if (jid === undefined) throw new Error(`${name} has no full JID before it connects`);
	return jid;
}

/** The variables that the characters have from the start. */
export function variablesOf(characters: Iterable<Character>): Set<string> {
	return new Set(ofCharacters(characters).keys());
}

/** What `${NAME}` stands for while a scenario is performed: the characters' addresses and keys, and captured values. */
export class Variables {
	readonly #stage: Stage;
	readonly #sources: Map<string, Source>;
	readonly #captured = new Map<string, string>();

	constructor(characters: Iterable<Character>, stage: Stage) {
		this.#stage = stage;
		this.#sources = ofCharacters(characters);
	}

	/** Throws an Error that says why there is no value. */
	readonly valueOf = (name: string): string => {
		const value = this.#captured.get(name) ?? this.#sources.get(name)?.(this.#stage);
		if (value === undefined) throw new Error(`\${${name}} has no value`);
		return value;
	};

	/** Keeps captured values; a later one of a name replaces the earlier, as in Scansion. */
	capture(captures: Captures): void {
		for (const [name, value] of captures) this.#captured.set(name, value);
	}
}
