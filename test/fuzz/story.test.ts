import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attempt, perform } from "../../bridge/fuzz/trial";
import { countPushes } from "../../bridge/trace/pushes";
import { gatherWords } from "../../bridge/fuzz/words";
import { parseScenario } from "../../bridge/scenario";
import { planned } from "../../bridge/fuzz/fuzz";
import { EXTENDED, plans, scenariosOf, webPushPlans } from "./material";
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

describe("a story of mod_cloud_notify and its extensions", () => {
	const modules = [...EXTENDED, "cloud_notify_away"];
	const its = gatherWords(scenariosOf(...modules), modules);
	const stories = (count: number, seed: number): Plan[] => fc.sample(planned(its, modules, 60), { numRuns: count, seed, unbiased: true });

	it("registers with any of them, and any two", () => {
		const scripts = stories(300, 6).map((plan) => tell(plan, modules, 60, new Map()).text);
		const enables = scripts.flatMap((script) => script.match(/<enable xmlns="urn:xmpp:push:0".*<\/iq>/g) ?? []);
		const parts = ["<encrypt ", "<ignore-unknown ", "<muted ", "<groupchat ", " away=\"", "<x "];
		for (const one of parts) {
			expect(enables.filter((enable) => enable.includes(one)).length, one).toBeGreaterThan(60);
			for (const other of parts) {
				const both = enables.filter((enable) => enable.includes(one) && enable.includes(other));
				expect(both.length, `${one} and ${other}`).toBeGreaterThan(20);
			}
		}
		expect(enables.filter((enable) => parts.every((part) => enable.includes(part))).length).toBeGreaterThan(2);
	});

	it("says of rooms what registrations say of them", () => {
		const scripts = stories(300, 7).map((plan) => tell(plan, modules, 60, new Map()).text);
		const rooms = scripts.filter((script) => {
			const ruled = [...script.matchAll(/<room jid="([^"]+)"/g)].map(([, jid]) => jid!);
			return ruled.some((jid) => script.includes(` from="${jid}/`));
		});
		expect(rooms.length).toBeGreaterThan(20);
	});

	it("leads to pushes that each of them has a part in", { timeout: 240_000 }, async () => {
		const places = { prosodyRoot: "/nonexistent" };
		const laboratory = { modules, lanes: ["ts@node"] as const, places, steps: 60 };
		const shown = { encrypted: 0, priority: 0, "of a call": 0, filtered: 0, "while away": 0 };
		for (const plan of stories(300, 8)) {
			// So that vitest can tell that it is alive.
			await new Promise((resolve) => setImmediate(resolve));
			const { scenario, reference } = await attempt(plan, laboratory);
			const { entries } = reference.recording;
			const without = async (module: string): Promise<number> => {
				const others = modules.filter((name) => name !== module);
				return countPushes((await perform({ ...scenario, modules: others }, "ts@node", places)).recording.entries);
			};
			const isPushed = (test: (xml: string) => boolean) => entries.some((entry) => entry.kind === "stanza" && test(entry.xml));
			if (entries.some((entry) => entry.kind === "stanza" && entry.payload !== undefined)) shown.encrypted++;
			if (isPushed((xml) => xml.includes("tigase:push:priority:0"))) shown.priority++;
			if (isPushed((xml) => /<encrypted[^>]* type=["']voip["']/.test(xml))) shown["of a call"]++;
			if (await without("cloud_notify_filters") > countPushes(entries)) shown.filtered++;
			if (await without("cloud_notify_away") < countPushes(entries)) shown["while away"]++;
		}
		expect(shown.encrypted).toBeGreaterThan(20);
		expect(shown.priority).toBeGreaterThan(40);
		expect(shown["of a call"]).toBeGreaterThan(0);
		expect(shown.filtered).toBeGreaterThan(20);
		expect(shown["while away"]).toBeGreaterThan(2);
	});
});

describe("a story with browsers", () => {
	const tellWebPush = ({ cast, steps }: Plan): string => tell({ cast, steps }, ["web_push"], 60, new Map()).text;

	it("is a scenario, of any steps of a plan and with any of its browsers", () => {
		for (const [index, { cast, steps }] of webPushPlans(150).entries()) {
			const all = tellWebPush({ cast, steps });
			expect(parseScenario("fuzz.scs", all)).toMatchObject({ prosody: "13.0", modules: ["web_push"] });
			const some = steps.filter((_, at) => (at * 7 + index) % 3 !== 0);
			expect(() => parseScenario("fuzz.scs", tellWebPush({ cast, steps: some }))).not.toThrow();
			const few = tellWebPush({ cast: { ...cast, browsers: cast.browsers.slice(0, 1) }, steps });
			expect(few).not.toContain("Browser 2");
			expect(() => parseScenario("fuzz.scs", few)).not.toThrow();
		}
	});

	it("has browsers that answer otherwise, go away and come back, registered, mistaken for another, and registered no more", () => {
		const all = webPushPlans(300, 6).map(tellWebPush);
		const having = (pattern: RegExp) => all.filter((one) => pattern.test(one)).length;
		expect(having(/\nBrowser \d answers with 503/)).toBeGreaterThan(5);
		expect(having(/\nBrowser \d answers with \d+ retry-after \d/)).toBeGreaterThan(10);
		expect(having(/\nBrowser \d answers with nothing/)).toBeGreaterThan(10);
		expect(having(/\nBrowser \d disconnects\n[^]*\nBrowser \d connects\n/)).toBeGreaterThan(5);
		const first = "<endpoint>${Browser 1's endpoint}</endpoint><auth>${Browser 1's auth}</auth><p256dh>${Browser 1's p256dh}</p256dh>";
		expect(all.filter((one) => one.includes(first)).length).toBeGreaterThan(150);
		expect(having(/<endpoint>\$\{Browser (\d)'s endpoint\}<\/endpoint>.*\$\{Browser (?!\1)\d's (?:auth|p256dh)\}/)).toBeGreaterThan(5);
		expect(having(/<endpoint>\$\{Browser \d's endpoint\}[^<]/)).toBeGreaterThan(3);
		expect(having(/<enable xmlns="urn:xmpp:webpush:0"><endpoint>[^<]*<\/endpoint><p256dh>/)).toBeGreaterThan(3);
		expect(having(/<disable xmlns="urn:xmpp:webpush:0"\/>/)).toBeGreaterThan(5);
		expect(having(/<disable xmlns="urn:xmpp:webpush:0"><endpoint>\$\{Browser/)).toBeGreaterThan(10);
	});

	it("leads to pushes, retries among them, and to most of what a push service says", { timeout: 120_000 }, async () => {
		const laboratory = { modules: ["web_push"], lanes: ["ts@node"] as const, places: { prosodyRoot: "/" }, steps: 60 };
		const answers = new Map<string, number>();
		let retries = 0;
		for (const plan of webPushPlans(100, 8)) {
			const { reference } = await attempt(plan, laboratory);
			const requests = reference.recording.entries.filter((entry) => entry.kind === "http");
			for (const { answer = "undelivered" } of requests) answers.set(answer, (answers.get(answer) ?? 0) + 1);
			// Nothing is said by anybody at the instant at which a retry is due.
			retries += requests.filter(({ at }) => !Number.isInteger(at * 10)).length;
		}
		expect(answers.get("201")).toBeGreaterThan(100);
		for (const kind of [/^4(?:04|10)$/, /^4(?:13|29)$/, /^50\d$/, /^none$/, /^undelivered$/]) {
			expect([...answers.keys()].some((answer) => kind.test(answer)), String(kind)).toBe(true);
		}
		expect(retries).toBeGreaterThan(10);
	});
});
