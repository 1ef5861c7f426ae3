import { describe, expect, it } from "vitest";
import { fingerprint } from "../../bridge/cli/fingerprint";
import type { Difference, Side } from "../../bridge/trace/compare";

function side(at: number, ...lines: string[]): Side {
	return { entry: { at, kind: "store", store: "cloud_notify", user: "juliet", data: null }, lines };
}

const LEFT = side(1, "{", "}");
const DIFFERENCE: Difference = { kind: "different", at: 1, left: LEFT, right: side(1, "(deleted)") };

describe("a fingerprint", () => {
	it("is eight hex digits, the same for the same", () => {
		expect(fingerprint(3, [DIFFERENCE])).toMatch(/^[0-9a-f]{8}$/);
		expect(fingerprint(3, [{ ...DIFFERENCE, step: 27 }])).toBe(fingerprint(3, [DIFFERENCE]));
	});

	it("has the errors in it that only the lane logs, wherever they come from", () => {
		const failing = (error: string): string => fingerprint(3, [DIFFERENCE], [error]);
		const error = "Traceback[c2s]: LuaError: /usr/lib/mod_push.lua:11: attempt to index a nil value";
		expect(failing(error)).not.toBe(fingerprint(3, [DIFFERENCE]));
		expect(failing(error)).toBe(failing("Traceback[c2s]: LuaError: mod_push.lua:9: attempt to index a nil value"));
		expect(failing(error)).not.toBe(failing("Traceback[c2s]: LuaError: mod_push.lua:9: attempt to call a nil value"));
		expect(failing(error)).not.toBe(failing("Traceback[c2s]: LuaError: mod_other.lua:9: attempt to index a nil value"));
		expect(failing(error)).not.toBe(failing("Error in timer: LuaError: mod_push.lua:9: attempt to index a nil value"));
		expect(failing("a.lua:1: b.lua:2: c")).not.toBe(failing("b.lua:2: c"));
	});

	it.each<[string, number | undefined, Difference[]]>([
		["another step failed", 4, [DIFFERENCE]],
		["all steps passed", undefined, [DIFFERENCE]],
		["nothing differs", 3, []],
		["it differs twice", 3, [DIFFERENCE, DIFFERENCE]],
		["one side lacks it", 3, [{ kind: "missing", at: 1, left: LEFT }]],
		["the other side lacks it", 3, [{ kind: "extra", at: 1, right: LEFT }]],
		["it happens at another time", 3, [{ ...DIFFERENCE, right: side(2, "(deleted)") }]],
		["it says something else", 3, [{ ...DIFFERENCE, right: side(1, "[]") }]],
		["it is another's", 3, [{
			...DIFFERENCE, right: { entry: { ...LEFT.entry, user: "romeo" } as Side["entry"], lines: ["(deleted)"] },
		}]],
	])("is another where %s", (_, failedAt, differences) => {
		expect(fingerprint(failedAt, differences)).not.toBe(fingerprint(3, [DIFFERENCE]));
	});
});
