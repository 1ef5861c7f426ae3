import type { Answer, Character } from "./stage";
import type { LaneSelector } from "./lane-selector";
import type { Series } from "../server/series";
import type { XmlElement } from "./xml";

export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/** What a step does; `who` is the name of a character. */
export type Action =
	/** A client may ask Bind 2 to enable something. */
	| { does: "connect"; who: string; inline?: XmlElement[] }
	| { does: "disconnect" | "lose_connection" | "resume" | "stop_acknowledging" | "acknowledge"; who: string }
	/** One after the other. */
	| { does: "send"; who: string; stanzas: XmlElement[] }
	/** In this order. */
	| { does: "receive"; who: string; stanzas: XmlElement[] }
	| { does: "receive_json"; who: string; members: JsonValue }
	| { does: "receive_nothing"; who: string }
	| { does: "answer"; who: string; answer: Answer }
	| { does: "pass"; seconds: number }
	| { does: "fire"; event: string; user: string }
	| { does: "reload"; module: string }
	| { does: "restart" };

export interface Step {
	/** From 1. */
	line: number;
	/** The line itself, without what is indented below it. */
	text: string;
	action: Action;
}

/** A lane that must differ, as `spec/DIFFERENCES.md` explains under the ID. */
export interface KnownDifference {
	lane: LaneSelector;
	id: string;
	/** How it must differ: a fingerprint, eight hex digits. In any way if absent. */
	looks?: string;
}

/** What the tags say. */
export interface Tags {
	/** The modules under test, in the order of the script. */
	modules: string[];
	/** Unmodified modules of others (Lua), to load after those under test, in the order of the script. */
	others: string[];
	/** Options of `localhost`, each as a Lua literal. Has no prototype. */
	options: Record<string, string>;
	/** The addresses of names on the simulated network. Has no prototype. */
	dns: Record<string, string[]>;
	/** The series of Prosody that it needs. Any will do if absent. */
	prosody?: Series;
	/** Libraries that not every Prosody has: of each list, one. */
	needs: string[][];
	/** Needs the virtual clock. */
	virtualTime: boolean;
	/** Where it is not run. */
	notOn: LaneSelector[];
	knownDifferences: KnownDifference[];
}

/** A script (.scs) that was read. */
export interface Scenario extends Tags {
	file: string;
	/** The first line of the comment at the top. */
	title?: string;
	/** The further lines of that comment. */
	description?: string;
	characters: Character[];
	steps: Step[];
}
