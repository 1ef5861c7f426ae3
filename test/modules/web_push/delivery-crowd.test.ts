import { describe, expect, it } from "vitest";
import { HOST_NAMES } from "../../server/world";
import { CREATED, DAY, Deliveries, SILENT } from "./deliveries";

/** Requests under way to all services together, at most. */
const MOST = 256;
const AT_A_SERVICE = 8;

function serviceOf(number: number): string {
	return `https://s${number}.example.net`;
}

/** As many requests under way as may be, eight to each service, none of which is answered. */
function crowd(host_name: (typeof HOST_NAMES)[number]): Deliveries {
	const set = new Deliveries(host_name, { timeout: DAY });
	set.policy = SILENT;
	for (let number = 0; number < MOST; number++) {
		set.register(`user${number}`, "phone", serviceOf(Math.floor(number / AT_A_SERVICE)));
		set.push(`${number}`, {}, `user${number}`);
	}
	expect(set.take()).toHaveLength(MOST);
	return set;
}

describe.each(HOST_NAMES)("requests to many services, for mod_web_push on %s", (host_name) => {
	it("are 256 at a time; what is more waits for one that is answered", () => {
		const set = crowd(host_name);
		for (const name of ["a", "b", "c"]) {
			set.register(name, "phone", `https://${name}.example.org`);
			set.push(name, {}, name);
		}
		expect(set.during(60)).toEqual([]);
		set.posted[0]!.answer({ status: 201 });
		expect(set.during(0)).toEqual(["a"]);
		set.posted[1]!.answer({ status: 503 });
		expect(set.during(0)).toEqual(["b"]);
		set.policy = CREATED;
		set.posted[2]!.answer({ status: 410 });
		expect(set.during(1)).toEqual(["c"]);
		expect(set.dropped()).toEqual([]);
	});

	it("go to services in turn, however many wait for one", () => {
		const set = crowd(host_name);
		for (let number = 0; number < 2 * AT_A_SERVICE; number++) {
			set.register(`more${number}`, "phone", serviceOf(0));
			set.push(`more${number}`, {}, `more${number}`);
		}
		set.push("second", {}, "user0");
		for (const name of ["a", "b"]) {
			set.register(name, "phone", `https://${name}.example.org`);
			set.push(name, {}, name);
		}
		const sent: string[] = [];
		for (let number = 0; number < 4; number++) {
			set.posted[number]!.answer({ status: 201 });
			sent.push(...set.during(0));
		}
		expect(sent).toEqual(["more0", "a", "b", "more1"]);
	});

	it("wait no more for others where their registration has ended meanwhile", () => {
		const set = crowd(host_name);
		for (const name of ["a", "b"]) {
			set.register(name, "phone", `https://${name}.example.org`);
			set.push(name, {}, name);
		}
		set.delivery.forget("a", "phone");
		set.push("again", {}, "a");
		set.posted[0]!.answer({ status: 201 });
		expect(set.during(0)).toEqual(["b"]);
		set.posted[1]!.answer({ status: 201 });
		expect(set.during(0)).toEqual(["again"]);
		if (host_name === "node") {
			const { services } = set.shared<{ services: { used: Record<string, { under_way: number }> } }>();
			expect(services.used["https://a.example.org"]?.under_way).toBe(1);
		}
	});

	it("wait on when the module is reloaded", () => {
		const set = crowd(host_name);
		set.register("a", "phone", "https://a.example.org");
		set.push("a", {}, "a");
		set.world.host.unload("web_push");
		set.posted[0]!.answer({ status: 201 });
		set.posted[1]!.answer({ status: 201 });
		set.load();
		set.register("b", "phone", "https://b.example.org");
		set.push("b", {}, "b");
		expect(set.during(0)).toEqual(["a", "b"]);
		set.register("c", "phone", "https://c.example.org");
		set.push("c", {}, "c");
		expect(set.during(60)).toEqual([]);
	});
});
