import type { HttpClientRequest, HttpResponse, Require } from "../../bridge/api";
import { loggable_text } from "../push/text/loggable";
import type { Endpoint } from "./endpoint";
import { connection_guard } from "./guard";
import { retry_after_reader } from "./retry-after";

/** Bytes of the head of an answer. */
const longest_head = 8192;
/** Bytes of its body, which is not needed: of one that is longer, or whose length is not known, the head is the answer. */
const longest_body = 4096;

/** What became of a request. */
export interface Answer {
	/** The HTTP status, 200 or more; nil if there was no answer. */
	status?: number;
	/** Seconds that the service asks to wait (RFC 9110, 10.2.3), 0 or more. */
	retry_after?: number;
	/** Why there was no answer: may be logged. */
	failure?: string;
}

/**
 * Sends a request to a push service.
 * @param body bytes
 * @param on_answer called exactly once, maybe before this returns
 */
export type Post = (
	this: void, endpoint: Endpoint, headers: Record<string, string>, body: string,
	on_answer: (this: void, answer: Answer) => void,
) => void;

export interface PostOptions {
	/** Seconds for finding, connecting and answering together. */
	timeout: number;
}

/**
 * Posts to services that nobody vouches for. Whatever they do, a request is over in time, has connected to public
 * addresses alone (save for internal services), and has read little. Neither Prosody's `net.http` nor a host's follows
 * redirects or decompresses bodies: a redirect is an answer as any other.
 */
export function guarded_post(require: Require, { timeout }: PostOptions): Post {
	const http = require("net.http");
	// A module's own timers end with it, and its requests would not end then.
	const timers = require("util.timer");
	const start_guarded = connection_guard(require);
	const read_retry_after = retry_after_reader(require);
	const loggable = loggable_text(require);

	const answer_of = ({ code, headers }: HttpResponse): Answer => {
		if (code < 200) return { failure: "an answer that is not the last one" };
		return { status: code, retry_after: read_retry_after(headers["retry-after"]) };
	};

	return (endpoint, headers, body, on_answer) => {
		let request: HttpClientRequest | undefined;
		let is_over = false;
		let has_ended = false;
		let let_go = (): void => undefined;

		const finish = (answer: Answer): void => {
			if (is_over) return;
			is_over = true;
			timers.stop(timer);
			let_go();
			on_answer(answer);
		};
		const timer = timers.add_task(timeout, () => {
			finish({ failure: "no answer in time" });
			return undefined;
		});

		const start = (): void => {
			request = http.request(endpoint.url, {
				method: "POST", headers, body, suppress_url: true,
				streaming_handler: (response) => finish(answer_of(response)),
			}, (content, code, response) => {
				has_ended = true;
				if (code !== 0) finish(answer_of(response as HttpResponse));
				// It is whatever kept a connection from being made.
				else finish({ failure: loggable(String(content)) });
			});
			if (request === undefined) return;
			request.head_size_limit = longest_head;
			request.body_size_limit = longest_body;
			request.buffer_size_limit = longest_head + longest_body;
		};

		try {
			const guard = start_guarded(endpoint.is_internal, start);
			let_go = () => {
				if (!has_ended) request?.cancel?.();
				// Others may have been tried beside the one that answered.
				guard.close();
			};
			if (is_over) let_go();
			else if (!guard.was_asked()) finish({ failure: "a connection that is not guarded" });
		} catch (reason) {
			// Not the request's, but of who got its answer.
			if (is_over) throw reason;
			finish({ failure: loggable(String(reason)) });
		}
	};
}
