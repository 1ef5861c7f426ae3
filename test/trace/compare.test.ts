import { describe, expect, it } from "vitest";
import { compare } from "../../bridge/trace/compare";
import type { Difference, Recording } from "../../bridge/trace/compare";
import type { TraceEntry } from "../../bridge/trace/entry";

const VIRTUAL = { wire: false };

function recording(entries: TraceEntry[], ...ids: string[]): Recording {
	return { entries, ids: new Set(ids) };
}

function push(at: number, to: string, id = "x", text = ""): TraceEntry {
	return { at, kind: "stanza", to, from: "localhost", xml: `<iq id="${id}" to="${to}">${text}</iq>` };
}

function stored(at: number, user: string, data: unknown): TraceEntry {
	return { at, kind: "store", store: "cloud_notify", user, data };
}

function brief(differences: readonly Difference[]): string[] {
	return differences.map(({ kind, at, left, right }) => {
		return `${kind} at ${at}: ${left?.lines.join("") ?? "-"} ${right?.lines.join("") ?? "-"}`;
	});
}

function differences(left: TraceEntry[], right: TraceEntry[], options = VIRTUAL): string[] {
	return brief(compare(recording(left), recording(right), options));
}

describe("comparing traces", () => {
	it("finds nothing in equal ones", () => {
		const entries = [push(0, "a"), stored(0, "juliet", { a: 1, b: 2 }), push(2, "b")];
		expect(differences(entries, [push(0, "a"), stored(0, "juliet", { b: 2, a: 1 }), push(2, "b")])).toEqual([]);
	});

	it("does not mind the order of recipients within an instant", () => {
		expect(differences([push(1, "a"), push(1, "b")], [push(1, "b"), push(1, "a")])).toEqual([]);
		expect(differences([stored(1, "a", 1), stored(1, "b", 2)], [stored(1, "b", 2), stored(1, "a", 1)])).toEqual([]);
	});

	it("minds the order to one recipient", () => {
		const found = differences([push(1, "a", "1"), push(1, "a", "2")], [push(1, "a", "2"), push(1, "a", "1")]);
		expect(found).not.toEqual([]);
	});

	it("minds the order of a user's data in a store", () => {
		const found = differences([stored(1, "a", 1), stored(1, "a", 2)], [stored(1, "a", 2), stored(1, "a", 1)]);
		expect(found).not.toEqual([]);
	});

	it("tells what is missing", () => {
		expect(differences([push(0, "a"), push(1, "a", "y")], [push(0, "a")])).toEqual([
			"missing at 1: <iq id=\"y\" to=\"a\"/> -",
		]);
	});

	it("tells what is extra", () => {
		expect(differences([push(1, "a", "y")], [push(0, "a"), push(1, "a", "y")])).toEqual([
			"extra at 0: - <iq id=\"x\" to=\"a\"/>",
		]);
	});

	it("tells what changed", () => {
		expect(differences([push(1, "a", "x", "1")], [push(1, "a", "x", "2")])).toEqual([
			"different at 1: <iq id=\"x\" to=\"a\">1</iq> <iq id=\"x\" to=\"a\">2</iq>",
		]);
	});

	it("tells what came at another time, once", () => {
		const [found, ...others] = compare(recording([push(1, "a")]), recording([push(5, "a")]), VIRTUAL);
		expect(others).toEqual([]);
		expect(found).toMatchObject({ kind: "different", left: { entry: { at: 1 } }, right: { entry: { at: 5 } } });
	});

	it("takes another recipient for another stanza", () => {
		expect(differences([push(1, "a")], [push(1, "b")])).toEqual([
			"missing at 1: <iq id=\"x\" to=\"a\"/> -",
			"extra at 1: - <iq id=\"x\" to=\"b\"/>",
		]);
	});

	it("names the step", () => {
		const left = { ...recording([push(0, "a"), push(1, "b")]), steps: [10, 12] };
		expect(compare(left, recording([push(0, "a")]), VIRTUAL)).toMatchObject([{ kind: "missing", step: 12 }]);
	});

	it("minds a stanza to where there is no way, on a real server, too", () => {
		const undelivered = (at: number): TraceEntry => ({
			at, kind: "stanza", to: "b", from: "localhost", xml: "<iq/>", undelivered: true,
		});
		for (const wire of [false, true]) {
			expect(differences([undelivered(0)], [undelivered(0)], { wire })).toEqual([]);
			expect(differences([push(0, "a"), undelivered(0)], [push(0, "a")], { wire })).toEqual(["missing at 0: <iq/> -"]);
		}
		expect(differences([undelivered(0)], [undelivered(0.3)], { wire: true })).toEqual([]);
	});

	it("takes what crosses the wire alone, where that is all that is seen", () => {
		const real = { wire: true };
		const delayed = (stamp: string): Recording => ({
			...recording([{
				at: 0, kind: "reply", to: "Juliet", xml: `<message><delay xmlns="urn:xmpp:delay" stamp="${stamp}"/></message>`,
			}]),
			times: new Set([stamp]),
		});
		const [left, right] = [delayed("2023-11-14T22:13:20Z"), delayed("2026-11-21T04:26:45Z")];
		expect(compare(left, right, real)).toEqual([]);
		expect(compare({ ...left, times: undefined }, right, real)).not.toEqual([]);
		expect(differences([push(0, "a"), stored(0, "u", 1)], [push(0.3, "a")], real)).toEqual([]);
		expect(differences([push(0, "a", "1"), push(1, "a", "2")], [push(0, "a", "2"), push(1, "a", "1")], real))
			.not.toEqual([]);
	});
});

describe("generated ids", () => {
	it("count by their order of appearance", () => {
		const left = recording([push(0, "a", "l1"), push(1, "a", "l2"), stored(1, "u", { l1: "l2" })], "l1", "l2");
		const right = recording([push(0, "a", "r1"), push(1, "a", "r2"), stored(1, "u", { r1: "r2" })], "r1", "r2");
		expect(compare(left, right, VIRTUAL)).toEqual([]);
	});

	it("do not depend on the order of recipients", () => {
		const left = recording([push(0, "a", "l1"), push(0, "b", "l2"), push(1, "a", "l2")], "l1", "l2");
		const right = recording([push(0, "b", "r2"), push(0, "a", "r1"), push(1, "a", "r2")], "r1", "r2");
		expect(compare(left, right, VIRTUAL)).toEqual([]);
	});

	it("differ where one side repeats one and the other does not", () => {
		const left = recording([push(0, "a", "l1"), push(1, "a", "l1")], "l1");
		const right = recording([push(0, "a", "r1"), push(1, "a", "r2")], "r1", "r2");
		expect(brief(compare(left, right, VIRTUAL))).toEqual([
			"different at 1: <iq id=\"{id 1}\" to=\"a\"/> <iq id=\"{id 2}\" to=\"a\"/>",
		]);
	});

	it("are not thrown off by what is missing before", () => {
		const left = recording([push(0, "a", "l1"), push(1, "a", "l2"), push(2, "a", "l2")], "l1", "l2");
		const right = recording([push(1, "a", "r1"), push(2, "a", "r1")], "r1");
		expect(brief(compare(left, right, VIRTUAL))).toEqual(["missing at 0: <iq id=\"{id 1}\" to=\"a\"/> -"]);
	});

	it("may be resources that the server chose", () => {
		const left = recording([push(0, "juliet@localhost/abc")], "abc");
		const right = recording([push(0, "juliet@localhost/def")], "def");
		expect(compare(left, right, VIRTUAL)).toEqual([]);
	});
});
