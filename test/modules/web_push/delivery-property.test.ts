import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../../modules/mod_web_push/post";
import { HOST_NAMES } from "../../server/world";
import { DAY, Deliveries, SERVICE } from "./deliveries";

const OTHER = "https://other.example.com";
const USERS = ["u0", "u1", "u2", "u3"];
/** Two on one service and one on another. */
const DEVICES = [["phone", SERVICE], ["tablet", SERVICE], ["laptop", OTHER]] as const;

const answers = fc.oneof(
	{ weight: 6, arbitrary: fc.constant<Answer>({ status: 201 }) },
	{ weight: 6, arbitrary: fc.record<Answer>({ status: fc.constantFrom(429, 500, 503) }) },
	fc.record<Answer>({ status: fc.constantFrom(429, 503), retry_after: fc.constantFrom(0, 1, 100, 3000, 1e7) }),
	fc.constant<Answer>({ failure: "timeout" }),
	fc.record<Answer>({ status: fc.constantFrom(301, 400, 403, 413, 404, 410) }),
);

const steps = fc.oneof(
	{ weight: 8, arbitrary: fc.record({
		step: fc.constant("push" as const),
		user: fc.constantFrom(...USERS),
		device: fc.constantFrom(...DEVICES),
		topic: fc.option(fc.constantFrom("t1", "t2"), { nil: undefined }),
		urgency: fc.constantFrom("high" as const, "normal" as const, "low" as const),
		ttl: fc.constantFrom(0, 60, 3 * DAY),
		has_smaller: fc.boolean(),
	}) },
	{ weight: 4, arbitrary: fc.record({ step: fc.constant("pass" as const), seconds: fc.constantFrom(0, 0.05, 1, 20, 400) }) },
	fc.record({
		step: fc.constant("forget" as const), user: fc.constantFrom(...USERS), device: fc.constantFrom(...DEVICES),
	}),
	fc.record({ step: fc.constant("reload" as const) }),
);

const RUNS = { node: 300, fengari: 15 };

describe.each(HOST_NAMES)("delivery of mod_web_push on %s", (host_name) => {
	it("sends, replaces or drops each push in the end, and keeps its limits all the while", { timeout: 120_000 }, () => {
		fc.assert(fc.property(
			fc.array(steps, { minLength: 10, maxLength: 120 }),
			fc.infiniteStream(answers),
			fc.infiniteStream(fc.constantFrom(0.1, 3, 19)),
			fc.record({
				max_requests: fc.integer({ min: 1, max: 3 }), rate: fc.constantFrom(2, 30), max_errors: fc.integer({ min: 1, max: 4 }),
				max_retries: fc.integer({ min: 0, max: 4 }),
			}),
			(script, reply, delays, options) => {
				const set = new Deliveries(host_name, options);
				/** By payload, how many of its requests are under way, and by endpoint. */
				const open = new Map<string, number>();
				const taken = new Set<string>();
				const gone = new Set<string>();
				let pushed = 0;
				set.answer_time = undefined;
				set.policy = (posted) => {
					const { url } = posted.endpoint;
					const payload = posted.body.replace("smaller", "");
					expect(gone.has(url)).toBe(false);
					for (const key of [payload, url]) {
						expect(open.get(key) ?? 0).toBe(0);
						open.set(key, 1);
					}
					expect(taken.has(payload)).toBe(false);
					const answer = reply.next().value;
					set.world.clock.schedule(delays.next().value, () => {
						open.set(payload, 0);
						open.set(url, 0);
						if (answer.status === 201) taken.add(payload);
						// A registration that was made again since is another one, of which this says nothing.
						const is_current = answers_of.get(posted.body) === generation.get(url);
						if (is_current && (answer.status === 404 || answer.status === 410)) gone.add(url);
						posted.answer(answer);
					});
					return undefined;
				};
				/** How often an endpoint was registered, now and when a push was made. */
				const generation = new Map<string, number>();
				const answers_of = new Map<string, number>();

				const register = (user: string, [identifier, service]: typeof DEVICES[number]): void => {
					// One endpoint is never used again, so that requests for a former registration are not taken for this one's.
					const endpoint = `${service}/${user}/${identifier}/${generation.size}`;
					set.register(user, identifier, service, { endpoint });
					generation.set(endpoint, generation.size);
				};
				for (const user of USERS) for (const device of DEVICES) register(user, device);

				for (const step of script) {
					if (step.step === "pass") set.pass(step.seconds);
					else if (step.step === "reload") set.world.host.reload("web_push");
					else if (step.step === "forget") {
						set.delivery.forget(step.user, step.device[0]);
						register(step.user, step.device);
					} else {
						const { user, device, has_smaller, ...message } = step;
						const registration = set.registrations.get(user, device[0]);
						if (registration === undefined) register(user, device);
						const payload = `p${pushed++}`;
						const current = generation.get(set.registrations.get(user, device[0])!.endpoint)!;
						for (const body of [payload, `${payload}smaller`]) answers_of.set(body, current);
						const { topic, urgency, ttl } = message;
						set.push(payload, {
							urgency, ttl, ...topic === undefined ? {} : { topic },
							...has_smaller ? { smaller_payload: `${payload}smaller` } : {},
						}, user, device[0]);
					}
				}
				set.pass(DAY);

				expect([...open.values()].every((count) => count === 0)).toBe(true);
				for (const most of Object.values(set.most_open)) expect(most).toBeLessThanOrEqual(options.max_requests);
				// What was under way for a registration that was forgotten is neither: its answer is not heeded.
				const ignored = set.log().filter((line) => /^Got .*, which has ended$/.test(line)).length;
				const sent = set.log().filter((line) => /^Push for .* was taken$/.test(line)).length;
				const given_up = set.log().filter((line) => line.includes("the subscription has ended")).length;
				expect(sent + given_up + set.dropped().length + ignored).toBe(pushed);
				if (host_name === "node") {
					const { held } = set.shared<{ held: { count: number } }>();
					expect(held.count).toBe(0);
					const { addressees, sendings } = set.shared<{ addressees: { used: object }; sendings: { count: number } }>();
					expect(Object.keys(addressees.used)).toEqual([]);
					expect(sendings.count).toBe(0);
					expect(Object.keys(set.shared<{ services: { used: object } }>().services.used)).toEqual([]);
					expect(Object.keys(set.shared<{ buckets: { used: object } }>().buckets.used)).toEqual([]);
				}
			},
		), { numRuns: RUNS[host_name] });
	});
});
