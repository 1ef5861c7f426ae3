import { describe, expect, it } from "vitest";
import type { Answer } from "../../../modules/mod_web_push/post";
import { HOST_NAMES } from "../../server/world";
import { answering, CREATED, DAY, Deliveries, HOUR, SERVICE, SILENT, TIMEOUT } from "./deliveries";

const REFUSALS: Answer[] = [
	...[400, 401, 402, 403, 405, 408, 409, 412, 422, 426, 499].map((status) => ({ status })),
	...[300, 301, 302, 303, 307, 308, 100, 102, 199, 0, 600, 999].map((status) => ({ status })),
];
const FAILURES: Answer[] = [
	...[429, 500, 501, 502, 503, 504, 599].map((status) => ({ status })), { failure: "connection refused" }, {},
];
const name = ({ status, failure }: Answer): string => `${status ?? failure ?? "nothing"}`;

describe.each(HOST_NAMES)("answers to mod_web_push on %s", (host_name) => {
	it("sends a push at once, once", () => {
		const set = new Deliveries(host_name);
		set.push("a", { topic: "t", urgency: "high" });
		const [posted] = set.take();
		expect(posted).toMatchObject({
			body: "a", headers: { TTL: "259200", Urgency: "high", Topic: "t" },
			endpoint: { url: `${SERVICE}/juliet/phone`, service: SERVICE },
		});
		expect(set.during(DAY)).toEqual([]);
		expect(set.dropped()).toEqual([]);
		expect(set.failed).toEqual([]);
	});

	it.each([200, 201, 202, 204, 299])("takes %d for a success, after which errors are counted anew", (status) => {
		const set = new Deliveries(host_name, { max_errors: 2 });
		for (const answer of [403, status, 403, status, 403]) {
			set.policy = answering({ status: answer });
			set.push("a");
			set.pass(60);
		}
		expect(set.failed).toEqual([]);
		set.push("a");
		set.pass(60);
		expect(set.failed).toEqual(["juliet phone 1"]);
		expect(set.posted).toHaveLength(6);
	});

	it.each([404, 410])("gives a registration up at once after %d, and never asks again", (status) => {
		const set = new Deliveries(host_name);
		set.policy = SILENT;
		set.push("a");
		set.push("b");
		set.push("c", { topic: "t" });
		set.posted[0]!.answer({ status });
		expect(set.failed).toEqual(["juliet phone 1"]);
		expect(set.registrations.get("juliet", "phone")).toBeUndefined();
		expect(set.dropped()).toEqual(["the registration has ended", "the registration has ended"]);
		set.pass(2 * DAY);
		expect(set.posted).toHaveLength(1);
		expect(set.failed).toHaveLength(1);
	});

	it.each(REFUSALS.map((answer) => [name(answer), answer]))("counts %s, and sends nothing again", (_, answer) => {
		const set = new Deliveries(host_name, { max_errors: 3 });
		set.policy = answering(answer as Answer);
		for (let count = 0; count < 3; count++) {
			expect(set.failed).toEqual([]);
			set.push("a");
			expect(set.during(HOUR)).toEqual(["a"]);
		}
		expect(set.failed).toEqual(["juliet phone 1"]);
		expect(set.dropped()).toEqual(["it was refused", "it was refused", "it was refused"]);
		expect(set.world.log.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
			`Disabling push notifications for juliet@localhost ('phone' at ${SERVICE}): too many errors`,
		]);
	});

	it.each(FAILURES.map((answer) => [name(answer), answer]))("sends again after %s, which does not count", (_, answer) => {
		const set = new Deliveries(host_name, { max_errors: 1 });
		set.policy = answering(answer as Answer);
		set.push("a");
		const { posted, after } = set.next(46);
		expect(posted.body).toBe("a");
		expect(after).toBeGreaterThanOrEqual(15);
		set.policy = CREATED;
		set.pass(DAY);
		expect(set.failed).toEqual([]);
		expect(set.dropped()).toEqual([]);
		expect(set.posted).toHaveLength(3);
	});

	it("sends without the body what is too large, at once, and counts it if that is too large as well", () => {
		const set = new Deliveries(host_name, { max_errors: 2 });
		set.policy = answering({ status: 413 });
		set.push("large", { smaller_payload: "small" });
		expect(set.during(1)).toEqual(["large", "small"]);
		expect(set.during(HOUR)).toEqual([]);
		set.push("large");
		expect(set.during(HOUR)).toEqual(["large"]);
		expect(set.failed).toEqual(["juliet phone 1"]);
	});

	it("does not count what is taken without the body", () => {
		const set = new Deliveries(host_name, { max_errors: 1 });
		set.policy = ({ body }) => ({ status: body === "large" ? 413 : 201 });
		set.push("large", { smaller_payload: "small" });
		expect(set.during(HOUR)).toEqual(["large", "small"]);
		expect(set.failed).toEqual([]);
		expect(set.dropped()).toEqual([]);
	});

	it("retries the smaller payload, not the larger", () => {
		const set = new Deliveries(host_name);
		set.policy = ({ body }) => ({ status: body === "large" ? 413 : 503 });
		set.push("large", { smaller_payload: "small" });
		expect(set.during(50)).toEqual(["large", "small", "small"]);
	});

	it("counts keys that are unusable, without a request", () => {
		const set = new Deliveries(host_name, { max_errors: 2 });
		set.register("romeo", "phone", SERVICE, { p256dh: "unusable" });
		set.push("a", {}, "romeo");
		expect(set.failed).toEqual([]);
		set.push("b", {}, "romeo");
		expect(set.failed).toEqual(["romeo phone 1"]);
		expect(set.posted).toEqual([]);
	});

	it("sends nothing to an endpoint that is not allowed any more", () => {
		const set = new Deliveries(host_name);
		set.register("romeo", "phone", "http://push.example.com");
		expect(set.push("a")).toBe(true);
		expect(set.during(HOUR)).toEqual(["a"]);
		expect(set.push("b", {}, "romeo")).toBe(false);
		expect(set.during(HOUR)).toEqual([]);
		expect(set.log()).toContain("Not pushing for romeo@localhost: No HTTPS");
		expect(set.failed).toEqual([]);
	});

	it("waits twice as long each time, but no longer than 15 minutes, and gives up the push in the end", () => {
		const set = new Deliveries(host_name, { max_retries: 8, max_retry_age: DAY });
		set.policy = answering({ status: 503 });
		set.push("a");
		for (const delay of [30, 60, 120, 240, 480, 900, 900, 900]) {
			const { after } = set.next(1.5 * delay + 2);
			expect(after).toBeGreaterThanOrEqual(0.5 * delay - 1);
		}
		expect(set.during(DAY)).toEqual([]);
		expect(set.dropped()).toEqual(["it was sent as often as it may be"]);
		expect(set.failed).toEqual([]);
	});

	it("waits by chance between half and one and a half times as long", () => {
		const set = new Deliveries(host_name, { retry_delay: 800 });
		const waited: number[] = [];
		for (let count = 0; count < 40; count++) {
			set.policy = ({ body }) => ({ status: set.posted.filter((posted) => posted.body === body).length === 1 ? 503 : 201 });
			set.push(`${count}`);
			waited.push(set.next(1202).after);
			set.pass(1);
		}
		expect(Math.min(...waited)).toBeGreaterThanOrEqual(400);
		expect(Math.min(...waited)).toBeLessThan(500);
		expect(Math.max(...waited)).toBeLessThanOrEqual(1201);
		expect(Math.max(...waited)).toBeGreaterThan(1100);
	});

	it("sends no push again that would be too old", () => {
		const set = new Deliveries(host_name, { max_retries: 1000 });
		set.policy = answering({ status: 503 });
		const start = set.world.clock.now();
		set.push("a");
		set.pass(DAY);
		expect(set.posted.at(-1)!.at - start).toBeGreaterThan(HOUR / 4);
		expect(set.posted.at(-1)!.at - start).toBeLessThanOrEqual(HOUR);
		expect(set.dropped()).toEqual(["it would be too old to be sent again"]);
	});

	it("sends no push again that its service would not keep so long, and says how much longer it is good for", () => {
		const set = new Deliveries(host_name, { max_retries: 1000 });
		set.policy = answering({ status: 503 });
		set.push("call", { ttl: 60, urgency: "high" });
		const { posted, after } = set.next(46);
		// Whole seconds are counted, so that what is sent at once has all of them.
		expect(Number(posted.headers.TTL)).toBe(60 - Math.floor(after));
		set.pass(HOUR);
		expect(set.posted.length).toBeLessThanOrEqual(3);
		expect(set.dropped()).toHaveLength(1);
	});

	it("sends nothing again that is good for less time than it would have to wait", () => {
		const set = new Deliveries(host_name);
		set.policy = answering({ status: 503 });
		set.push("call", { ttl: 10 });
		expect(set.during(HOUR)).toEqual(["call"]);
		expect(set.dropped()).toEqual(["it would be too old to be sent again"]);
	});

	it.each([0, -1])("never sends again where %d retries are wanted", (max_retries) => {
		const set = new Deliveries(host_name, { max_retries });
		set.policy = answering({ status: 503 });
		set.push("a");
		expect(set.during(DAY)).toEqual(["a"]);
		expect(set.dropped()).toEqual(["it was sent as often as it may be"]);
	});

	it.each([429, 503])("asks nothing of a registration before the time that Retry-After of %d gives", (status) => {
		const set = new Deliveries(host_name);
		set.policy = answering({ status, retry_after: 600 });
		set.push("a", { topic: "t" });
		set.pass(1);
		set.policy = CREATED;
		set.push("call", { urgency: "high" });
		const { after } = set.next(700);
		expect(after).toBeGreaterThanOrEqual(598);
		expect(after).toBeLessThanOrEqual(600);
	});

	it("heeds Retry-After for an hour at most, and lets go of what would be too old then", () => {
		const set = new Deliveries(host_name, { max_retry_age: 1800 });
		set.policy = answering({ status: 429, retry_after: 1e9 });
		set.push("a");
		set.pass(10);
		expect(set.dropped()).toEqual(["it would be too old to be sent again"]);
		set.policy = CREATED;
		set.pass(3580);
		set.push("b");
		expect(set.posted).toHaveLength(1);
		set.take();
		expect(set.during(20)).toEqual(["b"]);
	});

	it("lets one registration that its service fails for rest, and sends to the others", () => {
		const set = new Deliveries(host_name);
		set.register("juliet", "tablet");
		set.register("romeo");
		set.policy = ({ endpoint }) => ({ status: endpoint.url.endsWith("juliet/phone") ? 429 : 201 });
		set.push("a");
		set.pass(1);
		set.push("b", {}, "juliet", "tablet");
		set.push("c", {}, "romeo");
		set.push("d");
		expect(set.during(1)).toEqual(["a", "b", "c"]);
	});

	it("encrypts again what it sends again", () => {
		let made = 0;
		const set = new Deliveries(host_name, {
			make_request: (_registration, _endpoint, _message, payload) => ({ headers: {}, body: `${payload}${++made}` }),
		});
		set.policy = answering({ status: 503 });
		set.push("a");
		expect(set.during(50)).toEqual(["a1", "a2"]);
	});

	it("bears answers that come before the request has been made", () => {
		const set = new Deliveries(host_name, { rate: 1000 });
		set.answer_time = undefined;
		for (const status of [201, 403, 503, 413]) {
			set.policy = answering({ status });
			for (let count = 0; count < 8; count++) set.push(`${status} ${count}`);
			set.pass(HOUR);
		}
		expect(set.posted.length).toBeGreaterThan(25);
		expect(set.most_open[SERVICE]).toBe(1);
	});

	it("bears a service that answers each push at once for thousands of registrations that wait", () => {
		const set = new Deliveries(host_name);
		set.policy = SILENT;
		for (let count = 0; count < 3000; count++) {
			set.register(`user${count}`);
			set.push("a", {}, `user${count}`);
		}
		set.answer_time = undefined;
		set.policy = CREATED;
		for (const posted of set.take()) posted.answer({ status: 201 });
		set.pass(1);
		expect(set.posted).toHaveLength(3000);
		expect(set.dropped()).toEqual([]);
	});

	describe("registrations that end", () => {
		it.each([410, 403, 503, 201])("are not asked again, whatever they answer late (%d)", (status) => {
			const set = new Deliveries(host_name, { max_errors: 1 });
			set.policy = SILENT;
			set.push("a");
			set.push("b");
			set.delivery.forget("juliet", "phone");
			expect(set.registrations.remove("juliet", ["phone"])).toBe(true);
			set.posted[0]!.answer({ status });
			expect(set.during(DAY)).toEqual(["a"]);
			expect(set.failed).toEqual([]);
		});

		it("begin anew when they are made again: late answers are of the former one", () => {
			const set = new Deliveries(host_name, { max_errors: 2 });
			set.policy = SILENT;
			set.push("a");
			set.delivery.forget("juliet", "phone");
			set.register("juliet");
			set.push("b");
			set.posted[0]!.answer({ status: 410 });
			set.posted[1]!.answer({ status: 403 });
			set.pass(1);
			expect(set.failed).toEqual([]);
			set.push("c");
			set.posted[2]!.answer({ status: 201 });
			expect(set.posted.map(({ body }) => body)).toEqual(["a", "b", "c"]);
		});

		it("take their errors and their rest with them", () => {
			const set = new Deliveries(host_name, { max_errors: 2 });
			for (const status of [403, 503]) {
				set.policy = answering({ status });
				set.push("a");
				set.pass(1);
				set.delivery.forget("juliet", "phone");
			}
			set.policy = answering({ status: 403 });
			set.take();
			set.push("b");
			expect(set.during(1)).toEqual(["b"]);
			expect(set.failed).toEqual([]);
		});

		it("are found out to have ended before a push is sent, and when it is answered", () => {
			const set = new Deliveries(host_name, { max_errors: 1 });
			set.policy = SILENT;
			set.push("a");
			set.push("b");
			expect(set.registrations.remove("juliet", ["phone"])).toBe(true);
			set.posted[0]!.answer({ status: 403 });
			expect(set.during(DAY)).toEqual(["a"]);
			expect(set.failed).toEqual([]);
			set.register("romeo");
			set.policy = answering({ status: 503 });
			set.push("c", {}, "romeo");
			set.pass(1);
			expect(set.registrations.remove("romeo", ["phone"])).toBe(true);
			expect(set.during(DAY)).toEqual(["c"]);
		});

		it("go with their account", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			set.policy = answering({ status: 503 });
			set.push("a");
			set.push("b", {}, "romeo");
			set.pass(1);
			set.take();
			for (const host of ["other.localhost", "localhost"]) {
				set.world.host.prosody.events.fire_event("user-deleted", set.world.host.table({ username: "juliet", host }));
				if (host === "localhost") continue;
				expect(set.dropped()).toEqual([]);
			}
			expect(set.dropped()).toEqual(["the registration has ended"]);
			expect(set.during(50)).toEqual(["b"]);
		});
	});

	describe("a reload", () => {
		it("keeps what waits, and when", () => {
			const [stays, reloaded] = [true, false].map((stays) => {
				const set = new Deliveries(host_name);
				set.policy = answering({ status: 503 });
				set.push("a");
				set.pass(10);
				if (!stays) set.world.host.reload("web_push");
				return set.next(40).after;
			});
			expect(reloaded).toBe(stays);
		});

		it("keeps count of errors", () => {
			const set = new Deliveries(host_name, { max_errors: 2 });
			set.policy = answering({ status: 403 });
			set.push("a");
			set.pass(1);
			set.world.host.reload("web_push");
			set.push("b");
			set.pass(1);
			expect(set.failed).toEqual(["juliet phone 2"]);
		});

		it("heeds an answer to a request that was sent before", () => {
			const set = new Deliveries(host_name);
			set.policy = SILENT;
			set.push("a");
			set.push("b");
			set.world.host.reload("web_push");
			set.pass(1);
			expect(set.posted).toHaveLength(1);
			set.posted[0]!.answer({ status: 201 });
			expect(set.posted.map(({ body }) => body)).toEqual(["a", "b"]);
			set.posted[1]!.answer({ status: 410 });
			expect(set.failed).toEqual(["juliet phone 2"]);
		});

		it("heeds an answer that came while it was not loaded", () => {
			const set = new Deliveries(host_name);
			set.policy = SILENT;
			set.register("romeo");
			set.push("a");
			set.push("b", {}, "romeo");
			set.push("c");
			set.world.host.unload("web_push");
			set.posted[0]!.answer({ status: 201 });
			set.posted[1]!.answer({ status: 410 });
			set.pass(HOUR / 2);
			expect(set.posted).toHaveLength(2);
			expect(set.failed).toEqual([]);
			set.load();
			expect(set.posted.map(({ body }) => body)).toEqual(["a", "b", "c"]);
			expect(set.failed).toEqual(["romeo phone 2"]);
		});

		it("does not wait for ever for an answer that got lost in it", () => {
			const set = new Deliveries(host_name, { max_requests: 1 });
			set.policy = SILENT;
			set.push("a");
			set.world.host.reload("web_push");
			set.policy = CREATED;
			expect(set.during(TIMEOUT + 200)).toEqual(["a", "a"]);
			set.posted[0]!.answer({ status: 410 });
			expect(set.failed).toEqual([]);
		});

		it("sends nothing that has got too old meanwhile", () => {
			const set = new Deliveries(host_name);
			set.policy = answering({ status: 503 });
			set.push("a");
			set.pass(1);
			set.world.host.unload("web_push");
			set.pass(HOUR + 1);
			set.load();
			expect(set.during(DAY)).toEqual(["a"]);
			expect(set.dropped()).toEqual(["it is too old"]);
		});
	});

	it("logs no secret, and of an identifier eight characters", () => {
		const set = new Deliveries(host_name, { max_errors: 1 });
		set.register("juliet", "identifierofthisphone");
		for (const answer of [{ status: 201 }, { status: 503 }, { failure: "timeout" }, { status: 413 }, { status: 410 }]) {
			if (set.registrations.get("juliet", "identifierofthisphone") === undefined) set.register("juliet", "identifierofthisphone");
			set.policy = answering(answer);
			set.push("payload", { topic: "topic", smaller_payload: "smaller" }, "juliet", "identifierofthisphone");
			set.pass(HOUR);
		}
		const log = set.log().join("\n");
		expect(log).toContain(`juliet@localhost ('identifi' at ${SERVICE})`);
		for (const secret of ["identifier", "/juliet/", "payload", "smaller", "topic", "public", "secret"]) {
			expect(log).not.toContain(secret);
		}
	});
});
