import type { Rule } from "./mutation";

const enable = "function push_enable(";
const disable = "function push_disable(";

/** How clients enable and disable push, and what is kept of it. */
export const registrations: readonly Rule[] = [
	{
		rule: "discovery",
		shownBy: ["discovery"],
		changes: [
			{
				change: "accounts do not say that they push",
				find: '"account-disco-info"',
				replace: '"account-disco-items"',
			},
			{ change: "another feature", find: "{var=xmlns_push}", replace: '{var="urn:xmpp:push:1"}' },
		],
	},
	{
		rule: "enable",
		shownBy: [
			"offline-message", "enable-without-jid", "enable-own-full-jid", "enable-without-node",
			"publish-options", "ack-delayed",
		],
		changes: [
			{ change: "ignored", find: '":enable"', replace: '":enables"' },
			{ change: "without a service", in: enable, find: "not push_jid", replace: "false" },
			{
				change: "without a service is another error",
				in: enable,
				find: '"bad-request", "Missing jid"',
				replace: '"not-acceptable", "Missing jid"',
			},
			{ change: "at oneself", in: enable, find: "push_jid == stanza.attr.from", replace: "false" },
			{
				change: "at oneself is another type of error",
				in: enable,
				find: '"modify", "bad-request", "JID',
				replace: '"cancel", "bad-request", "JID',
			},
			{ change: "unanswered", in: enable, find: "origin.send(st.reply(stanza));", replace: "" },
			{
				change: "leaves the session without a registration",
				in: enable,
				find: "origin.push_identifier = push_identifier;",
				replace: "",
			},
			{ change: "one registration a service", in: enable, find: '(push_node or "")', replace: '""' },
			{
				change: "without publish options",
				in: enable,
				find: "publish_options and st.preserialize(publish_options)",
				replace: "nil",
			},
			{ change: "options of another form", in: enable, find: '"jabber:x:data"', replace: '"jabber:x:oob"' },
		],
	},
	{
		rule: "what is stored",
		shownBy: ["what-is-stored", "restart", "enable-again"],
		changes: [
			{ change: "nothing", find: "store:set(user, plain_table)", replace: "true" },
			{ change: "nothing is read again", find: "loaded, err = store:get(user)", replace: "loaded, err" },
			{ change: "without the time", find: "timestamp = os_time();", replace: "" },
			{ change: "without the language", find: 'language = stanza.attr["xml:lang"];', replace: "" },
			{ change: "without the resource", find: "origin.resource or nil", replace: "nil" },
			{ change: "without the node", find: "node = push_node;", replace: "" },
			{ change: "without what to include", find: "include_payload = include_payload;", replace: "" },
			{ change: "without the client's id", find: "client_id = origin.client_id;", replace: "" },
			{
				change: "the resource beside the client's id",
				find: "not origin.client_id and origin.resource",
				replace: "origin.resource",
			},
		],
	},
	{
		rule: "disable",
		shownBy: [
			"disable", "disable-unknown", "disable-on-this-session", "disable-another-node",
			"disable-after-resumption", "enable-without-jid",
		],
		changes: [
			{ change: "ignored", find: '":disable"', replace: '":disables"' },
			{ change: "without a service", in: disable, find: "not push_jid", replace: "false" },
			{ change: "whatever the service", in: disable, find: "push_info.jid == push_jid", replace: "true" },
			{ change: "whatever the node", in: disable, find: "push_info.node == push_node", replace: "true" },
			{ change: "without a node only what has none", in: disable, find: "not push_node or ", replace: "" },
			{ change: "unanswered", in: disable, find: "origin.send(st.reply(stanza));", replace: "" },
			{ change: "still registered", in: disable, find: "user_push_services[key] = nil;", replace: "" },
			{ change: "still stored", in: disable, find: "push_store:flush_to_disk(origin.username)", replace: "true" },
			{ change: "the session keeps it", in: disable, find: "origin.push_identifier = nil;", replace: "" },
			{
				change: "the session loses another, too",
				in: disable,
				find: "origin.push_identifier == key",
				replace: "true",
			},
			{
				change: "takes a resumed session for a hibernating one",
				in: disable,
				find: "origin.hibernating_watchdog and",
				replace: "",
			},
		],
	},
	{
		rule: "disabled registrations leave no answers to wait for",
		series: "0.12",
		shownBy: ["answers-to-a-registration-before", "errors-after-another-ended", "errors-forgotten-when-disabled"],
		changes: [
			{
				change: "answers still count",
				in: disable,
				find: "if identifier == key",
				replace: "if false",
			},
			{
				change: "no answer counts any more",
				in: disable,
				find: "if identifier == key",
				replace: "if true",
			},
			{ change: "errors so far count", in: disable, find: "push_errors[key] = nil;", replace: "" },
		],
	},
];
