import type { Rule } from "./mutation";

const queue = "function process_stanza_queue(";
const gather = "function process_stanza(";
const hibernate = "function hibernate_session(";
const restore = "function restore_session(";
const delayed = "function ack_delayed(";
const unload = "function module.unload(";

/** What waits for clients in the queues of stream management, and how long it may. */
export const queues: readonly Rule[] = [
	{
		rule: "acknowledgements overdue",
		shownBy: ["ack-delayed", "csi-inactive"],
		changes: [
			{ change: "not pushed for", find: '"smacks-ack-delayed"', replace: '"smacks-ack-overdue"' },
			{ change: "only the first stanza counts", in: delayed, find: "#queue", replace: "1" },
			{
				change: "pushed for without a wait",
				in: delayed,
				find: "process_stanza(session, queued_stanza);",
				replace: 'process_stanza_queue(queue, session, "");',
			},
		],
	},
	{
		rule: "gathering",
		shownBy: ["hibernation-two-seconds", "hibernation-gathers-anew", "hibernation-queue"],
		changes: [
			{
				change: "none while hibernating",
				find: '"smacks-hibernation-stanza-queued"',
				replace: '"smacks-hibernation-queued"',
			},
			{ change: "for half a second", in: gather, find: "1.0", replace: "0.5" },
			{ change: "for two seconds", in: gather, find: "1.0", replace: "2.0" },
			{ change: "a timer for each stanza", in: gather, find: "not session.awaiting_push_timer", replace: "true" },
			{ change: "what was gathered stays", in: gather, find: "session.push_queue = {};\t", replace: "" },
			{ change: "no end of the timer", in: gather, find: "session.awaiting_push_timer = nil;", replace: "" },
		],
	},
	{
		rule: "one push of a kind",
		shownBy: ["hibernation-queue", "hibernation-start", "ack-delayed", "disable-on-another-session"],
		changes: [
			{ change: "one for each stanza", in: queue, find: "notified[stanza_type] = true", replace: "" },
			{
				change: "one for all",
				in: queue,
				find: 'stanza_type = "important"',
				replace: 'stanza_type = "unimportant"',
			},
			{ change: "the last stanza does not count", in: queue, find: "#queue", replace: "#queue-1" },
			{
				change: "the first ends it",
				in: queue,
				find: "notified.unimportant and notified.important",
				replace: "notified.unimportant or notified.important",
			},
			{
				change: "to all registrations",
				in: queue,
				find: "{[session.push_identifier] = session.push_settings}",
				replace: "push_store:get(session.username)",
			},
		],
	},
	{
		rule: "hibernation begins",
		shownBy: [
			"hibernation-start", "hibernation-extended", "hibernation-not-registered-ends",
			"hibernation-extended-ends", "hibernation-after-push",
		],
		changes: [
			{ change: "unnoticed", find: '"smacks-hibernation-start"', replace: '"smacks-hibernation-started"' },
			{
				change: "with nothing pushed",
				in: hibernate,
				find: 'process_stanza_queue(queue, session, "smacks");',
				replace: "",
			},
			{
				change: "and is longer without a registration, too",
				in: hibernate,
				find: "session.push_identifier and",
				replace: "",
			},
			{
				change: "as if it had been pushed for",
				in: hibernate,
				find: "session.first_hibernated_push = nil;",
				replace: "session.first_hibernated_push = 0;",
			},
		],
	},
	{
		// In 13.0 stream management itself minds which watchdog it hears, and the longer hibernation has no end.
		rule: "hibernation is longer",
		series: "0.12",
		shownBy: ["hibernation-outlives-timeout", "hibernation-extended-ends"],
		changes: [
			{
				change: "and has its usual end, too",
				in: hibernate,
				find: "session.hibernating_watchdog:cancel();",
				replace: "",
			},
			{ change: "and has no end", in: hibernate, find: "session.original_smacks_callback();", replace: "" },
		],
	},
	{
		rule: "the first important push",
		shownBy: [
			"hibernation-after-push", "hibernation-unimportant-push", "hibernation-timeout-option",
			"resumed-lives-on",
		],
		changes: [
			{
				change: "gives it no less time",
				in: queue,
				find: "watchdog.new(session.original_smacks_timeout,",
				replace: "watchdog.new(extended_hibernation_timeout,",
			},
			{
				change: "leaves the longer time beside the usual one",
				in: queue,
				find: "session.hibernating_watchdog:cancel();",
				replace: "",
			},
			{
				change: "or an unimportant one",
				in: queue,
				find: "or (dummy_body and is_important(stanza))",
				replace: "or dummy_body",
			},
			{ change: "or a later one", in: queue, find: "and not session.first_hibernated_push", replace: "" },
		],
	},
	{
		rule: "resumption",
		shownBy: ["resumed", "resumed-then-asleep-again", "resumed-unacknowledged"],
		changes: [
			{ change: "does not stop a push", find: '"smacks-hibernation-end"', replace: '"smacks-hibernation-ended"' },
			{
				change: "does not stop the timer",
				in: restore,
				find: "session.awaiting_push_timer:stop();",
				replace: "",
			},
			{
				change: "leaves the timer on the session",
				in: restore,
				find: "session.awaiting_push_timer = nil;",
				replace: "",
			},
		],
	},
	{
		rule: "unload",
		shownBy: [
			"reload-while-hibernating", "reload-while-gathering", "reload-with-several-sessions",
			"reload-then-resumed", "reload-after-push",
		],
		changes: [
			{
				change: "leaves sessions their longer hibernation",
				in: unload,
				find: "watchdog.new(session.original_smacks_timeout,",
				replace: "watchdog.new(extended_hibernation_timeout,",
			},
			{
				change: "leaves sessions their longer hibernation beside the usual one",
				in: unload,
				find: "session.hibernating_watchdog:cancel();",
				replace: "",
			},
			{
				change: "leaves sessions pushed for",
				in: unload,
				find: "session.first_hibernated_push = nil;",
				replace: "",
			},
			{ change: "leaves what was gathered", in: unload, find: "session.push_queue = nil;", replace: "" },
			{
				change: "leaves the timer on the session",
				in: unload,
				find: "session.awaiting_push_timer = nil;",
				replace: "",
			},
			{
				change: "takes every session for a hibernating one",
				in: unload,
				find: "session.hibernating_watchdog and",
				replace: "",
			},
			{
				change: "takes every hibernating session for a registered one",
				in: unload,
				find: "session.original_smacks_callback and session.original_smacks_timeout",
				replace: "true",
			},
		],
	},
];
