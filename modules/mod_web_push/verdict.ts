import type { Answer } from "./post";

/**
 * What an answer means:
 * `taken`: the service has the push (RFC 8030, 5).
 * `gone`: the subscription has ended (RFC 8030, 7.3).
 * `too-large`: the service takes no payload of that size (RFC 8030, 7.2).
 * `later`: the service cannot now (429, 5xx), or there is no connection to it.
 * `refused`: anything else.
 */
export type Verdict = "taken" | "gone" | "too-large" | "later" | "refused";

export function judge({ status }: Answer): Verdict {
	if (status === undefined || status === 429) return "later";
	if (status >= 200 && status < 300) return "taken";
	if (status === 404 || status === 410) return "gone";
	if (status === 413) return "too-large";
	return status >= 500 && status < 600 ? "later" : "refused";
}

/** For the log. */
export function describe_answer({ status, failure }: Answer): string {
	return status !== undefined ? `status ${String(status)}` : failure ?? "no answer";
}
