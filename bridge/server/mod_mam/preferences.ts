import type { Account, ArchivePreferences } from "../accounts";
import type { ModuleApi, Require, Stanza } from "../../api";
import type { Parts } from "../parts";

const MAM_NAMESPACE = "urn:xmpp:mam:2";
const DEFAULTS = ["always", "never", "roster"] as const;

/** Whether an account wants what it exchanges with a contact (a bare JID) to be archived. */
export type Wanted = (username: string, contact: string) => boolean;

/** Lets accounts say what is archived (XEP-0441), by `default_archive_policy` until they do. */
export function installPreferences(parts: Parts, module: ModuleApi, require: Require): Wanted {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const policy = String(module.get_option("default_archive_policy", true));
	const default_policy = policy === "roster" ? "roster" : policy === "false" ? "never" : "always";
	const preferencesOf = (account: Account): ArchivePreferences =>
		account.archive_preferences ?? { default: default_policy, rules: new Map() };

	function preferencesTag({ default: otherwise, rules }: ArchivePreferences): Stanza {
		const always = st.stanza("always");
		const never = st.stanza("never");
		for (const [contact, choice] of rules) (choice ? always : never).tag("jid").text(contact).up();
		return st.stanza("prefs", { xmlns: MAM_NAMESPACE, default: otherwise }).add_child(always).add_child(never);
	}

	function readPreferences(tag: Stanza): ArchivePreferences {
		const rules = new Map<string, boolean>();
		for (const [list, choice] of [["always", true], ["never", false]] as const) {
			for (const rule of tag.get_child(list)?.childtags("jid") ?? []) {
				const contact = jid.prep(rule.get_text());
				if (contact !== undefined) rules.set(contact, choice);
			}
		}
		return { default: DEFAULTS.find((choice) => choice === tag.attr.default), rules };
	}

	module.hook(`iq/self/${MAM_NAMESPACE}:prefs`, ({ origin, stanza }) => {
		const account = parts.accounts.register(origin.username!);
		if (stanza.attr.type === "set") account.archive_preferences = readPreferences(stanza.tags[0]!);
		origin.send(st.reply(stanza).add_child(preferencesTag(preferencesOf(account))));
		return true;
	});

	return (username, contact) => {
		if (!parts.accounts.exists(username)) return false;
		const { default: otherwise, rules } = preferencesOf(parts.accounts.register(username));
		const rule = rules.get(contact);
		if (rule !== undefined) return rule;
		if (otherwise === "roster") return parts.rosters.load(username, module.host)[contact] !== undefined;
		return otherwise === "always";
	};
}
