import { describe, expect } from "vitest";
import { bootEnvironment, type LuaEnvironment } from "../lua-environment/environment";
import { itWithOriginals } from "./installed";

const PREPARE = `
	st = require "util.stanza";
	sent, replies = {}, {};
	prosody.core_post_stanza = function (_, stanza) table.insert(sent, stanza); end;
	session = {
		type = "c2s", username = "juliet", host = "localhost", resource = "phone", full_jid = "juliet@localhost/phone";
		log = require "util.logger".init("c2s1");
		send = function (stanza) table.insert(replies, stanza); return true; end;
	};
	user = { sessions = { phone = session }, roster = {} };
	hosts.localhost.sessions.juliet = user;
	bare_sessions["juliet@localhost"], full_sessions["juliet@localhost/phone"] = user, session;
	fire = hosts.localhost.events.fire_event;

	function enable(extra)
		local stanza = st.iq { type = "set", id = "e1", from = "juliet@localhost/phone" }
			:tag("enable", { xmlns = "urn:xmpp:push:0", jid = "push.localhost", node = "n1" });
		if extra then stanza:add_child(extra); end
		fire("iq-set/self/urn:xmpp:push:0:enable", { origin = session, stanza = stanza:reset() });
		return replies[#replies].attr.type;
	end
	function message(attr)
		attr.to, attr.from, attr.type = "juliet@localhost", attr.from or "romeo@localhost/orchard", attr.type or "chat";
		fire("message/offline/handle", { username = "juliet", origin = session, stanza = st.message(attr, "Hello") });
		return #sent;
	end
`;

function load(path: string, name = "cloud_notify"): LuaEnvironment {
	const lua = bootEnvironment();
	lua.run(PREPARE);
	lua.run("boot.load(...)", name, path);
	return lua;
}

describe("in the Lua environment, unmodified", () => {
	itWithOriginals("cloud_notify", "pushes an offline message", ({ path }) => {
		const { run, machine } = load(path);
		expect(run("return enable()")).toBe("result");
		expect(machine.disk.read("localhost", "cloud_notify", "juliet")).toContain('["push.localhost<n1"] = {');
		expect(run("return message {}")).toBe(1);
		expect(run("return sent[1].attr.to..' '..sent[1].attr.from..' '..sent[1].attr.type"))
			.toBe("push.localhost localhost set");
		expect(run(`return sent[1]:find("{http://jabber.org/protocol/pubsub}pubsub/publish/item"
			.."/{urn:xmpp:push:0}notification/{jabber:x:data}x").attr.type`)).toBe("form");
		run('fire("iq-result/host/"..sent[1].attr.id, { origin = {}, stanza = st.iq {'
			+ ' type = "result", id = sent[1].attr.id, from = "push.localhost" } })');
		run('boot.reload("cloud_notify")');
		expect(run("return message {}")).toBe(2);
		run('boot.unload("cloud_notify")');
		expect(run("return message {}")).toBe(2);
	});

	itWithOriginals("cloud_notify_extensions", "loads all that it depends on", ({ path }) => {
		const { run } = load(path, "cloud_notify_extensions");
		expect(run(`local names = {};
			for name in pairs(hosts.localhost.modules) do table.insert(names, name); end
			table.sort(names);
			return table.concat(names, " ")`)).toBe([
			"cloud_notify", "cloud_notify_encrypted", "cloud_notify_extensions", "cloud_notify_filters",
			"cloud_notify_priority_tag",
		].join(" "));
	});

	itWithOriginals("cloud_notify_extensions", "encrypts, tags and filters", ({ path }) => {
		const { run } = load(path, "cloud_notify_extensions");
		expect(run(`local key = require "util.encodings".base64.encode(("k"):rep(16));
			return enable(st.stanza("encrypt", { xmlns = "tigase:push:encrypt:0", alg = "aes-128-gcm" }):text(key))`))
			.toBe("result");
		expect(run("return message {}")).toBe(1);
		expect(run(`local base64 = require "util.encodings".base64;
			local encrypted = sent[1]:find("{http://jabber.org/protocol/pubsub}pubsub/publish/item"
				.."/{urn:xmpp:push:0}notification/{tigase:push:encrypt:0}encrypted");
			return require "util.json".decode(require "util.crypto".aes_128_gcm_decrypt(
				("k"):rep(16), base64.decode(encrypted.attr.iv), base64.decode(encrypted:get_text()))).message`))
			.toBe("Hello");
		expect(run(`local x = st.stanza("ignore-unknown", { xmlns = "tigase:push:filter:ignore-unknown:0" });
			enable(x);
			return message {}`)).toBe(1);
		expect(run('user.roster["romeo@localhost"] = { subscription = "both", groups = {} }; return message {}'))
			.toBe(2);
	});
});
