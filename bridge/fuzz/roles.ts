import type { Character } from "../scenario";

/**
 * Roles stand in for addresses, so that what one scenario's characters say can be said by any others:
 * `{account}` and `{account/N}` for the first client's account and its Nth client, `{other}` and `{other/N}` for
 * those of another account, `{service/N}` for the domain of the Nth component, `{browser/N endpoint}` (or `p256dh`,
 * `auth`) for what the Nth browser has subscribed with. They stand in other text, too: `room@{service/0}/nick`.
 */
const ROLE = /\{(account|other|service|browser)(?:\/(\d+|gone))?(?: (endpoint|p256dh|auth))?\}/g;

const BROWSER = /\{browser\/(\d+)(?= )/g;

/** The addresses of a cast, by role. Numbers that it has not got are taken round. */
export interface Addresses {
	/** Bare JIDs. */
	account: string;
	other: string;
	/** Full JIDs. */
	accountClients: readonly string[];
	otherClients: readonly string[];
	/** Domains. */
	services: readonly string[];
	/** Names of characters. */
	browsers: readonly string[];
}

/** Writes roles in place of the addresses of these characters, and of what browsers have subscribed with. */
export function roles(characters: readonly Character[]): (text: string) => string {
	const clients = characters.filter((character) => character.kind === "client");
	const components = characters.filter((character) => character.kind === "component");
	const browsers = characters.filter((character) => character.kind === "webpush");
	const account = clients[0] && bare(clients[0].jid);
	const addresses = new Map<string, string>();
	const variables = new Map<string, string>();
	const counts = { account: 0, other: 0 };
	for (const { jid, name } of clients) {
		const who = bare(jid) === account ? "account" : "other";
		const full = `{${who}/${counts[who]++}}`;
		addresses.set(bare(jid), `{${who}}`);
		if (jid.includes("/")) addresses.set(jid, full);
		variables.set(`\${${name}'s JID}`, `{${who}}`);
		variables.set(`\${${name}'s full JID}`, full);
	}
	for (const [index, { jid }] of components.entries()) addresses.set(jid, `{service/${index}}`);
	for (const [index, { name }] of browsers.entries()) {
		for (const field of ["endpoint", "p256dh", "auth"]) variables.set(`\${${name}'s ${field}}`, `{browser/${index} ${field}}`);
	}
	// The longest that fits: a full JID rather than the bare one in it. A domain may have somebody before it.
	const longestFirst = [...addresses.keys()].sort((a, b) => b.length - a.length);
	const known = new RegExp([
		...[...variables.keys()].map(literally),
		...longestFirst.map((address) => `(?<![\\w.${address.includes("@") ? "@" : ""}-])${literally(address)}(?![\\w.@-])`),
	].join("|") || "(?!)", "g");
	return (text) => text.replace(known, (found) => addresses.get(found) ?? variables.get(found)!);
}

function literally(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** What is said of each browser, said of another instead: of the one as many places further. */
export function ofOtherBrowsers(text: string, places: number): string {
	return text.replace(BROWSER, (_, number: string) => `{browser/${Number(number) + places}`);
}

/** Writes addresses in place of roles. What browsers have subscribed with becomes a variable of the script. */
export function withAddresses(text: string, addresses: Addresses): string {
	return text.replace(ROLE, (_, role: string, number: string | undefined, field: string | undefined) => {
		const { account, other, accountClients, otherClients, services, browsers } = addresses;
		if (number === "gone") return `${role === "account" ? account : other}/gone`;
		const nth = (list: readonly string[]): string => list[Number(number ?? 0) % list.length] ?? "localhost";
		switch (role) {
			case "account":
				return number === undefined ? account : nth(accountClients);
			case "other":
				return number === undefined ? other : nth(otherClients);
			case "service":
				return nth(services);
			default:
				return browsers.length === 0 ? "" : `\${${nth(browsers)}'s ${field ?? "endpoint"}}`;
		}
	});
}

function bare(jid: string): string {
	return jid.replace(/\/.*$/s, "");
}
