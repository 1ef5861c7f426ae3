import type { Prosody } from "../api/prosody";
import type { Roster } from "../api/session";
import type { RostermanagerLibrary } from "../api/libraries";
import type { Storage } from "./storage";
import { cacheLibrary } from "./cache";
import { isTable, table } from "./table";
import { multi } from "./multi";

/** Rosters of accounts without sessions that are kept at hand, for each host. */
const CACHE_SIZE = 1024;

type Direction = "from" | "to";

/** Whether the subscription goes this way. */
function goes(subscription: string | undefined, direction: Direction): boolean {
	return subscription === "both" || subscription === direction;
}

/**
 * `core.rostermanager`, on the host's `roster` store. The roster of an account with sessions belongs to these sessions
 * (`roster` in `prosody.bare_sessions`).
 */
export function createRostermanager(prosody: Prosody, storage: Storage): RostermanagerLibrary {
	const cache = cacheLibrary.new<Roster>(CACHE_SIZE);

	function load_roster(username: string, host: string): LuaMultiReturn<[Roster, string?]> {
		const jid = `${username}@${host}`;
		const user = prosody.bare_sessions[jid];
		if (user?.roster !== undefined) return multi(user.roster);
		const known = cache.get(jid);
		if (known !== undefined) {
			// Set again, it is the newest once more.
			cache.set(jid, known);
			if (user !== undefined) user.roster = known;
			return multi(known);
		}
		const [data, error] = storage.open(host, "roster").get(username);
		const roster = (isTable(data) ? data : table<unknown>()) as Roster;
		delete roster[jid];
		if (user !== undefined) user.roster = roster;
		if (error === undefined) {
			prosody.hosts[host]?.events.fire_event("roster-load", { username, host, roster });
		}
		if (user === undefined && prosody.hosts[host] !== undefined) cache.set(jid, roster);
		return multi(roster, error);
	}

	/** The subscription in the roster of an account that has sessions; undefined if it has none. */
	function online(owner: string, contact: string): string | undefined {
		const roster = prosody.bare_sessions[owner]?.roster;
		return roster && (roster[contact]?.subscription ?? "none");
	}

	/** Asks whichever roster is at hand: the user's own, the contact's, where directions are reversed, or the stored. */
	function subscribed(username: string, host: string, contact: string, own: Direction, reverse: Direction): boolean {
		const jid = `${username}@${host}`;
		const mine = online(jid, contact);
		if (mine !== undefined) return goes(mine, own);
		const theirs = online(contact, jid);
		if (theirs !== undefined) return goes(theirs, reverse);
		const [roster] = load_roster(username, host);
		return goes(roster[contact]?.subscription, own);
	}

	return {
		load_roster,
		is_contact_subscribed: (username, host, jid) => subscribed(username, host, jid, "from", "to"),
		is_user_subscribed: (username, host, jid) => subscribed(username, host, jid, "to", "from"),
	};
}
