import type { Rule } from "./mutation";

/** The options, and what they are without configuration. */
export const options: readonly Rule[] = [
	{
		rule: "push_notification_with_body",
		shownBy: ["with-body", "offline-message"],
		changes: [
			{ change: "on by default", find: 'with_body", false', replace: 'with_body", true' },
			{ change: "goes by another name", find: '"push_notification_with_body"', replace: '"push_with_body"' },
			{
				change: "tells the subject",
				find: '"] = stanza:get_child_text("body")',
				replace: '"] = stanza:get_child_text("subject")',
			},
		],
	},
	{
		rule: "push_notification_with_sender",
		shownBy: ["with-sender", "offline-message", "ping-with-body-and-sender"],
		changes: [
			{ change: "on by default", find: 'with_sender", false', replace: 'with_sender", true' },
			{ change: "goes by another name", find: '"push_notification_with_sender"', replace: '"push_with_sender"' },
			{ change: "tells the addressee", find: '"] = stanza.attr.from', replace: '"] = stanza.attr.to' },
			{
				change: "expects a stanza in a ping",
				find: "if stanza and include_sender",
				replace: "if include_sender",
			},
		],
	},
	{
		rule: "push_max_errors",
		series: "0.12",
		shownBy: ["errors-default", "errors-disable", "errors-none-allowed"],
		changes: [
			{ change: "15 by default", find: '"push_max_errors", 16', replace: '"push_max_errors", 15' },
			{ change: "17 by default", find: '"push_max_errors", 16', replace: '"push_max_errors", 17' },
			{ change: "goes by another name", find: '"push_max_errors"', replace: '"push_errors"' },
			{ change: "one more than allowed", find: ">= max_push_errors", replace: "> max_push_errors" },
			{ change: "must be met exactly", find: ">= max_push_errors", replace: "== max_push_errors" },
		],
	},
	{
		rule: "push_max_devices",
		shownBy: ["max-devices-default", "max-devices"],
		changes: [
			{ change: "4 by default", find: '"push_max_devices", 5', replace: '"push_max_devices", 4' },
			{ change: "6 by default", find: '"push_max_devices", 5', replace: '"push_max_devices", 6' },
			{ change: "goes by another name", find: '"push_max_devices"', replace: '"push_devices"' },
		],
	},
	{
		rule: "push_notification_important_body",
		shownBy: ["offline-message", "important-body", "carbon-sent"],
		changes: [
			{ change: "another text by default", find: '"New Message!"', replace: '"New message"' },
			{
				change: "goes by another name",
				find: '"push_notification_important_body"',
				replace: '"push_important_body"',
			},
			{
				change: "told of unimportant stanzas",
				find: "elseif stanza and dummy_body and is_important(stanza)",
				replace: "elseif stanza and dummy_body",
			},
		],
	},
	{
		// In 13.0 it has no effect (hibernation-for-ever in spec/DIFFERENCES.md).
		rule: "push_max_hibernation_timeout",
		series: "0.12",
		shownBy: ["hibernation-extended", "hibernation-extended-ends", "hibernation-timeout-option"],
		changes: [
			{ change: "71 hours by default", find: "72*3600", replace: "71*3600" },
			{ change: "73 hours by default", find: "72*3600", replace: "73*3600" },
			{ change: "a minute less by default", find: "72*3600", replace: "72*3600-60" },
			{ change: "goes by another name", find: '"push_max_hibernation_timeout"', replace: '"push_hibernation"' },
		],
	},
];
