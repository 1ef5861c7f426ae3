import type { KnownDifference, Tags } from "./scenario";
import { Problem, quote } from "./scenario-error";
import { parseLaneSelector } from "./lane-selector";
import { isIP } from "node:net";
import { parseLuaData } from "../node/lua-data";
import { SERIES } from "../server/series";

const MODULE_NAME = /^[A-Za-z0-9_-]+$/;
const LIBRARY_NAME = /^\w+(?:\.\w+)*$/;

/** Adds what a tag says. Throws Problem. */
type ReadTag = (tags: Tags, value: string) => void;

const TAGS = new Map<string, ReadTag>([
	["module", (tags, value) => {
		checkModule(tags, value);
		tags.modules.push(value);
	}],
	["with", (tags, value) => {
		checkModule(tags, value);
		if (tags.modules.length === 0) {
			throw new Problem(`expected a module under test (## module: NAME) before ${value}, which is loaded after it`);
		}
		tags.others.push(value);
	}],
	["option", (tags, value) => {
		const [, name, literal] = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.+)$/.exec(value) ?? [];
		if (name === undefined || literal === undefined) {
			throw new Problem(`expected NAME = LUA LITERAL, got ${quote(value)}`);
		}
		if (Object.hasOwn(tags.options, name)) throw new Problem(`the option ${name} was set before`);
		checkLiteral(name, literal);
		tags.options[name] = literal;
	}],
	["dns", (tags, value) => {
		const [, name, list] = /^([^\s=]+)\s*=\s*(.*)$/.exec(value) ?? [];
		const addresses = list?.split(",").map((address) => address.trim()) ?? [];
		const unreadable = addresses.find((address) => isIP(address) === 0);
		if (name === undefined || unreadable !== undefined) throw new Problem(`expected NAME = ADDRESS, ADDRESS, got ${quote(value)}`);
		if (Object.hasOwn(tags.dns, name)) throw new Problem(`the addresses of ${name} were said before`);
		tags.dns[name] = addresses;
	}],
	["prosody", (tags, value) => {
		const series = SERIES.find((known) => known === value);
		if (series === undefined) {
			throw new Problem(`${quote(value)} is no series of Prosody, expected ${SERIES.join(" or ")}`);
		}
		if (tags.prosody !== undefined) throw new Problem(`prosody: ${tags.prosody} was said before`);
		tags.prosody = series;
	}],
	["needs", (tags, value) => {
		const libraries = value.split(/\s+or\s+/);
		if (!libraries.every((name) => LIBRARY_NAME.test(name))) {
			throw new Problem(`expected LIBRARY or LIBRARY or …, such as util.crypto, got ${quote(value)}`);
		}
		tags.needs.push(libraries);
	}],
	["virtual-time", (tags, value) => {
		if (value !== "") throw new Problem(`virtual-time takes no value, got ${quote(value)}`);
		tags.virtualTime = true;
	}],
	["not-on", (tags, value) => {
		tags.notOn.push(parseLaneSelector(value, true));
	}],
	["known-difference", (tags, value) => {
		tags.knownDifferences.push(parseKnownDifference(value));
	}],
]);

/** Each module is named once, whichever tag names it. */
function checkModule({ modules, others }: Tags, name: string): void {
	if (!MODULE_NAME.test(name)) throw new Problem(`expected the name of a module, got ${quote(name)}`);
	if (name.startsWith("mod_")) throw new Problem(`expected the name of a module without mod_, got ${quote(name)}`);
	if (modules.includes(name) || others.includes(name)) throw new Problem(`the module ${name} was named before`);
}

/** Only data can be an option: what Prosody's configuration could compute, a script cannot. */
function checkLiteral(name: string, literal: string): void {
	try {
		parseLuaData(`return ${literal}`, name);
	} catch (error) {
		const message = error instanceof Error ? error.message.replace(/^[^:]*:\d+: /, "") : String(error);
		throw new Problem(`expected a Lua literal for ${name}, got ${quote(literal)}: ${message}`);
	}
}

function parseKnownDifference(value: string): KnownDifference {
	const [lane = "", id, looks, ...more] = value.split(/\s+/);
	if (id === undefined) throw new Problem(`expected LANE ID, got ${quote(value)}`);
	if (more.length > 0 || (looks !== undefined && !/^[0-9a-f]{8}$/.test(looks))) {
		throw new Problem(`expected LANE ID or LANE ID LOOKS, LOOKS being eight hex digits, got ${quote(value)}`);
	}
	return { lane: parseLaneSelector(lane, false), id, ...(looks !== undefined && { looks }) };
}

export function noTags(): Tags {
	const options: Record<string, string> = Object.create(null);
	const dns: Record<string, string[]> = Object.create(null);
	return { modules: [], others: [], options, dns, needs: [], virtualTime: false, notOn: [], knownDifferences: [] };
}

/**
 * Adds what one tag says: the text after `##`, `name` or `name: value`.
 * @throws Problem
 */
export function readTag(tags: Tags, text: string): void {
	const colon = text.indexOf(":");
	const name = (colon < 0 ? text : text.slice(0, colon)).trim();
	const value = colon < 0 ? "" : text.slice(colon + 1).trim();
	const read = TAGS.get(name);
	if (!read) throw new Problem(`unknown tag ${quote(name)}, expected one of ${[...TAGS.keys()].join(", ")}`);
	read(tags, value);
}
