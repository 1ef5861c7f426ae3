import type { Character } from "../scenario";

/**
 * Roles stand in for addresses, so that what one scenario's characters say can be said by any others:
 * `{account}` and `{account/N}` for the first client's account and its Nth client, `{other}` and `{other/N}` for
 * those of another account, `{service/N}` for the Nth component, `{user at service/N}` for somebody there,
 * `{browser/N endpoint}` (or `p256dh`, `auth`) for what the Nth browser has subscribed with.
 */
const ROLE = /\{(account|other|service|user at service|browser)(?:\/(\d+|gone))?(?: (endpoint|p256dh|auth))?\}/g;

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

/**
 * Writes roles in place of the addresses of these characters, where one is a whole value, and of what browsers have
 * subscribed with.
 */
export function roles(characters: readonly Character[]): (text: string) => string {
	const clients = characters.filter((character) => character.kind === "client");
	const components = characters.filter((character) => character.kind === "component");
	const browsers = characters.filter((character) => character.kind === "webpush").map(({ name }) => name);
	const account = clients[0] && bare(clients[0].jid);
	const role = new Map<string, string>();
	const counts = { account: 0, other: 0 };
	for (const { jid, name } of clients) {
		const who = bare(jid) === account ? "account" : "other";
		const full = `{${who}/${counts[who]++}}`;
		role.set(bare(jid), `{${who}}`);
		role.set(`\${${name}'s JID}`, `{${who}}`);
		role.set(`\${${name}'s full JID}`, full);
		if (jid.includes("/")) role.set(jid, full);
	}
	for (const [index, { jid }] of components.entries()) role.set(jid, `{service/${index}}`);
	return (text) => {
		const known = role.get(text);
		if (known !== undefined) return known;
		if (text.includes("${")) return withBrowserRoles(text, browsers);
		const service = components.findIndex(({ jid }) => text.endsWith(`@${jid}`) || text.includes(`@${jid}/`));
		return service < 0 ? text : `{user at service/${service}}`;
	};
}

function withBrowserRoles(text: string, browsers: readonly string[]): string {
	return text.replace(/\$\{(.*?)'s (endpoint|p256dh|auth)\}/g, (variable, name: string, field: string) => {
		const index = browsers.indexOf(name);
		return index < 0 ? variable : `{browser/${index} ${field}}`;
	});
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
			case "browser":
				return browsers.length === 0 ? "" : `\${${nth(browsers)}'s ${field ?? "endpoint"}}`;
			default:
				return `friend@${nth(services)}`;
		}
	});
}

function bare(jid: string): string {
	return jid.replace(/\/.*$/s, "");
}
