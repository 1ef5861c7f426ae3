import type { ArchiveQuery } from "./archive";
import type { ModuleApi, Require, Session, Stanza } from "../../api";
import type { Parts } from "../parts";
import type { StoredMessage } from "../accounts";
import { findMessages } from "./archive";
import { readNumber } from "../options";

const MAM_NAMESPACE = "urn:xmpp:mam:2";
const RSM_NAMESPACE = "http://jabber.org/protocol/rsm";
const DATA_FORM_NAMESPACE = "jabber:x:data";
const DEFAULT_MAX_ITEMS = 20;
/** Fields that a query may hold, by name and type. */
const QUERY_FIELDS = {
	with: "jid-single", start: "text-single", end: "text-single",
	"before-id": "text-single", "after-id": "text-single", ids: "list-multi",
} as const;

/** Why a query cannot be answered. */
class BadQuery extends Error {}

/** Answers queries of an account's own archive (XEP-0313, 4 to 6). */
export function installQueries(parts: Parts, module: ModuleApi, require: Require): void {
	const st = require("util.stanza");
	const jid = require("util.jid");
	const datetime = require("util.datetime");
	const max_items = readNumber(module, "max_archive_query_results", 50);
	const use_total = module.get_option_boolean("mam_include_total", true);
	const archiveOf = (session: Session): StoredMessage[] => parts.accounts.register(session.username!).archive;

	module.hook(`iq-get/self/${MAM_NAMESPACE}:query`, ({ origin, stanza }) => {
		const reply = st.reply(stanza).query(MAM_NAMESPACE).tag("x", { xmlns: DATA_FORM_NAMESPACE, type: "form" });
		reply.tag("field", { var: "FORM_TYPE", type: "hidden" }).text_tag("value", MAM_NAMESPACE).up();
		for (const [name, type] of Object.entries(QUERY_FIELDS)) reply.tag("field", { var: name, type }).up();
		origin.send(reply);
		return true;
	});

	/** The values of the fields that a query's form has. */
	function formValues(query: Stanza): Map<string, string[]> {
		const values = new Map<string, string[]>();
		const form = query.get_child("x", DATA_FORM_NAMESPACE);
		if (!form) return values;
		for (const field of form.childtags("field")) {
			const texts: string[] = [];
			for (const value of field.childtags("value")) texts.push(value.get_text() ?? "");
			if (field.attr.var !== undefined && texts.length > 0) values.set(field.attr.var, texts);
		}
		const form_type = values.get("FORM_TYPE")?.[0];
		if (form_type === undefined) throw new BadQuery("Invalid dataform: FORM_TYPE is missing");
		if (form_type !== MAM_NAMESPACE) throw new BadQuery(`Unexpected FORM_TYPE, expected '${MAM_NAMESPACE}'`);
		return values;
	}

	function readTime(text: string | undefined, name: string): number | undefined {
		if (text === undefined) return undefined;
		const time = datetime.parse(text);
		if (time === undefined) throw new BadQuery(`Invalid ${name}: ${text}`);
		return time;
	}

	function readJid(text: string | undefined): string | undefined {
		if (text === undefined) return undefined;
		const bare = jid.bare(jid.prep(text));
		if (bare === undefined) throw new BadQuery(`Invalid JID: ${text}`);
		return bare;
	}

	function readQuery(query: Stanza): Omit<ArchiveQuery, "limit"> & { max: number } {
		const form = formValues(query);
		const one = (name: keyof typeof QUERY_FIELDS) => form.get(name)?.[0];
		const set = query.get_child("set", RSM_NAMESPACE);
		const before = set?.get_child("before");
		const max = Number(set?.get_child_text("max") ?? DEFAULT_MAX_ITEMS);
		return {
			with: readJid(one("with")),
			start: readTime(one("start"), "start"),
			end: readTime(one("end"), "end"),
			ids: form.has("ids") ? new Set(form.get("ids")) : undefined,
			before: before?.get_text() || one("before-id"),
			after: set?.get_child_text("after") ?? one("after-id"),
			reverse: before !== undefined,
			max: Math.min(Number.isInteger(max) && max >= 0 ? max : DEFAULT_MAX_ITEMS, max_items),
		};
	}

	module.hook(`iq-set/self/${MAM_NAMESPACE}:query`, ({ origin, stanza }) => {
		const query = stanza.tags[0]!;
		origin.mam_requested = true;
		let wanted;
		try {
			wanted = readQuery(query);
		} catch (problem) {
			if (!(problem instanceof BadQuery)) throw problem;
			origin.send(st.error_reply(stanza, "modify", "bad-request", problem.message));
			return true;
		}
		const { max } = wanted;
		const found = findMessages(archiveOf(origin), { ...wanted, limit: max === 0 ? 0 : max + 1 });
		if (!found) {
			origin.send(st.error_reply(stanza, "modify", "item-not-found"));
			return true;
		}
		const page = found.page.slice(0, max);
		const complete = found.page.length > max ? undefined : "true";
		const oldest_first = wanted.reverse ? [...page].reverse() : page;
		const flip = query.get_child("flip-page") !== undefined;
		for (const message of flip ? [...oldest_first].reverse() : oldest_first) {
			const [item, problem] = require("util.xml").parse(message.xml);
			if (!item) throw new Error(`Archived message ${message.id} of ${origin.username} is unreadable: ${problem}`);
			item.attr.xmlns = "jabber:client";
			origin.send(st.message({ to: stanza.attr.from, from: stanza.attr.to })
				.tag("result", { xmlns: MAM_NAMESPACE, queryid: query.attr.queryid, id: message.id })
				.tag("forwarded", { xmlns: "urn:xmpp:forward:0" })
				.tag("delay", { xmlns: "urn:xmpp:delay", stamp: datetime.datetime(message.when) }).up()
				.add_child(item));
		}
		const set = st.stanza("set", { xmlns: RSM_NAMESPACE });
		if (page.length > 0) set.text_tag("first", oldest_first[0]!.id).text_tag("last", oldest_first.at(-1)!.id);
		// What 13.0's storage has, it does not count.
		const is_counted = parts.series === "0.12" || archiveOf(origin).length === 0;
		if ((use_total || max === 0) && is_counted) set.text_tag("count", String(found.total));
		origin.send(st.reply(stanza).tag("fin", { xmlns: MAM_NAMESPACE, complete }).add_child(set));
		return true;
	});

	module.hook(`iq-get/self/${MAM_NAMESPACE}:metadata`, ({ origin, stanza }) => {
		const archive = archiveOf(origin);
		const reply = st.reply(stanza).tag("metadata", { xmlns: MAM_NAMESPACE });
		for (const [name, message] of [["start", archive[0]], ["end", archive.at(-1)]] as const) {
			if (message) reply.tag(name, { id: message.id, timestamp: datetime.datetime(message.when) }).up();
		}
		origin.send(reply);
		return true;
	});
}
