import { beforeEach, describe, expect, it } from "vitest";
import { bootEnvironment, type LuaEnvironment } from "./environment";

let lua: LuaEnvironment;

beforeEach(() => {
	lua = bootEnvironment();
	lua.run(`rosters = require "core.rostermanager";
		store = require "core.storagemanager".open("localhost", "roster");
		function log_in(name)
			local user = { sessions = {} };
			hosts.localhost.sessions[name], bare_sessions[name.."@localhost"] = user, user;
			return user;
		end
		function is(check, contact) return rosters[check]("juliet", "localhost", contact or "romeo@localhost") or false; end
		function stored()
			local item = store:get("juliet")["romeo@localhost"];
			return item.subscription..tostring(item.ask);
		end`);
});

describe("core.rostermanager", () => {
	it("asks the stored roster of who is offline", () => {
		lua.run('store:set("juliet", { ["romeo@localhost"] = { subscription = "from", groups = {} } })');
		expect(lua.run('return tostring(is "is_contact_subscribed")..tostring(is "is_user_subscribed")'))
			.toBe("truefalse");
		expect(lua.run('return is("is_contact_subscribed", "nobody@localhost")')).toBe(false);
	});

	it("asks the roster of whoever is online, the contact's the other way round", () => {
		lua.run('log_in "juliet".roster = { ["romeo@localhost"] = { subscription = "to" } }');
		expect(lua.run('return tostring(is "is_contact_subscribed")..tostring(is "is_user_subscribed")'))
			.toBe("falsetrue");
		lua.run(`bare_sessions["juliet@localhost"] = nil;
			log_in "romeo".roster = { ["juliet@localhost"] = { subscription = "to" } }`);
		expect(lua.run('return tostring(is "is_contact_subscribed")..tostring(is "is_user_subscribed")'))
			.toBe("truefalse");
	});

	it("loads a roster once for those who are online", () => {
		lua.run('loads = 0; hosts.localhost.events.add_handler("roster-load", function () loads = loads + 1; end)');
		expect(lua.run(`local user = log_in "juliet";
			local roster = rosters.load_roster("juliet", "localhost");
			return user.roster == roster and rosters.load_roster("juliet", "localhost") == roster and loads`)).toBe(1);
	});

	it("follows subscriptions through their states", () => {
		lua.run('log_in "juliet"');
		lua.run('assert(rosters.set_contact_pending_out("juliet", "localhost", "romeo@localhost"))');
		expect(lua.run("return stored()")).toBe("nonesubscribe");
		lua.run('assert(rosters.process_inbound_subscription_approval("juliet", "localhost", "romeo@localhost"))');
		expect(lua.run("return stored()")).toBe("tonil");
		lua.run('assert(rosters.set_contact_pending_in("juliet", "localhost", "romeo@localhost"))');
		expect(lua.run('return is "is_contact_pending_in"')).toBe(true);
		lua.run('assert(rosters.subscribed("juliet", "localhost", "romeo@localhost"))');
		expect(lua.run("return stored()")).toBe("bothnil");
		expect(lua.run('return is "is_contact_pending_in"')).toBe(false);
		expect(lua.run('return select("#", rosters.unsubscribed("juliet", "localhost", "romeo@localhost"))')).toBe(3);
		expect(lua.run("return stored()")).toBe("tonil");
		lua.run('assert(rosters.process_inbound_subscription_cancellation("juliet", "localhost", "romeo@localhost"))');
		expect(lua.run("return stored()")).toBe("nonenil");
		lua.run('assert(rosters.subscribed("juliet", "localhost", "romeo@localhost"))');
		expect(lua.run('return is "is_contact_preapproved"')).toBe(true);
		expect(lua.run('return store:get("juliet")[false].version')).toBe(7);
	});

	it("writes nothing of its own for who only reads", () => {
		lua.run(`store:set("juliet", { ["romeo@localhost"] = { subscription = "both", groups = {} } });
			local roster = rosters.load_roster("juliet", "localhost");
			assert(roster[false].pending);
			store:set("juliet", roster)`);
		expect(lua.run('return store:get("juliet")[false]')).toBe(undefined);
	});

	it("does not save what it could not read, nor for who is unknown", () => {
		lua.machine.disk.write("localhost", "roster", "juliet", "return {");
		lua.run('log_in "juliet"');
		expect(lua.run('return select(2, rosters.load_roster("juliet", "localhost"))')).toBe("Error reading storage");
		expect(lua.run('return rosters.set_contact_pending_out("juliet", "localhost", "romeo@localhost")'))
			.toBe(undefined);
		expect(lua.machine.disk.read("localhost", "roster", "juliet")).toBe("return {");
		expect(lua.run('return rosters.save_roster("nobody", "localhost", {})')).toBe(undefined);
	});

	it("drops the own address, and pushes changes to who is interested", () => {
		lua.run('store:set("juliet", { ["juliet@localhost"] = { subscription = "both", groups = {} } })');
		expect(lua.run('log_in "juliet"; return rosters.load_roster("juliet", "localhost")["juliet@localhost"]'))
			.toBe(undefined);
		expect(lua.run(`local pushed;
			local session = { username = "juliet", host = "localhost", interested = true };
			session.send = function (stanza) pushed = stanza; end;
			session.roster = bare_sessions["juliet@localhost"].roster;
			hosts.localhost.sessions.juliet.sessions.phone = session;
			assert(rosters.add_to_roster(session, "romeo@localhost", { subscription = "none", groups = { Friends = true } }));
			rosters.roster_push("juliet", "localhost", "romeo@localhost");
			local item = pushed:find "{jabber:iq:roster}query/item";
			return item.attr.jid.." "..item:get_child_text "group"`)).toBe("romeo@localhost Friends");
	});
});
