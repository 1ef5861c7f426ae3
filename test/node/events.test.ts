import { describe, expect, it } from "vitest";
import { createEvents } from "../../bridge/node/events";
import { HOSTILE_NAMES } from "./machine";

describe("events", () => {
	it("run handlers by priority, then in the order added", () => {
		const events = createEvents();
		const ran: string[] = [];
		const handler = (name: string) => () => void ran.push(name);
		events.add_handler("e", handler("a"));
		events.add_handler("e", handler("low"), -1);
		events.add_handler("e", handler("b"), 0);
		events.add_handler("e", handler("high"), 10);
		events.add_handler("e", handler("half"), 0.5);
		events.fire_event("e", {});
		expect(ran).toEqual(["high", "half", "a", "b", "low"]);
	});

	it("end with the first result that is not nil", () => {
		const events = createEvents();
		events.add_handler("e", () => undefined, 3);
		events.add_handler("e", () => false, 2);
		events.add_handler("e", () => true, 1);
		expect(events.fire_event("e")).toBe(false);
		expect(events.fire_event("other")).toBeUndefined();
	});

	it("hand every handler the same payload", () => {
		const events = createEvents();
		const payload = { count: 0 };
		const counter = () => (event: { count: number }) => void event.count++;
		for (let i = 0; i < 3; i++) events.add_handler("e", counter());
		events.fire_event("e", payload);
		expect(payload.count).toBe(3);
	});

	it("have a handler once, with its last priority", () => {
		const events = createEvents();
		const ran: string[] = [];
		const again = () => void ran.push("again");
		events.add_handler("e", again, 5);
		events.add_handler("e", () => void ran.push("other"), 1);
		events.add_handler("e", again, 0);
		events.fire_event("e");
		expect(ran).toEqual(["other", "again"]);
		events.remove_handler("e", again);
		events.remove_handler("e", again);
		events.remove_handler("unknown", again);
		events.fire_event("e");
		expect(ran).toEqual(["other", "again", "other"]);
	});

	it("go on as they began when handlers come and go meanwhile", () => {
		const events = createEvents();
		const ran: string[] = [];
		const removed = () => void ran.push("removed");
		const added = () => void ran.push("added");
		events.add_handler("e", () => {
			events.remove_handler("e", removed);
			events.add_handler("e", added, 5);
			ran.push("first");
		}, 10);
		events.add_handler("e", removed);
		events.fire_event("e");
		expect(ran).toEqual(["first", "removed"]);
		events.fire_event("e");
		expect(ran).toEqual(["first", "removed", "first", "added"]);
	});

	it("let an exception through", () => {
		const events = createEvents();
		events.add_handler("e", () => {
			throw new Error("broken");
		});
		expect(() => events.fire_event("e")).toThrow("broken");
	});

	it("can have any name", () => {
		for (const name of HOSTILE_NAMES) {
			const events = createEvents();
			expect(events.fire_event(name)).toBeUndefined();
			events.add_handler(name, () => name);
			expect(events.fire_event(name)).toBe(name);
		}
	});
});
