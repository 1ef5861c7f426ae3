import type { Rule } from "./mutation";

const error = "function handle_push_error(";
const success = "function handle_push_success(";

/**
 * What answers of push services do. All but the last are about 0.12: in 13.0 no answer arrives at the functions that
 * handle them (`answers-ignored`), so no change to them shows.
 */
export const answers: readonly Rule[] = [
	{
		rule: "errors",
		series: "0.12",
		shownBy: ["errors-disable", "errors-wait", "errors-of-others", "errors-of-one-node"],
		changes: [
			{
				change: "count twice",
				find: "push_errors[push_identifier] + 1",
				replace: "push_errors[push_identifier] + 2",
			},
			{
				change: "are not listened for",
				find: 'module:hook("iq-error/host/"',
				replace: 'module:hook("iq-errors/host/"',
			},
			{ change: "count even if they ask to wait", find: 'error_type ~= "wait"', replace: "true" },
			{
				change: "count whoever sends them",
				in: error,
				find: '.jid == from and error_type ~= "wait"',
				replace: '.jid and error_type ~= "wait"',
			},
			{
				change: "count for all registrations of the user",
				in: error,
				find: "push_identifier == identifier",
				replace: "true",
			},
			{ change: "count from the last push on", find: "push_errors[push_identifier] == nil", replace: "true" },
		],
	},
	{
		rule: "the last error",
		series: "0.12",
		shownBy: [
			"errors-disable", "errors-while-connected", "errors-while-hibernating", "errors-of-an-unimportant-push",
			"errors-of-another-session", "errors-after-resumption", "errors-then-resumed",
			"errors-forgotten-when-ended",
		],
		changes: [
			{
				change: "leaves the registration in the store",
				in: error,
				find: "push_store:flush_to_disk(node);",
				replace: "",
			},
			{
				change: "leaves the registration",
				in: error,
				find: "user_push_services[push_identifier] = nil",
				replace: "",
			},
			{ change: "leaves it on the session", in: error, find: "session.push_identifier = nil;", replace: "" },
			{
				change: "takes every session's registration",
				in: error,
				find: "session.push_identifier == push_identifier",
				replace: "true",
			},
			{
				change: "leaves the session its longer hibernation",
				in: error,
				find: "watchdog.new(session.original_smacks_timeout,",
				replace: "watchdog.new(extended_hibernation_timeout,",
			},
			{
				change: "leaves it its longer hibernation beside the usual one",
				in: error,
				find: "session.hibernating_watchdog:cancel();",
				replace: "",
			},
			{
				change: "is remembered when the registration is made again",
				in: error,
				find: "push_errors[push_identifier] = nil;",
				replace: "",
			},
			{
				change: "takes a resumed session for a hibernating one",
				in: error,
				find: "session.hibernating_watchdog and",
				replace: "",
			},
			{
				change: "expects the user to be connected",
				in: error,
				find: "if host_sessions[node] then",
				replace: "if true then",
			},
		],
	},
	{
		rule: "results",
		series: "0.12",
		shownBy: ["errors-reset", "results-of-others", "errors-after-a-result"],
		changes: [
			{
				change: "are not listened for",
				find: 'module:hook("iq-result/host/"',
				replace: 'module:hook("iq-results/host/"',
			},
			{ change: "forgive all errors but one", in: success, find: "= 0;", replace: "= 1;" },
			{ change: "forgive whoever sends them", in: success, find: ".jid == from", replace: ".jid" },
			{ change: "are an answer even without errors before", in: success, find: "> 0", replace: ">= 0" },
		],
	},
	{
		rule: "answers that 13.0 ignores",
		series: "13.0",
		shownBy: ["errors-disable"],
		changes: [
			{
				change: "errors arrive",
				find: ":next(handle_push_success, handle_push_error)",
				replace: ":next(handle_push_success, function (err) return handle_push_error(err.context.stanza); end)",
			},
		],
	},
];
