import { clientStanzas, durations, foreignStanzas, messageContents, serverOptions } from "./general-words";
import { DistinctElements, allIn, canBeTakenToPieces, rewritten } from "./elements";
import { attributeOf } from "../trace/canonical";
import { elementsOf } from "../scenario/xml";
import { numberToLua } from "../node/lua-literal";
import { printXml } from "../scenario/xml-print";
import { roles } from "./roles";
import type { Scenario } from "../scenario";
import type { Series } from "../server/series";
import type { XmlElement } from "../scenario/xml";

/**
 * What random scenarios are made of: what the module's own scenarios say, and what the simulated server knows. In
 * stanzas, the addresses of a scenario's characters have become roles (`roles.ts`).
 */
export interface Words {
	/** Stanzas that clients send in scenarios. */
	ofClients: readonly XmlElement[];
	/** The first IQ of each client in each scenario, as often as it is there. */
	greetings: readonly XmlElement[];
	/** Every IQ that clients send in scenarios, as often as it is there. */
	requests: readonly XmlElement[];
	/** Stanzas that components send in scenarios. */
	ofComponents: readonly XmlElement[];
	/** Who of a component writes to all in a room, in scenarios. */
	occupants: readonly string[];
	/** What messages hold. */
	contents: readonly XmlElement[];
	/** Every element below a stanza. */
	elements: readonly XmlElement[];
	/** The values of an attribute, by its name. */
	values: ReadonlyMap<string, readonly string[]>;
	/** The names and namespaces of elements, and the texts in them. */
	names: readonly string[];
	namespaces: readonly string[];
	texts: readonly string[];
	/** Those that elements of a name hold. */
	textsOf: ReadonlyMap<string, readonly string[]>;
	/** The module's options, each with Lua literals. */
	options: readonly (readonly [name: string, literals: readonly string[]])[];
	/** Events that scenarios fire. */
	events: readonly string[];
	/** Seconds that pass in scenarios, and those of the simulated server. */
	durations: readonly number[];
	/** Domains of components, most used first. */
	services: readonly string[];
	/** How many browsers that get Web Push a scenario has at most. */
	browsers: number;
	/** Names that a scenario knows the addresses of. */
	dns: readonly (readonly [name: string, addresses: readonly string[]])[];
	/** The series of Prosody that all scenarios of one of the modules need. */
	series?: Series;
}

/**
 * Gathers the words of scenarios. Nothing in them says what they are about, so any module's will do.
 * @param modules those under test
 */
export function gatherWords(scenarios: readonly Scenario[], modules: readonly string[] = []): Words {
	const clients = new DistinctElements();
	const greetings: XmlElement[] = [];
	const requests: XmlElement[] = [];
	const components = new DistinctElements();
	const options = new Map<string, Set<string>>();
	const events = new Set<string>();
	const seconds: number[] = [];
	const services = new Map<string, number>();
	for (const scenario of scenarios) {
		const toRoles = roles(scenario.characters);
		const kinds = new Map(scenario.characters.map(({ name, kind }) => [name, kind]));
		for (const character of scenario.characters) {
			if (character.kind === "component") services.set(character.jid, (services.get(character.jid) ?? 0) + 1);
		}
		for (const [name, literal] of Object.entries(scenario.options)) {
			options.set(name, new Set([...options.get(name) ?? [], ...nearbyLiterals(literal)]));
		}
		const greeted = new Set<string>();
		for (const { action } of scenario.steps) {
			if (action.does === "fire") events.add(action.event);
			if (action.does === "pass") seconds.push(action.seconds);
			if (action.does !== "send") continue;
			const sent = action.stanzas.filter(canBeTakenToPieces).map((stanza) => rewritten(stanza, toRoles));
			for (const stanza of sent.filter(isComplete)) {
				if (kinds.get(action.who) === "component") components.add(stanza);
				else clients.add(stanza);
				if (kinds.get(action.who) === "client" && stanza.name === "iq") {
					requests.push(stanza);
					if (!greeted.has(action.who)) greetings.push(stanza);
				}
				greeted.add(action.who);
			}
		}
	}
	const general = [...clientStanzas, ...foreignStanzas];
	const messages = [...clients, ...components].filter(({ name }) => name === "message");
	const contents = new DistinctElements([...messages.flatMap(elementsOf), ...messageContents]);
	const all = [...clients, ...components, ...general].flatMap(allIn);
	const below = new DistinctElements([...clients, ...components, ...general].flatMap(elementsOf).flatMap(allIn));
	const series = seriesFor(modules, scenarios);
	const everything = [...all, ...[...contents].flatMap(allIn)];
	return {
		ofClients: [...clients],
		greetings: greetings.length > 0 ? greetings : [...clients],
		requests,
		ofComponents: [...components],
		occupants: [...new Set([...components].flatMap(occupantsOf))],
		contents: [...contents],
		elements: [...below, ...contents],
		values: valuesOf(everything),
		names: [...new Set(everything.map(({ name }) => name))],
		namespaces: [...new Set(everything.map(({ namespace }) => namespace))].filter((namespace) => namespace !== ""),
		texts: [...new Set(everything.flatMap(textsIn))],
		textsOf: textsByName(everything),
		options: Array.from(options, ([name, literals]) => [name, [...literals]] as const)
			.filter(([name]) => !serverOptions.some(([known]) => known === name)),
		events: [...events],
		durations: [...new Set([...seconds.filter((each) => each <= 900), ...durations])].sort((a, b) => a - b),
		services: [...services].sort((a, b) => b[1] - a[1]).map(([jid]) => jid),
		browsers: Math.max(0, ...scenarios.map(({ characters }) => characters.filter(({ kind }) => kind === "webpush").length)),
		dns: scenarios.flatMap(({ dns }) => Object.entries(dns)),
		...series !== undefined && { series },
	};
}

/** The series of Prosody that every scenario of one of the modules needs. */
function seriesFor(modules: readonly string[], scenarios: readonly Scenario[]): Series | undefined {
	return modules.flatMap((name): Series[] => {
		const [first, ...others] = scenarios.filter((scenario) => scenario.modules.includes(name)).map(({ prosody }) => prosody);
		return first !== undefined && others.every((series) => series === first) ? [first] : [];
	})[0];
}

function textsIn({ children }: XmlElement): string[] {
	return children.filter((child) => typeof child === "string");
}

function textsByName(elements: readonly XmlElement[]): Map<string, string[]> {
	const names = new Set(elements.filter((element) => textsIn(element).length > 0).map(({ name }) => name));
	return new Map(Array.from(names, (name) => {
		return [name, [...new Set(elements.filter((element) => element.name === name).flatMap(textsIn))]];
	}));
}

/** From whom a message to all in a room comes; none if it is anything else. */
function occupantsOf(stanza: XmlElement): string[] {
	const from = attributeOf(stanza, "from");
	return stanza.name === "message" && attributeOf(stanza, "type") === "groupchat" && from !== undefined ? [from] : [];
}

/** Whether nothing in it was captured by the script. */
function isComplete(stanza: XmlElement): boolean {
	return !printXml(stanza).includes("${");
}

function valuesOf(elements: readonly XmlElement[]): Map<string, string[]> {
	const values = new Map<string, Set<string>>();
	for (const { attributes } of elements) {
		for (const { name, value } of attributes) values.set(name, new Set([...values.get(name) ?? [], value]));
	}
	return new Map(Array.from(values, ([name, all]) => [name, [...all]]));
}

/** A literal of a scenario, and others that would do in its place. */
function nearbyLiterals(literal: string): string[] {
	const number = /^\d+(?:\.\d+)?$/.test(literal) ? Number(literal) : undefined;
	if (number !== undefined) {
		// What lasts for hours would hardly ever end.
		const minutes = number >= 3600 ? [numberToLua(number / 60)] : [];
		return [literal, numberToLua(number + 1), numberToLua(number * 2), ...minutes];
	}
	if (literal === "true" || literal === "false") return ["true", "false"];
	return /^"[^"\\]*"$/.test(literal) ? [literal, '"Neu: ü"'] : [literal];
}
