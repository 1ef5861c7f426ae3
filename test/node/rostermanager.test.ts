import { describe, expect, it } from "vitest";
import type { Roster, RosterItem, UserSessions } from "../../bridge/api";
import { createTestMachine, HOSTILE_NAMES } from "./machine";
import { createNodeHost } from "../../bridge/node";
import { falseKey } from "../../bridge/node/lua-data";

function item(subscription: RosterItem["subscription"]): RosterItem {
	return { subscription, groups: {} };
}

function setUp(stored: Record<string, Roster> = {}) {
	const machine = createTestMachine();
	createNodeHost(machine).load("setup", { typescript: (module) => {
		for (const [user, roster] of Object.entries(stored)) module.open_store("roster").set(user, roster);
	} });
	const host = createNodeHost(machine);
	const rosters = host.require("core.rostermanager");
	const log_in = (user: string, roster?: Roster) => {
		const sessions: UserSessions = { sessions: {}, roster };
		host.prosody.bare_sessions[`${user}@localhost`] = sessions;
		return sessions;
	};
	return { machine, host, rosters, log_in };
}

describe("rosters", () => {
	it("come from the store, and are announced", () => {
		const { host, rosters } = setUp({ juliet: { "romeo@localhost": item("both"), "juliet@localhost": item("both") } });
		const loaded: unknown[] = [];
		host.prosody.hosts.localhost!.events.add_handler("roster-load", (event) => void loaded.push(event));
		const [roster, error] = rosters.load_roster("juliet", "localhost");
		expect(Object.keys(roster)).toEqual(["romeo@localhost"]);
		expect(error).toBeUndefined();
		expect(loaded).toEqual([{ username: "juliet", host: "localhost", roster }]);
		expect(rosters.load_roster("juliet", "localhost")[0]).toBe(roster);
		expect(rosters.load_roster("romeo", "localhost")[0]).toEqual({});
	});

	it("belong to the account's sessions", () => {
		const { rosters, log_in } = setUp({ juliet: { "romeo@localhost": item("to") } });
		const user = log_in("juliet");
		const [roster] = rosters.load_roster("juliet", "localhost");
		expect(user.roster).toBe(roster);
		const own: Roster = {};
		log_in("juliet", own);
		expect(rosters.load_roster("juliet", "localhost")[0]).toBe(own);
	});

	it("keep the state that Prosody has beside the items", () => {
		const { machine, rosters } = setUp();
		const stored = "return { [false] = { version = 3 }; ['a@b'] = { subscription = 'to'; groups = {} } };";
		machine.disk.write("localhost", "roster", "juliet", stored);
		const [roster] = rosters.load_roster("juliet", "localhost");
		expect(Object.keys(roster)).toEqual(["a@b"]);
		expect((roster as Record<symbol, unknown>)[falseKey]).toEqual({ version: 3 });
	});

	it("say if they could not be read", () => {
		const { machine, rosters } = setUp();
		machine.disk.write("localhost", "roster", "juliet", "return {");
		expect([...rosters.load_roster("juliet", "localhost")]).toEqual([{}, "Error reading storage"]);
	});
});

describe("subscriptions", () => {
	it.each<[RosterItem["subscription"], boolean, boolean]>([
		["none", false, false], ["to", false, true], ["from", true, false], ["both", true, true],
	])("of %s", (subscription, contact, user) => {
		const { rosters, log_in } = setUp({ juliet: { "romeo@localhost": item(subscription) } });
		const ask = () => [
			rosters.is_contact_subscribed("juliet", "localhost", "romeo@localhost"),
			rosters.is_user_subscribed("juliet", "localhost", "romeo@localhost"),
		];
		expect(ask()).toEqual([contact, user]);
		log_in("juliet", { "romeo@localhost": item(subscription) });
		expect(ask()).toEqual([contact, user]);
	});

	it("are asked of the contact's roster if only that is at hand", () => {
		const { rosters, log_in } = setUp();
		log_in("romeo", { "juliet@localhost": item("to") });
		expect(rosters.is_contact_subscribed("juliet", "localhost", "romeo@localhost")).toBe(true);
		expect(rosters.is_user_subscribed("juliet", "localhost", "romeo@localhost")).toBe(false);
	});

	it("are none with whoever is not in the roster", () => {
		const { rosters, log_in } = setUp();
		expect(rosters.is_contact_subscribed("juliet", "localhost", "romeo@localhost")).toBe(false);
		log_in("juliet", {});
		expect(rosters.is_user_subscribed("juliet", "localhost", "romeo@localhost")).toBe(false);
		for (const name of HOSTILE_NAMES) {
			const { rosters: fresh } = setUp();
			expect(fresh.is_contact_subscribed(name, "localhost", name)).toBe(false);
			expect(fresh.is_user_subscribed(name, "localhost", name)).toBe(false);
		}
	});
});
