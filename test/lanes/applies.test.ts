import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProsody, missingFor } from "../../bridge/prosody/root";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { join } from "node:path";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { LANES } from "../../bridge/lanes/lane";
import { parseScenario } from "../../bridge/scenario";
import { dependenciesOnLane, modulesOnLane } from "../../bridge/lanes/sources";
import { reasonNotToRun, simulatedSeries } from "../../bridge/lanes/applies";
import { build } from "../cli/prosody-push";
import { tmpdir } from "node:os";
import { findLuaBuild } from "../../bridge/lua-build";
import { modules as ours } from "../../modules";
import type { LaneName } from "../../bridge/lanes/lane";
import type { NamedSource } from "../../bridge/lanes/sources";
import type { Scenario } from "../../bridge/scenario";

let folder: string;

beforeAll(() => {
	build();
	folder = mkdtempSync(join(tmpdir(), "applies-"));
	for (const [series, library] of Object.entries({ "0.12": "util.stanza", "13.0": "prosody.util.stanza", "any": undefined })) {
		mkdirSync(join(folder, series));
		const requires = library === undefined ? "" : `local st = require "${library}";\n`;
		writeFileSync(join(folder, series, "mod_cloud_notify.lua"), `${requires}-- nothing\n`);
	}
	writeFileSync(join(folder, "13.0", "mod_cloud_notify_filters.lua"), "-- nothing\n");
});

afterAll(() => rmSync(folder, { recursive: true }));

function needing(...tags: string[]): Scenario {
	return parseScenario("test.scs", `${["module: cloud_notify", ...tags].map((tag) => `## ${tag}\n`).join("")}---\n1 second passes\n`);
}

/** Where there is no Prosody, and this original. */
function places(original: string) {
	return { original: join(folder, original), prosodyRoot: join(folder, "none") };
}

describe("a scenario that says which addresses names have", () => {
	it("is not run where names are real", () => {
		const scenario = needing("dns: push.example = 192.0.2.1");
		expect(reasonNotToRun(scenario, "lua@prosody", places("any"))).toBe("dns");
		expect(reasonNotToRun(scenario, "original@prosody", places("any"))).toBe("dns");
		expect(reasonNotToRun(scenario, "original@fengari", places("any"))).toBeUndefined();
	});
});

describe("a scenario that needs a series of Prosody", () => {
	it.each([
		["prosody: 13.0", "13.0", undefined], ["prosody: 13.0", "0.12", "prosody: 13.0"],
		["prosody: 0.12", "13.0", "prosody: 0.12"], ["prosody: 0.12", "0.12", undefined], ["prosody: 13.0", "any", undefined],
		["virtual-time", "0.12", undefined],
	])("%s: with an original of %s: %s", (tag, original, reason) => {
		expect(reasonNotToRun(needing(tag), "original@fengari", places(original))).toBe(reason);
		expect(reasonNotToRun(needing(tag), "ts@node", places(original))).toBeUndefined();
		expect(reasonNotToRun(needing(tag), "ts@fengari", places(original))).toBeUndefined();
	});

	it("has it simulated, whatever else there is", () => {
		expect(simulatedSeries(needing("prosody: 13.0"), places("0.12"))).toBe("13.0");
		expect(simulatedSeries(needing("prosody: 0.12"), places("13.0"))).toBe("0.12");
		expect(simulatedSeries(needing(), places("13.0"))).toBe("13.0");
		expect(simulatedSeries(needing(), places("any"))).toBe("0.12");
	});

	describe.each(prosodyRoots)("on the Prosody in %s", (root) => {
		itUnlessLacking(missingFor(root)?.missing, "is run on a server of that series alone", () => {
			const [own, other] = findProsody(root)!.version.startsWith("0.") ? ["0.12", "13.0"] : ["13.0", "0.12"];
			const reason = (series: string) => {
				const scenario = parseScenario("test.scs", `## prosody: ${series}\n---\n1 second passes\n`);
				return reasonNotToRun(scenario, "lua@prosody", { prosodyRoot: root });
			};
			expect(reason(other!)).toBe(`prosody: ${other}`);
			expect(reason(own!)).toBeUndefined();
		});
	});
});

describe("a scenario that needs libraries", () => {
	it("is run where one of each list is simulated", () => {
		for (const lane of ["ts@node", "ts@fengari", "lua@fengari", "original@fengari"] as const) {
			const reason = (original: string, ...tags: string[]) => reasonNotToRun(needing(...tags), lane, places(original));
			expect(reason("0.12", "needs: util.crypto")).toBe("needs util.crypto");
			expect(reason("0.12", "needs: util.crypto or openssl.cipher")).toBeUndefined();
			expect(reason("13.0", "needs: util.crypto")).toBeUndefined();
			expect(reason("13.0", "needs: util.ip", "needs: util.crypto or util.unheard_of")).toBeUndefined();
			expect(reason("13.0", "needs: util.ip", "needs: util.unheard_of or lpeg")).toBe("needs util.unheard_of or lpeg");
		}
	});

	describe.each(prosodyRoots)("on the Prosody in %s", (root) => {
		itUnlessLacking(missingFor(root)?.missing, "is run if one of each list is there", () => {
			const reason = (libraries: string) => {
				const scenario = parseScenario("test.scs", `## needs: ${libraries}\n---\n1 second passes\n`);
				return reasonNotToRun(scenario, "lua@prosody", { prosodyRoot: root });
			};
			expect(reason("util.unheard_of or util.stanza")).toBeUndefined();
			expect(reason("util.unheard_of or lua.unheard_of")).toBe("needs util.unheard_of or lua.unheard_of");
			expect(reason("util.crypto")).toBe(findProsody(root)!.version.startsWith("0.") ? "needs util.crypto" : undefined);
		});
	});
});

/** Where modules come from. */
function paths(sources: readonly NamedSource[]): Record<string, string> {
	return Object.fromEntries(sources.map(([name, source]) => [name, "lua" in source ? source.lua : "TypeScript"]));
}

describe("modules of upstream among ours", () => {
	const filters = needing("module: cloud_notify_filters");
	const mixed = (original: string, ...upstream: string[]) => ({ ...places(original), upstream });

	it("are taken from there on every lane, in the scenario's order", () => {
		const [below, above] = ["mod_cloud_notify.lua", "mod_cloud_notify_filters.lua"].map((name) => join(folder, "13.0", name));
		const loaded = (lane: LaneName, ...upstream: string[]) => modulesOnLane(filters, lane, mixed("13.0", ...upstream));
		expect(loaded("ts@fengari", "cloud_notify").map(([name]) => name)).toEqual(["cloud_notify", "cloud_notify_filters"]);
		expect(paths(loaded("ts@fengari", "cloud_notify"))).toEqual({ cloud_notify: below, cloud_notify_filters: "TypeScript" });
		expect(paths(loaded("ts@fengari", "cloud_notify_filters"))).toEqual({ cloud_notify: "TypeScript", cloud_notify_filters: above });
		expect(paths(loaded("lua@prosody", "cloud_notify_filters")))
			.toEqual({ cloud_notify: findLuaBuild("cloud_notify"), cloud_notify_filters: above });
		for (const lane of ["ts@fengari", "original@fengari"] as const) {
			expect(paths(loaded(lane, "cloud_notify", "cloud_notify_filters"))).toEqual({ cloud_notify: below, cloud_notify_filters: above });
		}
	});

	it("keep lanes without Lua from running anything", () => {
		expect(reasonNotToRun(filters, "ts@node", mixed("13.0", "cloud_notify"))).toBe("mod_cloud_notify is Lua");
		expect(reasonNotToRun(filters, "ts@fengari", mixed("13.0", "cloud_notify"))).toBeUndefined();
		expect(reasonNotToRun(filters, "ts@node", mixed("13.0"))).toBeUndefined();
	});

	it("must be there", () => {
		expect(reasonNotToRun(filters, "ts@fengari", mixed("0.12", "cloud_notify_filters"))).toBe("no original mod_cloud_notify_filters.lua");
		// It may be what another one depends on.
		expect(reasonNotToRun(needing(), "ts@fengari", mixed("0.12", "cloud_notify_filters"))).toBe("no original mod_cloud_notify_filters.lua");
	});

	it("are not for a scenario that says what these originals do otherwise", () => {
		const known = (tag: string) => needing("module: cloud_notify_filters", tag);
		for (const lane of ["ts@fengari", "original@fengari"] as const) {
			expect(reasonNotToRun(known("known-difference: original@fengari nothing"), lane, mixed("13.0", "cloud_notify")))
				.toBe("known difference: nothing");
			expect(reasonNotToRun(known("known-difference: original@fengari nothing"), lane, places("13.0"))).toBeUndefined();
			expect(reasonNotToRun(known("known-difference: original@fengari/0.12 nothing"), lane, mixed("13.0", "cloud_notify")))
				.toBeUndefined();
			expect(reasonNotToRun(known("not-on: original@fengari"), lane, mixed("13.0", "cloud_notify"))).toBe("not-on: original@fengari");
			expect(reasonNotToRun(known("not-on: original@prosody"), lane, mixed("13.0", "cloud_notify"))).toBeUndefined();
		}
		expect(reasonNotToRun(known("not-on: original@fengari/13.0"), "ts@fengari", mixed("13.0", "cloud_notify"))).toBeUndefined();
		// Bars a lane on a real server which has the original there.
		expect(reasonNotToRun(known("not-on: original@prosody"), "lua@prosody", mixed("13.0", "cloud_notify"))).toBe("not-on: original@prosody");
		expect(reasonNotToRun(known("not-on: original@fengari"), "lua@prosody", mixed("13.0", "cloud_notify"))).toBeUndefined();
		expect(reasonNotToRun(known("not-on: original@prosody"), "lua@prosody", places("13.0"))).toBeUndefined();
	});
});

describe("what modules may depend on", () => {
	const scenario = needing();
	const rest = Object.keys(ours).filter((name) => name !== "cloud_notify");
	const found = (lane: LaneName, upstream?: string[]) => paths(dependenciesOnLane(scenario, lane, { ...places("13.0"), upstream }));
	const original = (): string => join(folder, "13.0", "mod_cloud_notify_filters.lua");

	it("is of the lane's implementation", () => {
		expect(found("ts@node")).toEqual(Object.fromEntries(rest.map((name) => [name, "TypeScript"])));
		for (const lane of ["lua@fengari", "lua@prosody"] as const) {
			expect(found(lane)).toEqual(Object.fromEntries(rest.map((name) => [name, findLuaBuild(name)])));
		}
		for (const lane of ["original@fengari", "original@prosody"] as const) {
			expect(found(lane)).toEqual({ cloud_notify_filters: original() });
		}
	});

	it("is of upstream, where it is to be", () => {
		expect(found("ts@fengari", ["cloud_notify_filters"])).toMatchObject({ cloud_notify_filters: original(), cloud_notify_away: "TypeScript" });
	});

	it("is nothing that is loaded anyway", () => {
		for (const lane of LANES) expect(found(lane)).not.toHaveProperty("cloud_notify");
	});
});

describe("an original that is one file", () => {
	it("is not that of several modules", () => {
		const file = join(folder, "mine.lua");
		writeFileSync(file, "-- nothing\n");
		const where = { original: file, prosodyRoot: join(folder, "none") };
		expect(reasonNotToRun(needing(), "original@fengari", where)).toBeUndefined();
		expect(reasonNotToRun(needing("module: cloud_notify_filters"), "original@fengari", where))
			.toBe(`one original for 2 modules: ${file}`);
		const named = { ...where, original: join(folder, "13.0", "mod_cloud_notify_filters.lua") };
		expect(reasonNotToRun(needing("module: cloud_notify_filters"), "original@fengari", named)).toBe("no original mod_cloud_notify.lua");
	});
});

describe("an original of 0.12 with extensions that are for any series", () => {
	it("is of 0.12", () => {
		const mixed = join(folder, "mixed");
		mkdirSync(mixed);
		writeFileSync(join(mixed, "mod_cloud_notify.lua"), "local st = require \"util.stanza\";\n");
		writeFileSync(join(mixed, "mod_cloud_notify_encrypted.lua"), "local has = pcall(require, \"util.crypto\");\nlocal st = require \"util.stanza\";\n");
		const where = { original: mixed, prosodyRoot: join(folder, "none") };
		const scenario = needing("module: cloud_notify_encrypted", "not-on: original@fengari/0.12");
		expect(simulatedSeries(scenario, where)).toBe("0.12");
		expect(reasonNotToRun(scenario, "original@fengari", where)).toBe("not-on: original@fengari/0.12");
	});
});
