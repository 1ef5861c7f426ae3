import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comparisonJson } from "../../bridge/cli/comparison-json";
import { comparisonLines } from "../../bridge/cli/comparison-text";
import { Folder, OFFLINE, TERSE } from "./prosody-push";
import { judgeLanes, lanesToRun } from "../../bridge/cli/comparison";
import { parseScenario } from "../../bridge/scenario";
import type { LaneName } from "../../bridge/lanes/lane";
import type { LaneResult } from "../../bridge/cli/comparison";
import type { LaneRun } from "../../bridge/lanes/run";
import type { Places } from "../../bridge/lanes/originals";
import type { TraceEntry } from "../../bridge/trace/entry";

const STYLE = { width: 120, colour: false };

let folder: Folder;
let places: Places;

beforeAll(() => {
	folder = new Folder({ "terse/mod_cloud_notify.lua": TERSE });
	places = { original: `${folder.path}/terse`, prosodyRoot: folder.path };
});

afterAll(() => folder.remove());

function fileTagged(...tags: string[]) {
	const text = OFFLINE.replace("## module", `${tags.map((tag) => `## ${tag}\n`).join("")}## module`);
	return { scenario: parseScenario("known.scs", text), label: "known.scs", isOwn: false };
}

const known = fileTagged("known-difference: original@fengari terse");
const [first, second] = known.scenario.steps;

/** A run in which such stanzas went out, during the first step. */
function sent(...texts: string[]): LaneRun {
	const entries = texts.map((text): TraceEntry => {
		return { at: 0, kind: "stanza", to: "push.localhost", from: "localhost", xml: `<message><body>${text}</body></message>` };
	});
	return { log: [], recording: { entries, steps: entries.map(() => first!.line), ids: new Set() } };
}

function stored(run: LaneRun): LaneRun {
	const entries: TraceEntry[] = [...run.recording.entries, { at: 0, kind: "store", store: "s", user: "juliet", data: 1 }];
	return { ...run, recording: { ...run.recording, entries, steps: entries.map(() => first!.line) } };
}

function failing(run: LaneRun, { line, text } = second!): LaneRun {
	return { ...run, failure: { line, step: text, message: "nothing came" } };
}

function judge(runs: Partial<Record<LaneName, LaneRun>>, lanes = Object.keys(runs) as LaneName[], file = known): LaneResult[] {
	return judgeLanes(file, lanes, places, new Map(Object.entries(runs) as [LaneName, LaneRun][]));
}

/** What is said of `original@prosody`, which did as is told, as did `original@fengari`; `ts@node` sends A. */
function judgeReal(real: LaneRun, model: LaneRun): LaneResult {
	const runs = { "ts@node": sent("A"), "original@prosody": real, "original@fengari": model };
	return judge(runs, ["ts@node", "original@prosody"])[1]!;
}

describe("a lane on a real server, where a difference is known on the simulated one,", () => {
	it("has the simulated lane run beside it", () => {
		const lanes = ["ts@node", "original@prosody"] as const;
		expect([...lanesToRun(known.scenario, lanes, places)]).toEqual([...lanes, "original@fengari"]);
		expect([...lanesToRun(fileTagged().scenario, lanes, places)]).toEqual(lanes);
		const own = fileTagged("known-difference: original@fengari terse", "known-difference: original@prosody other");
		expect([...lanesToRun(own.scenario, lanes, places)]).toEqual(lanes);
	});

	it("differs as known if it does what the simulated one does", () => {
		const result = judgeReal(sent("B"), sent("B"));
		expect(result).toMatchObject({ result: "known", known: "terse", differences: [{ kind: "different" }] });
		expect(result.against).toBeUndefined();
	});

	it("differs as known if it fails where the simulated one fails", () => {
		expect(judgeReal(failing(sent("A")), failing(sent("A")))).toMatchObject({ result: "known", known: "terse" });
	});

	it("agrees if the difference does not show there", () => {
		const result = judgeReal(sent("A"), stored(sent("A")));
		expect(result).toMatchObject({ result: "agrees", differences: [] });
		expect(result.known).toBeUndefined();
	});

	it("differs if it does otherwise than the simulated one, even if it does what the reference does", () => {
		expect(judgeReal(sent("C"), sent("B"))).toMatchObject({ result: "differs", against: "original@fengari" });
		expect(judgeReal(sent("A"), sent("B"))).toMatchObject({ result: "differs", against: "original@fengari" });
		expect(judgeReal(sent("A"), failing(sent("A")))).toMatchObject({ result: "differs", against: "original@fengari" });
	});

	it("fails if it fails before the simulated one does", () => {
		expect(judgeReal(failing(sent("B")), sent("B"))).toMatchObject({
			result: "failed", against: "original@fengari", failure: { message: "nothing came" },
		});
		expect(judgeReal(failing(sent("B")), failing(sent("B"), known.scenario.steps[2]))).toMatchObject({ result: "failed" });
	});

	it("fails if it alone logs an error", () => {
		const log: LaneRun["log"] = [{ at: 0, after: 0, source: "localhost", level: "error", message: "no such thing\nstack" }];
		expect(judgeReal({ ...sent("B"), log }, sent("B"))).toMatchObject({
			result: "failed", failure: { message: "logs an error, which original@fengari does not: no such thing" },
		});
		expect(judgeReal({ ...sent("B"), log }, { ...sent("B"), log })).toMatchObject({ result: "known" });
	});

	it("is no less known as the reference", () => {
		const [reference, other] = judge(
			{ "original@prosody": failing(sent("B")), "lua@prosody": sent("A"), "original@fengari": failing(sent("B")) },
			["original@prosody", "lua@prosody"],
		);
		expect(reference).toMatchObject({ result: "known", known: "terse", differences: [] });
		expect(other).toMatchObject({ result: "known", known: "terse" });
		const hidden = judge(
			{ "original@prosody": sent("A"), "lua@prosody": sent("A"), "original@fengari": stored(sent("A")) },
			["original@prosody", "lua@prosody"],
		);
		expect(hidden).toMatchObject([{ result: "reference" }, { result: "agrees" }]);
		const [different] = judge(
			{ "original@prosody": sent("C"), "original@fengari": sent("B") }, ["original@prosody"],
		);
		expect(different).toMatchObject({ result: "differs", against: "original@fengari" });
	});
});

describe("a lane on a real server, where no difference is known,", () => {
	it("is held against the reference", () => {
		const differs = judge({ "ts@node": sent("A"), "original@prosody": sent("B") }, undefined, fileTagged());
		expect(differs[1]).toMatchObject({ result: "differs" });
		expect(differs[1]!.against).toBeUndefined();
		const agrees = judge({ "ts@node": stored(sent("A")), "original@prosody": sent("A") }, undefined, fileTagged());
		expect(agrees[1]).toMatchObject({ result: "agrees" });
	});
});

describe("what is logged as an error", () => {
	const logging = (run: LaneRun, ...messages: string[]): LaneRun => ({
		...run,
		log: messages.map((message) => ({ at: 0, after: 0, source: "localhost", level: "error", message })),
	});
	const plain = fileTagged();
	const resultOf = (lane: LaneName, run: LaneRun, reference = sent("A"), file = plain): LaneResult => {
		return judge({ "ts@node": reference, [lane]: run }, ["ts@node", lane], file)[1]!;
	};

	it("makes one of our lanes differ that alone logs it, or lacks it", () => {
		const result = resultOf("lua@fengari", logging(sent("A"), "no such thing\nstack"));
		expect(result).toMatchObject({ result: "differs", differences: [], looks: expect.stringMatching(/^[0-9a-f]{8}$/) });
		const lacking = resultOf("lua@fengari", sent("A"), logging(sent("A"), "no such thing"));
		expect(lacking).toMatchObject({ result: "differs", differences: [] });
		expect(lacking.looks).not.toBe(result.looks);
	});

	it("is shown where only one lane logs it", () => {
		const results = judge({ "ts@node": sent("A"), "lua@fengari": logging(sent("A"), "no such thing") }, undefined, plain);
		const text = comparisonLines([{ ...plain, results }], { lanes: ["ts@node", "lua@fengari"] }, [], false, STYLE).join("\n");
		expect(text).toMatch(/logged on lua@fengari:\n.*no such thing/);
		expect(text).toMatch(/1 differs$/m);
	});

	it("is nothing that differs where ours log the same, or it is an original's or not", () => {
		expect(resultOf("lua@fengari", logging(sent("A"), "bad option\n1"), logging(sent("A"), "bad option\n2")).result).toBe("agrees");
		expect(resultOf("original@fengari", logging(sent("A"), "no such thing")).result).toBe("agrees");
		expect(resultOf("original@fengari", sent("A"), logging(sent("A"), "bad option")).result).toBe("agrees");
	});

	it("says the same in other words on a real server", () => {
		expect(resultOf("lua@prosody", logging(sent("A"), "bad option of the host"), logging(sent("A"), "bad option")).result).toBe("agrees");
		expect(resultOf("lua@prosody", logging(sent("A"), "no such thing")).result).toBe("differs");
		expect(resultOf("lua@prosody", sent("A"), logging(sent("A"), "bad option")).result).toBe("differs");
	});

	it("is part of how one of our lanes differs as known", () => {
		const file = fileTagged("known-difference: lua@fengari ours");
		const looks = (log: string[], reference: string[] = []) => {
			return resultOf("lua@fengari", logging(sent("B"), ...log), logging(sent("A"), ...reference), file).looks;
		};
		const all = [looks([]), looks(["x"]), looks([], ["x"])];
		expect(new Set(all).size).toBe(3);
		expect(looks(["x"], ["x"])).toBe(all[0]);
	});

	it("is not part of how an original differs as known where it is ours", () => {
		const original = (reference: LaneRun) => resultOf("original@fengari", sent("B"), reference, known);
		expect(original(logging(sent("A"), "bad option")).looks).toBe(original(sent("A")).looks);
	});
});

describe("how a lane on a real server is shown", () => {
	const lanes = ["ts@node", "original@prosody"] as const;
	const compared = (real: LaneRun, model: LaneRun) => {
		const runs = { "ts@node": sent("A"), "original@prosody": real, "original@fengari": model };
		return [{ ...known, results: judge(runs, [...lanes]) }];
	};

	it("names the lane that it was held against", () => {
		const different = compared(sent("C"), sent("B"));
		const text = comparisonLines(different, { lanes }, [], true, STYLE).join("\n");
		expect(text).toMatch(/^ {4}original@fengari +\| original@prosody$/m);
		expect(text).not.toContain("undefined");
		const { scenarios: [scenario] } = comparisonJson(different, { lanes }, []);
		expect(scenario!.lanes[1]).toMatchObject({ result: "differs", against: "original@fengari" });
	});

	it("shows what is known beside the reference", () => {
		const text = comparisonLines(compared(sent("B"), sent("B")), { lanes }, [], true, STYLE).join("\n");
		expect(text).toMatch(/^known on original@prosody: terse$/m);
		expect(text).toMatch(/^ {4}ts@node +\| original@prosody$/m);
	});
});
