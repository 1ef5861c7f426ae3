import type { Character } from "../scenario";

/**
 * Roles stand in for addresses, so that what one scenario's characters say can be said by any others:
 * `{account}` and `{account/N}` for the first client's account and its Nth client, `{other}` and `{other/N}` for
 * those of another account, `{service/N}` for the Nth component, `{user at service/N}` for somebody there.
 */
const ROLE = /\{(account|other|service|user at service)(?:\/(\d+|gone))?\}/g;

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
}

/** Writes roles in place of the addresses of these characters, where one is a whole value. */
export function roles(characters: readonly Character[]): (text: string) => string {
	const clients = characters.filter((character) => character.kind === "client");
	const components = characters.filter((character) => character.kind === "component");
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
		const service = components.findIndex(({ jid }) => text.endsWith(`@${jid}`) || text.includes(`@${jid}/`));
		return service < 0 ? text : `{user at service/${service}}`;
	};
}

/** Writes addresses in place of roles. */
export function withAddresses(text: string, addresses: Addresses): string {
	return text.replace(ROLE, (_, role: string, number: string | undefined) => {
		const { account, other, accountClients, otherClients, services } = addresses;
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
				return `friend@${nth(services)}`;
		}
	});
}

function bare(jid: string): string {
	return jid.replace(/\/.*$/s, "");
}
