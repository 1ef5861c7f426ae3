import { describe, expect, it } from "vitest";
import { attempt } from "../../bridge/fuzz/trial";
import { parseScenario } from "../../bridge/scenario";
import { plans } from "./material";
import { tell, type Plan } from "../../bridge/fuzz/story";

const told = (plan: Plan, most = 60): string => tell(plan, ["cloud_notify"], most, new Map()).text;

describe("a story", () => {
	it("is a scenario, whatever the plan", () => {
		for (const plan of plans(300)) {
			const { text, planned } = tell(plan, ["cloud_notify"], 60, new Map());
			const { steps } = parseScenario("fuzz.scs", text);
			expect(steps).toHaveLength(planned.length);
			expect(steps.length).toBeLessThanOrEqual(60);
		}
	});

	it("is one of any steps of a plan", () => {
		for (const [index, { cast, steps }] of plans(100, 2).entries()) {
			const some = steps.filter((_, at) => (at * 7 + index) % 3 !== 0);
			expect(() => parseScenario("fuzz.scs", told({ cast, steps: some }))).not.toThrow();
		}
		expect(parseScenario("fuzz.scs", told({ ...plans(1)[0]!, steps: [] })).steps).toHaveLength(1);
	});

	it("is the same of the same plan, and the plan of the same seed", () => {
		expect(plans(50, 3).map((plan) => told(plan))).toEqual(plans(50, 3).map((plan) => told(plan)));
	});

	it("has no more steps than it may", () => {
		for (const plan of plans(20, 4)) {
			expect(parseScenario("fuzz.scs", told(plan, 5)).steps.length).toBeLessThanOrEqual(5);
		}
	});

	it("is performed to its end, save where it ends with a stream that cannot be resumed", async () => {
		const lanes = ["ts@node"] as const;
		const laboratory = { modules: ["cloud_notify"], lanes, places: { prosodyRoot: "/" }, steps: 60 };
		for (const plan of plans(150, 5)) {
			const { reference } = await attempt(plan, laboratory);
			if (!reference.failure) continue;
			expect(reference.failure.message).toMatch(/cannot resume its stream/);
		}
	});

	it("does everything that there are steps for", () => {
		const all = plans(300, 6).flatMap((plan) => parseScenario("fuzz.scs", told(plan)).steps);
		expect(new Set(all.map(({ action }) => action.does))).toEqual(new Set([
			"connect", "disconnect", "send", "receive", "lose_connection", "resume", "stop_acknowledging", "acknowledge", "pass",
			"answer", "fire", "reload", "restart",
		]));
	});

	it("undoes and takes up again what it did often enough for both to meet", () => {
		const all = plans(300, 6).map((plan) => told(plan));
		const having = (text: string) => all.filter((one) => one.includes(text)).length;
		expect(having("<disable xmlns=\"urn:xmpp:push:0\"")).toBeGreaterThan(30);
		expect(having(" resumes\n")).toBeGreaterThan(55);
		expect(having(" reloads cloud_notify\n")).toBeGreaterThan(20);
	});
});
