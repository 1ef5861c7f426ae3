import type { Account, Accounts } from "./accounts";
import type { Host, KeyvalStore, ModuleApi, Roster, RosterItem, RostermanagerLibrary, Stanza } from "../api";
import type { ServerSession } from "./session-fields";

const ROSTER_NAMESPACE = "jabber:iq:roster";

/**
 * Contacts and subscriptions (Prosody's `core.rostermanager`, RFC 6121, 3). Items live in the host's `roster` store,
 * where `core.rostermanager` finds them; what Prosody keeps beside the items, in the account.
 */
export class Rosters {
	private readonly host: Host;
	private readonly accounts: Accounts;
	private readonly library: RostermanagerLibrary;
	private store: KeyvalStore<Roster> | undefined;

	constructor(host: Host, accounts: Accounts) {
		this.host = host;
		this.accounts = accounts;
		this.library = host.require("core.rostermanager");
	}

	/** Opens the store; before that, rosters cannot be changed. */
	open(module: ModuleApi): void {
		this.store = module.open_store<Roster>("roster");
	}

	load(username: string, host: string): Roster {
		const [roster] = this.library.load_roster(username, host);
		const user = this.host.prosody.bare_sessions[`${username}@${host}`];
		if (user && user.roster === undefined) user.roster = roster;
		return roster;
	}

	/** Contacts with their items, as they are at this moment. */
	items(roster: Roster): [string, RosterItem][] {
		const items: [string, RosterItem][] = [];
		for (const jid in roster) {
			const item = roster[jid];
			// Under the key `false`, Prosody keeps the state of the roster itself.
			if (typeof item === "object" && typeof item.subscription === "string") items.push([jid, item]);
		}
		return items;
	}

	/** A new item; groups are named by users. */
	new_item(fields: Omit<RosterItem, "groups">, groups: readonly string[] = []): RosterItem {
		const names: RosterItem["groups"] = Object.create(null);
		for (const group of groups) names[group] = true;
		return this.host.table<RosterItem>({ ...fields, groups: this.host.table(names) });
	}

	/** False if it could not be saved; the item is then as before. */
	add(username: string, host: string, jid: string, item: RosterItem): boolean {
		const roster = this.load(username, host);
		const before = roster[jid];
		roster[jid] = item;
		const saved = this.save(username, roster);
		if (!saved) restore(roster, jid, before);
		return saved;
	}

	/** False if it could not be saved; the item is then as before. */
	remove(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		const before = roster[jid];
		delete roster[jid];
		const saved = this.save(username, roster);
		if (!saved) restore(roster, jid, before);
		return saved;
	}

	/** Tells the interested sessions how an item is now (RFC 6121, 2.1.6). */
	push(username: string, host: string, jid: string): void {
		const user = this.host.prosody.bare_sessions[`${username}@${host}`];
		if (!user) return;
		const st = this.host.require("util.stanza");
		const item = this.load(username, host)[jid];
		const stanza = st.iq({ type: "set", id: this.host.require("util.id").short() })
			.tag("query", { xmlns: ROSTER_NAMESPACE, ver: String(this.account(username).roster_version) });
		if (item) this.add_item_tag(stanza, jid, item);
		else stanza.tag("item", { jid, subscription: "remove" }).up();
		stanza.reset();
		for (const resource in user.sessions) {
			const session = user.sessions[resource]!;
			if (session.interested) session.send(stanza);
		}
	}

	/** The whole roster as `<query/>`. */
	add_query(reply: Stanza, session: ServerSession): Stanza {
		const ver = String(this.account(session.username!).roster_version || 1);
		reply.tag("query", { xmlns: ROSTER_NAMESPACE, ver });
		for (const [jid, item] of this.items(session.roster!)) this.add_item_tag(reply, jid, item);
		return reply.reset();
	}

	is_contact_subscribed(username: string, host: string, jid: string): boolean {
		return this.library.is_contact_subscribed(username, host, jid) === true;
	}

	is_user_subscribed(username: string, host: string, jid: string): boolean {
		return this.library.is_user_subscribed(username, host, jid) === true;
	}

	/** Requests to be answered: the presence as text, by bare JID. */
	pending(username: string): Map<string, string> {
		return this.account(username).pending;
	}

	is_contact_pending_in(username: string, jid: string): boolean {
		return this.pending(username).has(jid);
	}

	/** True if the request is new and wants an answer. */
	set_contact_pending_in(username: string, host: string, jid: string, stanza: Stanza): boolean {
		const roster = this.load(username, host);
		if (subscribed(roster[jid], "from")) return false;
		this.pending(username).set(jid, String(stanza));
		return this.save(username, roster);
	}

	/** The user asks for a subscription. */
	set_contact_pending_out(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		const item = this.item(roster, jid);
		if (item.ask !== undefined || subscribed(item, "to")) return true;
		item.ask = "subscribe";
		return this.save(username, roster);
	}

	is_contact_preapproved(username: string, host: string, jid: string): boolean {
		return (this.load(username, host)[jid] as ApprovedItem | undefined)?.approved === "true";
	}

	/** The user takes back a subscription, or the request for one. */
	unsubscribe(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		const item = roster[jid];
		if (!item) return false;
		const asked = forget_request(item);
		const dropped = drop(item, "to");
		return asked || dropped ? this.save(username, roster) : true;
	}

	/** The user grants a subscription, or grants it in advance (RFC 6121, 3.4). */
	subscribed(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		if (this.pending(username).delete(jid)) {
			const item = this.item(roster, jid);
			item.subscription = item.subscription === "none" ? "from" : "both";
			return this.save(username, roster);
		}
		if (subscribed(roster[jid], "from")) return false;
		(this.item(roster, jid) as ApprovedItem).approved = "true";
		return this.save(username, roster);
	}

	/** The user takes back what was granted, or refuses a request. */
	unsubscribed(username: string, host: string, jid: string): { changed: boolean; was_subscribed: boolean } {
		const roster = this.load(username, host);
		const item = roster[jid];
		const was_pending = this.pending(username).delete(jid);
		const was_subscribed = item !== undefined && drop(item, "from");
		return { changed: (was_pending || was_subscribed) && this.save(username, roster), was_subscribed };
	}

	process_inbound_subscription_approval(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		const item = roster[jid];
		if (!item || !forget_request(item)) return false;
		item.subscription = item.subscription === "none" ? "to" : "both";
		return this.save(username, roster);
	}

	process_inbound_subscription_cancellation(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		const item = roster[jid];
		if (!item) return false;
		const asked = forget_request(item);
		const dropped = drop(item, "to");
		return (asked || dropped) && this.save(username, roster);
	}

	process_inbound_unsubscribe(username: string, host: string, jid: string): boolean {
		const roster = this.load(username, host);
		const item = roster[jid];
		const was_pending = this.pending(username).delete(jid);
		const dropped = item !== undefined && drop(item, "from");
		return (was_pending || dropped) && this.save(username, roster);
	}

	/** The item, made if there is none. */
	private item(roster: Roster, jid: string): RosterItem {
		return roster[jid] ?? (roster[jid] = this.new_item({ subscription: "none" }));
	}

	private save(username: string, roster: Roster): boolean {
		if (!this.store) throw new Error("The roster store is not open");
		if (!this.accounts.exists(username)) return false;
		this.account(username).roster_version += 1;
		const items: Roster = Object.create(null);
		for (const [jid, item] of this.items(roster)) items[jid] = item;
		const [ok] = this.store.set(username, this.host.table(items));
		return ok === true;
	}

	private add_item_tag(stanza: Stanza, jid: string, item: RosterItem): void {
		stanza.tag("item", { jid, subscription: item.subscription, ask: item.ask, name: item.name });
		for (const group in item.groups) stanza.text_tag("group", group);
		stanza.up();
	}

	private account(username: string): Account {
		return this.accounts.register(username);
	}
}

/** An item that may hold a subscription granted in advance. */
type ApprovedItem = RosterItem & { approved?: string };

function restore(roster: Roster, jid: string, item: RosterItem | undefined): void {
	if (item) roster[jid] = item;
	else delete roster[jid];
}

/** False if no request was out. */
function forget_request(item: RosterItem): boolean {
	const asked = item.ask !== undefined;
	delete item.ask;
	return asked;
}

function subscribed(item: RosterItem | undefined, direction: "to" | "from"): boolean {
	return item !== undefined && (item.subscription === direction || item.subscription === "both");
}

/** Takes one direction away from a subscription. False if it was not there. */
function drop(item: RosterItem, direction: "to" | "from"): boolean {
	if (!subscribed(item, direction)) return false;
	item.subscription = item.subscription === direction ? "none" : direction === "to" ? "from" : "to";
	return true;
}
