import { describe, expect, it } from "vitest";
import type { Session } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/world";
import { AwayWorld } from "./away-world";

/** Who is away: what clients say in no scenario, and what no client says. */
describe.each(HOST_NAMES)("mod_cloud_notify_away on %s", (host_name) => {
	const start = (): AwayWorld => {
		const world = new AwayWorld(host_name);
		world.load_away();
		return world;
	};
	const with_presence = (presence: string): AwayWorld => {
		const world = start();
		world.registered(presence);
		return world;
	};

	it.each([
		["away", "<show>away</show>"],
		["extended away", "<show>xa</show>"],
		["away among much else", "<status>a &lt;show/&gt;</status><priority>-128</priority><show>away</show><x xmlns='x'/>"],
		["the first of several shows", "<show>away</show><show>chat</show>"],
		["text in CDATA", "<show><![CDATA[away]]></show>"],
		["text of several parts", "<show>a&#119;ay</show>"],
	])("takes for away: %s", (_, content) => {
		expect(with_presence(`<presence>${content}</presence>`).decision({ away: true }))
			.toEqual({ wanted: true, reason: "all clients are away" });
	});

	it.each([
		["nothing", ""],
		["chat", "<show>chat</show>"],
		["do not disturb", "<show>dnd</show>"],
		["an empty show", "<show/>"],
		["other letters", "<show>AWAY</show>"],
		["white space", "<show>\naway</show>"],
		["more text", "<show>away xa</show>"],
		["a tab", "<show>away&#9;</show>"],
		["the first of several shows", "<show>chat</show><show>away</show>"],
		["an element in the show", "<show><away/></show>"],
		["text in an element in the show", "<show><a>away</a></show>"],
		["a show of another namespace", "<show xmlns='x'>away</show>"],
		["a show that is inside of something", "<x xmlns='x'><show xmlns='jabber:client'>away</show></x>"],
		["the status", "<status>away</status>"],
		["a huge show", `<show>${"away".repeat(100_000)}</show>`],
		["many shows", "<show>chat</show>".repeat(1_000) + "<show>away</show>"],
	])("takes for somebody there: %s", (_, content) => {
		const world = with_presence(`<presence>${content}</presence>`);
		expect(world.decision({ away: true })).toEqual({ wanted: undefined, reason: undefined });
		expect(world.errors()).toEqual([]);
	});

	it.each<[string, Partial<Session>, boolean]>([
		["active", { state: "active" }, false],
		["inactive", { state: "inactive" }, true],
		["flushing", { state: "flushing" }, true],
		["asleep", { hibernating: 1 }, true],
		["asleep, active", { hibernating: 1, state: "active" }, true],
	])("asks a session without presence that is %s", (_, fields, wanted) => {
		const world = with_presence("<presence><show>away</show></presence>");
		const laptop = world.phone("juliet@localhost/laptop");
		expect(world.decision({ away: true }).wanted).toBe(undefined);
		world.pretend(laptop, fields);
		expect(world.decision({ away: true }).wanted).toBe(wanted ? true : undefined);
	});

	it.each<[string, Partial<Session>]>([
		["inactive", { state: "inactive" }],
		["flushing", { state: "flushing" }],
	])("takes an available session that is %s for somebody there", (_, fields) => {
		const world = with_presence("<presence><show>away</show></presence>");
		const laptop = world.online("juliet@localhost/laptop");
		world.pretend(laptop, fields);
		expect(world.decision({ away: true }).wanted).toBe(undefined);
	});

	it("needs a session that is away and connected", () => {
		const world = start();
		expect(world.decision({ away: true }).wanted).toBe(undefined);
		const phone = world.registered();
		expect(world.decision({ away: true }).wanted).toBe(true);
		expect(world.decision({ away: true }, "romeo").wanted).toBe(undefined);
		world.pretend(phone, { hibernating: 1 });
		expect(world.decision({ away: true }).wanted).toBe(undefined);
		world.pretend(phone, { hibernating: undefined, presence: undefined, state: "inactive" });
		expect(world.decision({ away: true }).wanted).toBe(undefined);
	});

	it("asks every session, in whatever order", () => {
		for (const order of [["away", "chat", "xa"], ["chat", "away", "xa"], ["away", "xa", "chat"]]) {
			const world = start();
			order.forEach((show, n) => {
				world.phone(`juliet@localhost/${n}`).send(`<presence><show>${show}</show></presence>`);
			});
			world.pass(0);
			expect(world.decision({ away: true }).wanted, order.join()).toBe(undefined);
		}
	});

	it("counts sessions of any name", () => {
		const world = start();
		for (const resource of ["__proto__", "constructor", "0", "toString"]) {
			const phone = world.phone(`juliet@localhost/${resource}`);
			phone.send("<presence><show>away</show></presence>");
			world.pass(0);
			expect(world.decision({ away: true }).wanted, resource).toBe(true);
			phone.send("<presence/>");
			world.pass(0);
			expect(world.decision({ away: true }).wanted, resource).toBe(undefined);
			phone.client.disconnect();
			world.pass(0);
		}
	});

	it.each([
		["none", {}],
		["false", { away: false }],
		["text, as another module may have stored it", { away: "true" as unknown as boolean }],
		["a number", { away: 1 as unknown as boolean }],
	])("leaves registrations alone whose attribute is %s", (_, push_info) => {
		const world = with_presence("<presence><show>away</show></presence>");
		expect(world.decision(push_info)).toEqual({ wanted: undefined, reason: undefined });
	});

	it("leaves an event alone that somebody decided", () => {
		const world = new AwayWorld(host_name);
		world.answer((event) => {
			event.reason = "not in the holidays";
			return false;
		}, 1);
		world.load_away();
		world.registered();
		expect(world.decision({ away: true })).toEqual({ wanted: false, reason: "not in the holidays" });
	});
});
