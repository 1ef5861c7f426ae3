import type { Rule } from "./mutation";

const archived = "function archive_message_added(";

/** What makes the module push. */
export const triggers: readonly Rule[] = [
	{
		rule: "offline messages",
		shownBy: ["offline-message", "offline-to-oneself"],
		changes: [
			{ change: "not pushed", find: '"message/offline/handle"', replace: '"message/offline/handled"' },
			{
				change: "only if nothing stores them",
				in: '"message/offline/handle"',
				find: "true);\nend, 1",
				replace: "true);\nend, -2",
			},
			{ change: "to the sender, where they have no address", find: "or session.username;", replace: 'or "";' },
			{ change: "to the sender", find: "to and jid.split(to) or session.username", replace: "session.username" },
		],
	},
	{
		rule: "groupchat",
		shownBy: ["groupchat"],
		changes: [
			{ change: "not pushed", find: '"message/bare/groupchat"', replace: '"message/bare/normal"' },
		],
	},
	{
		rule: "archived messages",
		shownBy: [
			"archived-session-alive", "archived-other-device", "archived-sent", "archived-older-device",
			"archived-to-self", "answers-to-a-registration-before",
		],
		changes: [
			{ change: "not pushed", find: '"archive-message-added"', replace: '"archive-message-deleted"' },
			{
				change: "pushed though nobody is connected",
				in: archived,
				find: "not host_sessions[event.for_user]",
				replace: "false",
			},
			{ change: "pushed to who sent them", in: archived, find: "event.for_user == to", replace: "true" },
			{
				change: "pushed to sessions that are alive",
				in: archived,
				find: "session.push_identifier == identifier",
				replace: "false",
			},
			{
				change: "pushed to nobody if any session is alive",
				in: archived,
				find: "session.push_identifier == identifier",
				replace: "true",
			},
			{
				change: "pushed to no device after one that is alive",
				in: archived,
				find: "local identifier_found = nil;",
				replace: "",
			},
			{
				change: "without an address never pushed",
				in: archived,
				find: "or event.origin.username",
				replace: "or nil",
			},
		],
	},
	{
		rule: "calls",
		shownBy: ["call-while-connected", "ack-delayed"],
		changes: [
			{
				change: "wait like messages",
				in: "function is_urgent(",
				find: 'return true, "jingle call"',
				replace: "return false",
			},
			{
				change: "another namespace",
				in: "function is_urgent(",
				find: '"urn:xmpp:jingle-message:0"',
				replace: '"urn:xmpp:jingle-message:1"',
			},
			{
				change: "every message is one",
				in: "function is_urgent(",
				find: 'stanza:get_child("propose", "urn:xmpp:jingle-message:0")',
				replace: "true",
			},
		],
	},
	{
		rule: "cloud-notify-ping",
		shownBy: ["ping", "ping-with-body-and-sender"],
		changes: [
			{ change: "ignored", find: '"cloud-notify-ping", send_ping', replace: '"cloud-notify-pong", send_ping' },
			{
				change: "pushes to the host's name",
				find: "or push_store:get(user);",
				replace: "or push_store:get(module.host);",
			},
		],
	},
];
