import { describe, expect, it } from "vitest";
import { correct, CorrectionError } from "../../bridge/fuzz/corrections";
import { Folder } from "../cli/prosody-push";
import { correctOriginals } from "../../bridge/fuzz/corrected";
import { CORRECTIONS, files } from "./material";
import { disagreement, perform } from "../../bridge/fuzz/trial";
import { itWithOriginals } from "../originals/installed";
import { readCorrections } from "../../bridge/fuzz/correction-file";
import { selects } from "../../bridge/scenario";
import type { Correction } from "../../bridge/fuzz/corrections";
import type { LaneRun } from "../../bridge/lanes/run";

function read(lua: string): Correction[] {
	const folder = new Folder({ "corrections.lua": lua });
	try {
		return readCorrections(`${folder.path}/corrections.lua`);
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

describe("mod_cloud_notify with its known differences corrected", () => {
	// What corrects the first of each pair is hidden by what corrects the second.
	const hidden = new Map([["namesake", "pushed-twice"], ["ended-registration-pushed", "other-session-settings"]]);

	itWithOriginals("cloud_notify", "does what ours does, and without a correction no more", async (original) => {
		const places = { original: original.path, prosodyRoot: "/" };
		const corrections = readCorrections(CORRECTIONS);
		const with_ = (some: readonly Correction[]) => correctOriginals(["cloud_notify"], places, some, CORRECTIONS);
		const all = with_(corrections);
		const references = new Map<string, LaneRun>();
		const differ = async ({ scenario }: typeof files[number], where: typeof places): Promise<string | undefined> => {
			// So that vitest can tell that it is alive.
			await new Promise((resolve) => setImmediate(resolve));
			const reference = references.get(scenario.file) ?? await perform(scenario, "ts@node", places);
			references.set(scenario.file, reference);
			return disagreement(reference, await perform(scenario, "original@fengari", where), "original@fengari")?.text;
		};
		try {
			for (const file of files) {
				expect({ file: file.label, differs: await differ(file, all.places as typeof places) })
					.toEqual({ file: file.label, differs: undefined });
			}
			const knownAs = (id: string) => files.filter(({ scenario: { knownDifferences } }) => {
				return knownDifferences.some((known) => {
					return known.id === id && selects(known.lane, "original@fengari", original.series);
				});
			});
			const ids = new Set(files.flatMap(({ scenario }) => scenario.knownDifferences.map(({ id }) => id)));
			expect([...ids].sort()).toEqual(corrections.flatMap(({ id }) => id ?? []).sort());
			for (const id of ids) {
				const rest = with_(corrections.filter((each) => each.id !== id && each.id !== hidden.get(id)));
				try {
					for (const file of knownAs(id)) {
						expect({ id, file: file.label, differs: await differ(file, rest.places as typeof places) !== undefined })
							.toEqual({ id, file: file.label, differs: true });
					}
				} finally {
					rest.remove();
				}
			}
			// What hides a correction does not make up for it everywhere: here it is what makes the two agree.
			for (const [id, other] of hidden) {
				const only = with_(corrections.filter((each) => each.id !== other));
				try {
					for (const file of knownAs(id)) {
						expect({ id, file: file.label, differs: await differ(file, only.places as typeof places) })
							.toEqual({ id, file: file.label, differs: undefined });
					}
				} finally {
					only.remove();
				}
			}
		} finally {
			all.remove();
		}
	}, { timeout: 240_000 });
});
