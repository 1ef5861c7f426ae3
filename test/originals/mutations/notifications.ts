import type { Rule } from "./mutation";

const important = "function is_important(";

/** What is pushed, and as what. */
export const notifications: readonly Rule[] = [
	{
		rule: "the notification",
		shownBy: ["offline-message", "publish-options", "enable-without-node"],
		changes: [
			{ change: "another form", find: '"urn:xmpp:push:summary"', replace: '"urn:xmpp:push:details"' },
			{
				change: "an IQ that gets",
				find: 'type = "set", id = stanza_id',
				replace: 'type = "get", id = stanza_id',
			},
			{ change: "from the user", find: "from = module.host, t", replace: "from = node..\"@\"..module.host, t" },
			{
				change: "another namespace",
				find: '"http://jabber.org/protocol/pubsub"',
				replace: '"http://jabber.org/protocol/pubsub#event"',
			},
			{ change: "without the node", find: "{ node = push_info.node }", replace: "{}" },
			{ change: "without publish options", find: "if push_info.options then", replace: "if false then" },
			{ change: "publish options in the publication", find: ':tag("publish-options")', replace: "" },
			{ change: "two messages", find: '["message-count"] = "1"', replace: '["message-count"] = "2"' },
			{ change: "the sender is text", find: '"jid-single"', replace: '"text-single"' },
			{
				change: "no word of subscriptions",
				find: '{ name = "pending-subscription-count"; type = "text-single"; };',
				replace: "",
			},
		],
	},
	{
		rule: "importance",
		shownBy: [
			"unimportant", "important-encrypted", "headline", "groupchat", "carbon-sent", "carbon-received",
			"iq-in-queue", "important-with-subject", "call-in-queue",
		],
		changes: [
			{ change: "of headlines", in: important, find: '"headline"', replace: '"headlines"' },
			{ change: "of what the user sent elsewhere", in: important, find: '"sent"', replace: '"send"' },
			{
				change: "of carbon copies as such",
				in: important,
				find: "if carbon then stanza = carbon; end",
				replace: "",
			},
			{ change: "not of OMEMO", in: important, find: '"eu.siacs.conversations.axolotl"', replace: '""' },
			{ change: "not of OMEMO 2", in: important, find: '"urn:xmpp:omemo:0"', replace: '""' },
			{ change: "not of OpenPGP", in: important, find: '"urn:xmpp:openpgp:0"', replace: '""' },
			{ change: "not of old OpenPGP", in: important, find: '"jabber:x:encrypted"', replace: '""' },
			{ change: "not of calls", in: important, find: '"urn:xmpp:jingle-message:0"', replace: '""' },
			{
				change: "of groupchat subjects",
				in: important,
				find: 'st_type == "groupchat" and',
				replace: "false and",
			},
			{ change: "not of any subject", in: important, find: 'st_type == "groupchat" and', replace: "" },
			{ change: "of empty bodies", in: important, find: ' and body ~= ""', replace: "" },
			{ change: "of messages without a body", in: important, find: "body ~= nil and ", replace: "" },
			{ change: "of requests", in: important, find: "return false;\t", replace: "return true;\t" },
			{
				change: "of requests that hold what messages do",
				in: important,
				find: 'st_name == "message"',
				replace: 'st_name ~= "presence"',
			},
		],
	},
	{
		rule: "once",
		shownBy: ["pushed-then-expires", "several-registrations"],
		changes: [
			{ change: "no stanza is marked", find: "stanza._push_notify[push_identifier] = true;", replace: "" },
			{ change: "marks do not count", find: "send_push = false;", replace: "" },
			{ change: "marks are made anew", find: "if not stanza._push_notify then", replace: "if true then" },
			{
				change: "for one registration, not for each",
				find: "stanza._push_notify[push_identifier] then",
				replace: "next(stanza._push_notify) then",
			},
		],
	},
];
