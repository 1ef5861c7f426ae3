import { describe, expect, it } from "vitest";
import { differenceToJson, reportDifference } from "../../bridge/trace/report";
import { compare } from "../../bridge/trace/compare";
import { countPushes } from "../../bridge/trace/pushes";
import type { TraceEntry } from "../../bridge/trace/entry";

const place = { file: "sleep.scs", steps: new Map([[31, "Romeo sends:"]]), left: "ts@node", right: "original@fengari" };

function stanza(at: number, text: string): TraceEntry {
	return { at, kind: "stanza", to: "push.localhost", from: "localhost", xml: `<iq>${text}</iq>` };
}

function found(left: TraceEntry[], right: TraceEntry[]) {
	const steps = left.map(() => 31);
	const options = { wire: false };
	return compare({ entries: left, steps, ids: new Set() }, { entries: right, ids: new Set() }, options);
}

function report(left: TraceEntry[], right: TraceEntry[]): string[] {
	const style = { width: 100, colour: false };
	return found(left, right).flatMap((difference) => reportDifference(difference, place, style));
}

describe("the report of a difference", () => {
	it("shows both sides", () => {
		expect(report([stanza(2, "1")], [stanza(2, "2")])).toEqual([
			"sleep.scs:31: Romeo sends:",
			"  stanza to push.localhost, at 2 s, differs",
			"    ts@node    | original@fengari",
			"  ~ <iq>1</iq> | <iq>2</iq>",
			"        ~      |     ~",
		]);
	});

	it("shows the one side that there is", () => {
		expect(report([stanza(2, "1")], [])).toEqual([
			"sleep.scs:31: Romeo sends:",
			"  stanza to push.localhost, only on ts@node, at 2 s",
			"    <iq>1</iq>",
		]);
		const entry: TraceEntry = { at: 0.1 + 0.2, kind: "store", store: "cloud_notify", user: "juliet", data: {} };
		expect(report([], [entry])).toEqual([
			"sleep.scs",
			"  store cloud_notify of juliet, only on original@fengari, at 0.3 s",
			"    {}",
		]);
	});

	it("tells another time and another order", () => {
		expect(report([stanza(2, "1")], [stanza(3, "1")])).toEqual([
			"sleep.scs:31: Romeo sends:",
			"  stanza to push.localhost, at 2 s on ts@node, at 3 s on original@fengari",
			"    <iq>1</iq>",
		]);
		expect(report([stanza(2, "1"), stanza(2, "2")], [stanza(2, "2"), stanza(2, "1")])[1])
			.toBe("  stanza to push.localhost, at 2 s, in another order");
	});

	it("has a form for programs", () => {
		const [difference] = found([stanza(2, "1")], [stanza(2, "2")]);
		expect(differenceToJson(difference!, place)).toEqual({
			kind: "different", at: 2, line: 31, step: "Romeo sends:", left: stanza(2, "1"), right: stanza(2, "2"),
		});
	});
});

describe("pushes", () => {
	const pubsub = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'/></pubsub>";

	it("are notifications published, sent, or requested over HTTP", () => {
		const entry = (kind: "stanza" | "reply", xml: string): TraceEntry => {
			return kind === "stanza" ? { at: 0, kind, to: "a", from: "b", xml } : { at: 0, kind, to: "a", xml };
		};
		expect(countPushes([
			entry("stanza", `<iq type='set'>${pubsub}</iq>`),
			entry("stanza", "<message><notification xmlns='urn:xmpp:push2:0'/></message>"),
			{ at: 0, kind: "http", method: "POST", url: "https://push.example", headers: {}, body: "" },
		])).toBe(3);
		expect(countPushes([
			entry("reply", `<iq type='set'>${pubsub}</iq>`),
			entry("stanza", `<iq type='error'>${pubsub}</iq>`),
			entry("stanza", "<message><body>Hello</body></message>"),
			entry("stanza", "<iq type='set'"),
			{ at: 0, kind: "store", store: "s", data: null },
		])).toBe(0);
	});
});
