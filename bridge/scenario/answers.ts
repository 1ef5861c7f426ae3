import type { Answer } from "./stage";
import { Problem, quote } from "./scenario-error";

/** RFC 6120, 8.3.2. */
const ERROR_TYPES = new Set(["auth", "cancel", "continue", "modify", "wait"]);

/** RFC 6120, 8.3.3. */
const ERROR_CONDITIONS = new Set([
	"bad-request", "conflict", "feature-not-implemented", "forbidden", "gone", "internal-server-error",
	"item-not-found", "jid-malformed", "not-acceptable", "not-allowed", "not-authorized", "policy-violation",
	"recipient-unavailable", "redirect", "registration-required", "remote-server-not-found", "remote-server-timeout",
	"resource-constraint", "service-unavailable", "subscription-required", "undefined-condition", "unexpected-request",
]);

/**
 * How a component answers: `result`, `nothing`, or `error TYPE CONDITION` with those of RFC 6120.
 * @throws Problem
 */
export function parseComponentAnswer(text: string): Answer {
	const [word, type, condition, ...more] = text.split(/\s+/);
	if ((word === "result" || word === "nothing") && type === undefined) return { with: word };
	if (word !== "error" || type === undefined || condition === undefined || more.length > 0) {
		throw new Problem("expected result, nothing, or error TYPE CONDITION such as error cancel item-not-found");
	}
	if (!ERROR_TYPES.has(type)) {
		throw new Problem(`expected an error type: ${[...ERROR_TYPES].join(", ")}, got ${quote(type)}`);
	}
	if (!ERROR_CONDITIONS.has(condition)) {
		throw new Problem(`expected an error condition of RFC 6120 such as item-not-found, got ${quote(condition)}`);
	}
	return { with: "error", type, condition };
}

/**
 * How a push service answers: a status such as `201`, `429 retry-after 10` (seconds), or `nothing`.
 * @throws Problem
 */
export function parseWebPushAnswer(text: string): Answer {
	if (text === "nothing") return { with: "nothing" };
	const parts = /^([2-5]\d\d)(?:\s+retry-after\s+(\d{1,9}))?$/.exec(text);
	if (!parts) {
		throw new Problem("expected a status from 200 to 599 such as 201, 429 retry-after 10 (seconds), or nothing");
	}
	const answer: Answer = { with: "status", status: Number(parts[1]) };
	if (parts[2] !== undefined) answer.retry_after = Number(parts[2]);
	return answer;
}
