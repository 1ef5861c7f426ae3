import { describe, expect, it } from "vitest";
import { createTestMachine, START } from "./machine";
import { createDatetime } from "../../bridge/node/datetime";

const { clock } = createTestMachine();
const datetime = createDatetime(clock);

describe("dates and times", () => {
	it("are those of a moment in UTC", () => {
		expect(datetime.datetime(1136239445)).toBe("2006-01-02T22:04:05Z");
		expect(datetime.date(1136239445)).toBe("2006-01-02");
		expect(datetime.time(1136239445)).toBe("22:04:05");
		expect(datetime.datetime(0)).toBe("1970-01-01T00:00:00Z");
		expect(datetime.datetime(-1)).toBe("1969-12-31T23:59:59Z");
		expect(datetime.date(253402300800)).toBe("10000-01-01");
	});

	it("have microseconds where there are some", () => {
		expect(datetime.datetime(1136239445.5)).toBe("2006-01-02T22:04:05.500000Z");
		expect(datetime.time(0.25)).toBe("00:00:00.250000");
	});

	it("are now, in whole seconds, unless a time is given", () => {
		clock.advance(0.5);
		expect(datetime.datetime()).toBe("2023-11-14T22:13:20Z");
		expect(datetime.parse(datetime.datetime())).toBe(START);
		clock.advance(0.5);
	});

	it.each([
		["2006-01-02T22:04:05Z", 1136239445], ["20060102T22:04:05", 1136239445], ["2006-01-02T22:04:05.5Z", 1136239445.5],
		["2006-01-02T22:04:05.Z", 1136239445],
		["2006-01-02T15:04:05-07:00", 1136239445], ["2006-01-03T00:04:05+0200", 1136239445],
		["2006-01-02T23:04:05+01", 1136239445], ["2006-01-02T23:04:05+01:300", 1136239445],
		["2006-01-02T23:04:05 +01:00", 1136239445],
		["2004-02-29T00:00:00Z", 1078012800], ["0001-01-01T00:00:00Z", -62135596800],
		["2006-01-02", undefined], ["22:04:05", undefined], ["", undefined], ["2006-01-02T22:04:05 UTC", undefined],
		["2006-01-02T22:04Z", undefined], ["x2006-01-02T22:04:05Z", undefined],
	])("parse %j as %s", (text, time) => {
		expect(datetime.parse(text)).toBe(time);
	});
});
