import { beforeAll, describe, expect, it } from "vitest";
import { findLuaBuild } from "../../bridge/lua-build";
import { build } from "../cli/prosody-push";
import { bootEnvironment, createMachine } from "../lua-environment/environment";

beforeAll(build);

describe("the Lua file of mod_cloud_notify", () => {
	// JavaScript goes on with what is no number, Lua does not.
	it("takes its defaults where Prosody gives nil for an option that is no number", () => {
		const { machine, run } = bootEnvironment(createMachine({
			options: { push_max_devices: '"lots"', push_max_errors: "true", push_max_hibernation_timeout: '"long"' },
		}));
		const timeout = run<number>(`
			boot.load("cloud_notify", ...);
			local st = require "util.stanza";
			local events = prosody.hosts.localhost.events;
			local session = {
				username = "juliet", host = "localhost", resource = "phone", full_jid = "juliet@localhost/phone",
				log = function () end, send = function () end,
				hibernating_watchdog = require "util.watchdog".new(600, function () end),
			};
			local enable = st.iq({ type = "set", id = "1", from = session.full_jid })
				:tag("enable", { xmlns = "urn:xmpp:push:0", jid = "push.localhost", node = "n" }):reset();
			assert(events.fire_event("iq-set/self/urn:xmpp:push:0:enable", { origin = session, stanza = enable }));
			events.fire_event("smacks-hibernation-start", { origin = session, queue = {} });
			return session.hibernating_watchdog.timeout;
		`, findLuaBuild("cloud_notify")!);
		expect(timeout).toBe(72 * 3600);
		expect(machine.logged.filter(({ level }) => level === "error").map(({ message }) => message).sort()).toEqual(
			["push_max_devices", "push_max_errors", "push_max_hibernation_timeout"]
				.map((name) => `Config option '${name}' not understood, expecting a number`),
		);
	});
});
