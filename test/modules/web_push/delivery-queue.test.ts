import { describe, expect, it } from "vitest";
import { HOST_NAMES } from "../../server/world";
import { answering, CREATED, DAY, Deliveries, HOUR, SERVICE, SILENT } from "./deliveries";

const REPLACED = "a newer one takes its place";

describe.each(HOST_NAMES)("pushes that wait, for mod_web_push on %s", (host_name) => {
	describe("for the request before them", () => {
		it("are sent when that was answered, the oldest first", () => {
			const set = new Deliveries(host_name);
			for (const payload of ["a", "b", "c"]) set.push(payload);
			expect(set.during(0)).toEqual(["a"]);
			expect(set.during(1)).toEqual(["b", "c"]);
			expect(set.most_open).toEqual({ [SERVICE]: 1 });
		});

		it("are replaced by one of the same topic, and by no other", () => {
			const set = new Deliveries(host_name);
			set.register("romeo");
			set.push("first", { topic: "t" });
			set.push("older", { topic: "t" });
			set.push("other", { topic: "u" });
			set.push("none");
			set.push("newer", { topic: "t" });
			expect(set.dropped()).toEqual([REPLACED]);
			expect(set.during(1)).toEqual(["first", "other", "none", "newer"]);
			set.policy = SILENT;
			set.push("1", { topic: "t" });
			set.push("2", { topic: "t" });
			set.push("3", { topic: "t" }, "romeo");
			set.push("4", { topic: "t" }, "romeo");
			expect(set.dropped()).toHaveLength(1);
		});

		it("are sent before others where they are urgent, and before those that stay good for longer", () => {
			const set = new Deliveries(host_name);
			set.push("first");
			set.push("normal");
			set.push("low", { urgency: "low" });
			set.push("message", { urgency: "high" });
			set.push("call", { urgency: "high", ttl: 60 });
			expect(set.during(1)).toEqual(["first", "call", "message", "normal", "low"]);
		});

		it("go where a push that failed has a newer one of its topic behind it", () => {
			const set = new Deliveries(host_name);
			set.policy = SILENT;
			set.push("older", { topic: "t" });
			set.push("newer", { topic: "t" });
			set.policy = CREATED;
			set.posted[0]!.answer({ status: 503 });
			expect(set.during(HOUR)).toEqual(["older", "newer"]);
			expect(set.dropped()).toEqual([REPLACED]);
		});

		it("are eight without a topic at most, and sixteen with one: the oldest go", () => {
			const set = new Deliveries(host_name, { rate: 100 });
			set.push("first");
			for (let count = 0; count < 10; count++) set.push(`none${count}`);
			for (let count = 0; count < 20; count++) set.push(`topic${count}`, { topic: `t${count}` });
			const sent = set.during(10);
			expect(sent.filter((body) => body.startsWith("none"))).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((count) => `none${count}`));
			expect(sent.filter((body) => body.startsWith("topic"))).toHaveLength(16);
			expect(sent).not.toContain("topic3");
			expect(sent).toHaveLength(1 + 8 + 16);
			expect(set.dropped()).toEqual(Array.from({ length: 6 }, () => "too many wait for it"));
		});

		it("get too old, and are dropped within a minute: those of calls first", () => {
			const set = new Deliveries(host_name, { max_retry_age: 300, timeout: DAY });
			set.policy = SILENT;
			set.push("first");
			set.push("call", { urgency: "high", ttl: 30 });
			set.push("other");
			set.pass(60);
			expect(set.dropped()).toEqual([]);
			set.pass(60);
			expect(set.dropped()).toEqual(["it is too old"]);
			set.pass(180);
			expect(set.dropped()).toHaveLength(1);
			set.pass(60);
			expect(set.dropped()).toHaveLength(2);
			set.posted[0]!.answer({ status: 201 });
			expect(set.during(HOUR)).toEqual(["first"]);
		});
	});

	it("are 10,000 at most: the oldest go, and leave nothing behind", { timeout: 120_000 }, () => {
		const set = new Deliveries(host_name);
		set.policy = SILENT;
		const count = host_name === "node" ? 12_000 : 10_100;
		for (let user = 0; user < count; user++) {
			set.register(`user${user}`);
			set.push(`${user}`, {}, `user${user}`);
		}
		expect(set.posted).toHaveLength(8);
		expect(set.dropped()).toEqual(Array.from({ length: count - 10_000 }, () => "too many wait"));
		if (host_name === "node") {
			const { held } = set.shared<{ held: { count: number; items: Map<number, unknown> } }>();
			expect(held.items.size).toBe(10_000);
			// The eight that are under way are among those that were let go of.
			const { addressees } = set.shared<{ addressees: { used: object } }>();
			expect(Object.keys(addressees.used)).toHaveLength(10_008);
		}
		set.policy = CREATED;
		for (const posted of set.take()) posted.answer({ status: 503 });
		set.pass(1000);
		expect(set.dropped()).toHaveLength(count - 10_000);
		expect(set.posted).toHaveLength(8 + 10_000);
		if (host_name === "node") {
			expect(Object.keys(set.shared<{ addressees: { used: object } }>().addressees.used)).toEqual([]);
			expect(Object.keys(set.shared<{ services: { used: object } }>().services.used)).toEqual([]);
		}
	});

	describe("for a service", () => {
		it("have eight of it under way at most, and those of other services as many", () => {
			const set = new Deliveries(host_name);
			for (let user = 0; user < 30; user++) {
				set.register(`user${user}`);
				set.register(`user${user}`, "tablet", "https://other.example.com:8443");
				set.push("a", {}, `user${user}`);
				set.push("b", {}, `user${user}`, "tablet");
			}
			set.pass(10);
			expect(set.most_open).toEqual({ [SERVICE]: 8, "https://other.example.com:8443": 8 });
			expect(set.posted).toHaveLength(60);
		});

		it("stand in line, those that are urgent in front", () => {
			const set = new Deliveries(host_name, { max_requests: 1 });
			for (const user of ["u0", "u1", "u2", "u3"]) set.register(user);
			set.push("first");
			for (const user of ["u0", "u1", "u2"]) set.push(user, {}, user);
			set.push("call", { urgency: "high" }, "u3");
			set.push("call2", { urgency: "high" }, "u1");
			expect(set.during(10)).toEqual(["first", "call", "call2", "u0", "u2", "u1"]);
		});

		it("keep their place when there is more for the same registration", () => {
			const set = new Deliveries(host_name, { max_requests: 1 });
			for (const user of ["u0", "u1"]) set.register(user);
			set.push("first");
			set.push("u0", { topic: "t" }, "u0");
			set.push("u1", {}, "u1");
			set.push("newer", { topic: "t" }, "u0");
			expect(set.during(10)).toEqual(["first", "newer", "u1"]);
		});

		it("have one under way where none should be, and whole numbers of them", () => {
			const set = new Deliveries(host_name, { max_requests: 0.5 });
			set.register("romeo");
			set.push("a");
			set.push("b", {}, "romeo");
			expect(set.during(1)).toEqual(["a", "b"]);
			expect(set.most_open).toEqual({ [SERVICE]: 1 });
		});
	});

	describe("for the rate of their user", () => {
		it("are sent when it allows, none is lost", () => {
			const set = new Deliveries(host_name, { rate: 6 });
			for (let count = 0; count < 12; count++) {
				set.push(`${count}`);
				set.pass(1);
			}
			expect(set.take().length).toBe(7);
			expect(set.during(60)).toEqual(["7", "8", "9", "10", "11"]);
			expect(set.dropped()).toEqual([]);
		});

		it("are as few for all of a user's registrations together, and others have a rate of their own", () => {
			const set = new Deliveries(host_name, { rate: 10 });
			for (const identifier of ["phone", "tablet", "laptop"]) set.register("romeo", identifier);
			for (let minute = 0; minute < 10; minute++) {
				for (const identifier of ["phone", "tablet", "laptop"]) {
					for (let count = 0; count < 10; count++) set.push("a", { topic: `${count}` }, "romeo", identifier);
				}
				set.push("juliet");
				set.pass(60);
			}
			const times = set.posted.filter(({ body }) => body === "a").map(({ at }) => at);
			expect(times.length).toBeGreaterThan(100);
			for (const at of times) {
				expect(times.filter((other) => other >= at && other < at + 60).length).toBeLessThanOrEqual(20);
			}
			expect(times.length).toBeLessThanOrEqual(10 + 10 * 10);
			const juliet = set.posted.filter(({ body }) => body === "juliet");
			expect(juliet.map(({ at }) => at - set.posted[0]!.at)).toEqual(Array.from({ length: 10 }, (_, minute) => minute * 60));
		});

		it("let the urgent ones pass", () => {
			const set = new Deliveries(host_name, { rate: 1 });
			for (const identifier of ["tablet", "laptop"]) set.register("juliet", identifier);
			set.push("first");
			set.push("a");
			set.push("b", {}, "juliet", "tablet");
			set.push("call", { urgency: "high" }, "juliet", "laptop");
			set.pass(1);
			set.push("call2", { urgency: "high" }, "juliet", "tablet");
			expect(set.during(240)).toEqual(["first", "call", "call2", "a", "b"]);
		});

		it("are sent, one a minute, where none should be", () => {
			const set = new Deliveries(host_name, { rate: 0 });
			set.push("a");
			set.push("b");
			set.push("c");
			expect(set.during(121)).toEqual(["a", "b", "c"]);
		});

		it("leave nothing behind when their registration ends", () => {
			const set = new Deliveries(host_name, { rate: 1, max_requests: 1 });
			set.register("romeo");
			set.policy = SILENT;
			set.push("a");
			set.push("b", {}, "romeo");
			set.delivery.forget("romeo", "phone");
			set.posted[0]!.answer({ status: 201 });
			set.push("c");
			set.delivery.forget("juliet", "phone");
			// Those of Fengari are Lua tables, which show no keys here.
			if (host_name === "node") {
				expect(Object.keys(set.shared<{ buckets: { used: object } }>().buckets.used)).toEqual([]);
				expect(Object.keys(set.shared<{ services: { used: object } }>().services.used)).toEqual([]);
			}
			expect(set.during(HOUR)).toEqual(["a"]);
		});

		it("wait as long across a reload", () => {
			const set = new Deliveries(host_name, { rate: 1 });
			set.push("a");
			set.push("b");
			set.pass(30);
			set.world.host.reload("web_push");
			expect(set.during(29)).toEqual(["a"]);
			expect(set.during(2)).toEqual(["b"]);
		});

		it("count requests that are sent again", () => {
			const set = new Deliveries(host_name, { rate: 2 });
			set.policy = answering({ status: 413 });
			set.push("large", { smaller_payload: "small" });
			set.push("next");
			expect(set.during(20)).toEqual(["large", "small"]);
			expect(set.during(20)).toEqual(["next"]);
		});
	});
});
