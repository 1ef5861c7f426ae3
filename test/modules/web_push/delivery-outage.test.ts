import { describe, expect, it } from "vitest";
import type { Answer } from "../../../modules/mod_web_push/post";
import { HOST_NAMES } from "../../server/world";
import { answering, CREATED, DAY, Deliveries, HOUR, SERVICE } from "./deliveries";

const OTHER = "https://other.example.com";

describe.each(HOST_NAMES)("services that fail, for mod_web_push on %s", (host_name) => {
	/** Users with a registration and a push each. */
	function crowd(set: Deliveries, count: number, payload = "a"): void {
		for (let user = 0; user < count; user++) {
			if (set.registrations.get(`user${user}`, "phone") === undefined) set.register(`user${user}`);
			set.push(payload, { topic: "t" }, `user${user}`);
		}
	}

	/** Lets a service fail until it is known to. */
	function breakDown(set: Deliveries, answer: Answer = { status: 503 }, users = 20): void {
		set.policy = answering(answer);
		crowd(set, users);
		set.pass(1);
		set.take();
	}

	it.each<[string, Answer]>([
		["status 503", { status: 503 }], ["status 429", { status: 429 }], ["no connection", { failure: "connection refused" }],
	])("are asked by one request at a time after %s, ever more rarely", (_, answer) => {
		const set = new Deliveries(host_name);
		breakDown(set, answer);
		// Eight were under way, and two more in place of the first two of them.
		expect(set.posted).toHaveLength(10);
		expect(set.log()).toContainEqual(expect.stringMatching(
			/^Push service https:\/\/push\.example\.com fails for everybody: trying again in \d+ seconds$/));
		let last = set.posted.at(-1)!.at;
		for (const delay of [30, 60, 120, 240, 480, 900, 900]) {
			crowd(set, 20);
			const { posted } = set.next(1.5 * delay + 2);
			expect(posted.at - last).toBeGreaterThanOrEqual(0.5 * delay);
			last = posted.at;
		}
		expect(set.failed).toEqual([]);
	});

	it("are not taken to fail where they fail for one or two users only", () => {
		const set = new Deliveries(host_name);
		for (const user of ["mallory", "moriarty"]) {
			for (const identifier of ["p1", "p2", "p3", "p4", "p5"]) {
				set.register(user, identifier);
				set.policy = answering({ status: 500, retry_after: HOUR });
				set.push("x", {}, user, identifier);
				set.pass(1);
			}
		}
		set.policy = CREATED;
		set.take();
		set.push("a");
		expect(set.during(0)).toEqual(["a"]);
	});

	it("are not taken to fail where they work for some in between", () => {
		const set = new Deliveries(host_name);
		for (let user = 0; user < 20; user++) {
			set.register(`user${user}`);
			set.policy = answering({ status: user % 3 === 2 ? 201 : 503 });
			set.push("a", {}, `user${user}`);
			set.pass(1);
		}
		expect(set.posted).toHaveLength(20);
	});

	it("work again if they say anything else, such as that a registration has ended", () => {
		const set = new Deliveries(host_name);
		breakDown(set);
		set.policy = answering({ status: 410 });
		set.next(50);
		set.pass(1);
		expect(set.failed.length).toBeGreaterThan(1);
		expect(set.log()).toContainEqual(expect.stringMatching(/^Push service https:\/\/push\.example\.com works again after \d+ seconds$/));
	});

	it("are no reason to wait for others", () => {
		const set = new Deliveries(host_name);
		breakDown(set);
		set.policy = CREATED;
		set.register("juliet", "tablet", OTHER);
		set.push("b", {}, "juliet", "tablet");
		expect(set.during(0)).toEqual(["b"]);
	});

	it("are not asked before the time that they give", () => {
		const set = new Deliveries(host_name);
		breakDown(set, { status: 503, retry_after: 1000 });
		const { after } = set.next(1100);
		expect(after).toBeGreaterThanOrEqual(998);
	});

	it("are not asked before the time that any of those gives who were under way when they broke down", () => {
		const set = new Deliveries(host_name);
		set.policy = ({ endpoint }) => (endpoint.url.includes("user5") ? { status: 503, retry_after: 1000 } : { status: 503 });
		crowd(set, 20);
		set.pass(1);
		expect(set.next(1100).after).toBeGreaterThanOrEqual(998);
	});

	it("get what waits by one request at a time, then by twice as many after each success", () => {
		const set = new Deliveries(host_name);
		breakDown(set, { status: 503 }, 100);
		set.policy = CREATED;
		set.answer_time = 10;
		const { posted } = set.next(50);
		set.most_open[SERVICE] = 0;
		set.pass(200);
		const waves: Record<string, number> = {};
		for (const { at } of set.posted.filter(({ at }) => at >= posted.at)) {
			const wave = Math.floor((at - posted.at) / 10 + 1e-6);
			waves[wave] = (waves[wave] ?? 0) + 1;
		}
		expect(waves).toMatchObject({ 0: 1, 1: 1, 2: 2, 3: 8 });
		expect(set.most_open[SERVICE]).toBe(8);
		expect(new Set(set.posted.map(({ endpoint }) => endpoint.url)).size).toBe(100);
		expect(set.dropped()).toEqual([]);
	});

	it("are probed by what is urgent first, and by nothing that is too old", () => {
		const set = new Deliveries(host_name);
		breakDown(set);
		set.register("romeo");
		set.push("call", { urgency: "high", ttl: 60 }, "romeo");
		expect(set.next(50).posted.body).toBe("call");
		set.pass(2 * HOUR);
		set.take();
		expect(set.during(DAY)).toEqual([]);
		expect(set.dropped()).toHaveLength(21);
		set.policy = CREATED;
		set.push("b");
		expect(set.during(0)).toEqual(["b"]);
	});

	it("stay known to fail across a reload, and are probed when they would have been", () => {
		const [stays, reloaded] = [true, false].map((stays) => {
			const set = new Deliveries(host_name);
			breakDown(set);
			if (!stays) set.world.host.reload("web_push");
			const { after } = set.next(50);
			set.pass(1);
			return [after, set.posted.length];
		});
		expect(reloaded).toEqual(stays);
	});

	it("are remembered, a thousand of them, while nothing is to be sent to them", { timeout: 120_000 }, () => {
		const set = new Deliveries(host_name, { rate: 1e9, max_retries: 0 });
		set.policy = answering({ status: 503 });
		for (let count = 0; count < 1100; count++) {
			set.register("juliet", `phone${count}`, `https://push${count}.example.com`);
			set.push("a", {}, "juliet", `phone${count}`);
			set.pass(1);
		}
		expect(set.posted).toHaveLength(1100);
		if (host_name === "node") {
			const { services } = set.shared<{ services: { used: object; idle: { count(): number } } }>();
			expect(Object.keys(services.used)).toEqual([]);
			expect(services.idle.count()).toBe(1000);
		}
	});

	// Eight are under way when it breaks down, and two more in place of the first two of them. Then there is one request in
	// half of 15 minutes at the most, after five that wait less: for 30, 60, 120, 240 and 480 seconds, or half of that.
	const most_requests_a_day = 8 + 2 + 5 + DAY / (HOUR / 8);

	it("lose no registration in a day, have little to answer meanwhile, and no storm when they are back", { timeout: 120_000 }, () => {
		const users = 200;
		const set = new Deliveries(host_name);
		set.policy = ({ at }) => (Math.floor(at / HOUR) % 2 === 0 ? { status: 503 } : { failure: "timeout" });
		for (let user = 0; user < users; user++) set.register(`user${user}`);
		// Everybody has a message every half an hour, some of them at the same time as others.
		for (let step = 0; step < 48 * 20; step++) {
			for (let user = step % 20; user < users; user += 20) set.push(`${step}`, { topic: "t" }, `user${user}`);
			set.pass(90);
		}
		expect(set.world.clock.now()).toBeGreaterThanOrEqual(set.posted[0]!.at + DAY);
		expect(set.failed).toEqual([]);
		expect(set.posted.length).toBeGreaterThan(50);
		expect(set.posted.length).toBeLessThanOrEqual(most_requests_a_day);

		set.policy = CREATED;
		set.answer_time = 2;
		set.take();
		set.most_open[SERVICE] = 0;
		set.pass(HOUR / 2);
		const back = set.take();
		const start = back[0]!.at;
		const within = (seconds: number): number => back.filter(({ at }) => at < start + seconds - 1e-6).length;
		expect([within(2), within(4), within(6), within(8)]).toEqual([1, 2, 4, 12]);
		expect(set.most_open[SERVICE]).toBe(8);
		// One push for each registration, the newest: older ones have been replaced.
		expect(back.length).toBe(users);
		expect(new Set(back.map(({ endpoint }) => endpoint.url)).size).toBe(users);
		expect(Math.min(...back.map(({ body }) => Number(body)))).toBeGreaterThanOrEqual(47 * 20);
		for (let user = 0; user < users; user++) expect(set.registrations.get(`user${user}`, "phone")).toBeDefined();
	});
});
