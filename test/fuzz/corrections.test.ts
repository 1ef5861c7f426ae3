import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { correct, CorrectionError } from "../../bridge/fuzz/corrections";
import { Folder } from "../cli/prosody-push";
import { correctOriginals, originalsOf, type Corrected } from "../../bridge/fuzz/corrected";
import { CORRECTIONS, EXTENDED, filesOf, itWithOriginalsOf } from "./material";
import { correctionsIn, readCorrections } from "../../bridge/fuzz/correction-file";
import { disagreement, perform } from "../../bridge/fuzz/trial";
import { knownOnLane, reasonNotToRun } from "../../bridge/lanes/applies";
import type { Correction } from "../../bridge/fuzz/corrections";
import type { LaneRun } from "../../bridge/lanes/run";
import type { Places } from "../../bridge/lanes/originals";
import type { ScenarioFile } from "../../bridge/cli/scenario-files";

function read(lua: string): Correction[] {
	const folder = new Folder({ "corrections.lua": lua });
	try {
		return [...readCorrections(`${folder.path}/corrections.lua`).corrections];
	} finally {
		folder.remove();
	}
}

const apply = (source: string, lua: string, series: "0.12" | "13.0" = "0.12"): string => {
	return correct(source, read(lua), series, "corrections.lua");
};

describe("corrections", () => {
	it("replace what is there, and put something before and after it", () => {
		expect(apply("one two three", `
			difference "a" { { replace = "two"; with = "2" }, { before = "three"; add = "<" } }
			common { { after = "three", add = ">" } }
		`)).toBe("one 2 <three>");
	});

	it("are found in the source as it was, in any order, as often as they say", () => {
		const lua = "common { { replace = 'b'; with = 'a' }, { times = 2; replace = 'a'; with = 'c' } }";
		expect(apply("a b a", lua)).toBe("c a c");
	});

	it("can be for one series only", () => {
		const lua = "common { { series = '13.0'; replace = 'x'; with = 'y' } }";
		expect(apply("x", lua, "13.0")).toBe("y");
		expect(apply("z", lua, "0.12")).toBe("z");
	});

	it.each([
		["common { { replace = 'b'; with = 'c' } }", /common, edit 1: its text is in the original 0 times, not 1: "b"/],
		["difference 'd' { { times = 1; after = 'a'; add = 'c' } }", /difference "d", edit 1: .* 2 times, not 1: "a"/],
		["common { { replace = 'ax'; with = '' }, { replace = 'xa'; with = '' } }", /edit 2 overlaps with .*edit 1/],
		["common { { replace = 'x' } }", /edit 1: expected \{ replace = TEXT/],
		["common { { replace = 'x'; with = 'y'; twice = true } }", /edit 1: unknown "twice"/],
		["common { { series = '14'; replace = 'x'; with = 'y' } }", /no series is called "14"/],
		["os.exit()", /corrections\.lua:1: .*os/],
		["difference 'd'", /expected difference "d" \{ EDIT, … \}/],
		["local t = {}; t.t = t; common { t }", /an edit holds a table/],
		["difference {", /corrections\.lua:1: /],
	])("say what is wrong with them: %s", (lua, message) => {
		expect(() => apply("axa", lua)).toThrow(CorrectionError);
		expect(() => apply("axa", lua)).toThrow(message);
	});
});

describe("corrected originals", () => {
	it("are corrected by the file of each, with what they depend on, and without corrections as they are", () => {
		const folder = new Folder({
			"mod_one.lua": "module:depends(\"two\") -- one",
			"mod_two/mod_two.lua": "-- two",
			"mod_three.lua": "-- three",
			"mod_four.lua": "-- four",
			"corrections/one.lua": "difference 'one-a' { { after = '-- one'; add = ' a' } } difference 'one-b' { { after = '-- one'; add = ' b' } }",
			"corrections/two.lua": "common { { replace = '-- two'; with = '-- 2' } }",
		});
		const places = { original: folder.path, prosodyRoot: "/nonexistent" };
		const modules = [...originalsOf(["one", "three"], places).keys()];
		expect(modules).toEqual(["one", "two", "three"]);
		const made = correctOriginals(["one", "three"], places, correctionsIn(`${folder.path}/corrections`, modules));
		const sources = ({ original }: Places): string[] => {
			return readdirSync(original!).sort().map((name) => readFileSync(`${original!}/${name}`, "utf8"));
		};
		try {
			expect(sources(made.places)).toEqual(["module:depends(\"two\") -- one a b", "-- three", "-- 2"]);
			expect([...made.without.keys()]).toEqual(["one-a", "one-b"]);
			expect(sources(made.without.get("one-a")!)).toEqual(["module:depends(\"two\") -- one b", "-- three", "-- 2"]);
		} finally {
			made.remove();
			folder.remove();
		}
	});
});

/** What corrects the first of each pair is hidden by what corrects the second. */
const HIDDEN = new Map([["namesake", "pushed-twice"], ["ended-registration-pushed", "other-session-settings"]]);

describe.each(EXTENDED.map((module) => [module]))("mod_%s with its known differences corrected", (module) => {
	const lane = "original@fengari";
	const files = filesOf(module);
	const modules = [...new Set([module, ...files.flatMap(({ scenario }) => scenario.modules)])];

	itWithOriginalsOf(modules, "does what ours does, and without a correction no more", async (places) => {
		const all = correctionsIn(CORRECTIONS, [...originalsOf(modules, places).keys()]);
		const without = (...ids: (string | undefined)[]): Corrected => correctOriginals(modules, places, new Map(
			Array.from(all, ([name, { file, corrections }]) => {
				return [name, { file, corrections: corrections.filter(({ id }) => id === undefined || !ids.includes(id)) }];
			}),
		));
		const references = new Map<string, LaneRun>();
		const differ = async ({ scenario }: ScenarioFile, where: Places): Promise<string | undefined> => {
			// So that vitest can tell that it is alive.
			await new Promise((resolve) => setImmediate(resolve));
			const reference = references.get(scenario.file) ?? await perform(scenario, "ts@node", places);
			references.set(scenario.file, reference);
			return disagreement(reference, await perform(scenario, lane, where), lane)?.text;
		};
		const expectAll = async (some: readonly ScenarioFile[], differs: boolean, made: Corrected, id?: string): Promise<void> => {
			try {
				for (const file of some) {
					const text = await differ(file, made.places);
					expect(text !== undefined, `${id ?? "with all corrections"}: ${file.label}: ${text}`).toBe(differs);
				}
			} finally {
				made.remove();
			}
		};
		const running = files.filter(({ scenario }) => reasonNotToRun(scenario, lane, places) === undefined);
		const knownAs = (id: string) => running.filter(({ scenario }) => knownOnLane(scenario, lane, places)?.id === id);
		await expectAll(running, false, without());

		const ids = new Set(files.flatMap(({ scenario }) => scenario.knownDifferences.map((known) => known.id)));
		const own = all.get(module)?.corrections.flatMap(({ id }) => id ?? []) ?? [];
		const others = [...all].filter(([name]) => name !== module).flatMap(([, { corrections }]) => corrections.map(({ id }) => id));
		expect([...ids].filter((id) => !others.includes(id)).sort()).toEqual(own.sort());
		for (const id of ids) await expectAll(knownAs(id), true, without(id, HIDDEN.get(id)), id);
		// What hides a correction does not make up for it everywhere: here it is what makes the two agree.
		for (const [id, other] of HIDDEN) await expectAll(knownAs(id), false, without(other), id);
	}, 240_000);
});
