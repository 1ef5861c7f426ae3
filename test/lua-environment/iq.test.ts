import { beforeEach, describe, expect, it } from "vitest";
import { bootEnvironment, type LuaEnvironment } from "./environment";

const PREPARE = `
	st = require "util.stanza";
	sent, outcome = {}, nil;
	prosody.core_post_stanza = function (origin, stanza) table.insert(sent, { origin = origin, stanza = stanza }); end;
	boot.load("asking", function (module) api = module; end);
	events = hosts.localhost.events;

	function ask(attr, origin, timeout)
		attr.type, attr.id, attr.to = "get", attr.id or "q1", attr.to or "push.localhost";
		outcome = nil;
		api:send_iq(st.iq(attr):tag("query", { xmlns = "test" }):reset(), origin, timeout):next(function (response)
			outcome = "result "..response.stanza.attr.id;
		end, function (err)
			outcome = "error "..err.type.." "..err.condition.." "..(err.text or "");
		end);
	end
	function answer(name, attr, payload)
		local response = st.stanza("iq", attr);
		if payload then response:add_child(payload); end
		return events.fire_event(name, { origin = {}, stanza = response });
	end
	function waiting()
		local count = 0;
		for _ in api.event_handlers:iter(nil, nil, nil) do count = count + 1; end
		return count;
	end
`;

describe("module:send_iq", () => {
	let lua: LuaEnvironment;
	beforeEach(() => {
		lua = bootEnvironment();
		lua.run(PREPARE);
	});

	it("is resolved by the result, and leaves nothing behind", () => {
		expect(lua.run('ask { from = "localhost" }; return #sent')).toBe(1);
		expect(lua.run("return waiting()")).toBe(2);
		expect(lua.run('return answer("iq-result/host/q1", { type = "result", id = "q1", from = "push.localhost" })'))
			.toBe(true);
		expect(lua.run("return outcome")).toBe("result q1");
		expect(lua.run("return waiting()")).toBe(0);
		expect(lua.machine.clock.next_due()).toBe(Infinity);
		expect(lua.run("return api._iq_cache:count()")).toBe(0);
	});

	it("is rejected by an error", () => {
		expect(lua.run(`ask { from = "localhost" };
			local err = st.stanza("error", { type = "cancel" })
				:tag("item-not-found", { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }):up()
				:text_tag("text", "No such node", { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" });
			return answer("iq-error/host/q1", { type = "error", id = "q1", from = "push.localhost" }, err);`))
			.toBe(true);
		expect(lua.run("return outcome")).toBe("error cancel item-not-found No such node");
		expect(lua.run("return waiting()")).toBe(0);
	});

	it("takes no answer from anybody else", () => {
		expect(lua.run(`ask { from = "localhost" };
			return answer("iq-result/host/q1", { type = "result", id = "q1", from = "evil.example" })`))
			.toBe(undefined);
		expect(lua.run("return outcome")).toBe(undefined);
		expect(lua.run("return waiting()")).toBe(2);
	});

	it("gives up after 120 seconds, or after as many as it was told", () => {
		lua.run('ask { from = "localhost" }');
		lua.machine.clock.advance(119);
		expect(lua.run("return outcome")).toBe(undefined);
		lua.machine.clock.advance(1);
		expect(lua.run("return outcome")).toBe("error wait remote-server-timeout IQ stanza timed out");
		expect(lua.run("return waiting()")).toBe(0);
		lua.run('ask({ from = "localhost" }, nil, 5)');
		lua.machine.clock.advance(5);
		expect(lua.run("return outcome")).toMatch(/remote-server-timeout/);
	});

	it("refuses an id that is in use, and keeps waiting for the first", () => {
		lua.run('ask { from = "localhost" }; ask { from = "localhost" }');
		expect(lua.run("return outcome")).toBe("error modify conflict IQ stanza id attribute already used");
		expect(lua.run("return waiting()")).toBe(2);
		lua.run('answer("iq-result/host/q1", { type = "result", id = "q1", from = "push.localhost" })');
		expect(lua.run("return outcome")).toBe("result q1");
	});

	it("waits for none once the module is unloaded", () => {
		lua.run('ask { from = "localhost" }; boot.unload("asking")');
		expect(lua.run('return events.get_handlers("iq-result/host/q1") or events.get_handlers("iq-error/host/q1")'))
			.toBe(undefined);
		lua.machine.clock.advance(120);
		expect(lua.run("return outcome")).toBe(undefined);
	});

	it("waits for no more than 256 answers", () => {
		lua.run('for i = 1, 257 do ask { from = "localhost", id = "n"..i }; first = first or outcome; end');
		expect(lua.run("return waiting()")).toBe(512);
		expect(lua.run(`local lost = answer("iq-result/host/n1", { type = "result", id = "n1", from = "push.localhost" });
			local kept = answer("iq-result/host/n2", { type = "result", id = "n2", from = "push.localhost" });
			return tostring(lost)..tostring(kept);`)).toBe("niltrue");
	});

	it.each([
		["juliet@localhost", "iq-result/bare/q1"],
		["juliet@localhost/phone", "iq/full"],
	])("hears answers to %s on %s", (from, event) => {
		lua.run(`ask { from = "${from}" }; answer("${event}", { type = "result", id = "q1", from = "push.localhost" })`);
		expect(lua.run("return outcome")).toBe("result q1");
		expect(lua.run("return waiting()")).toBe(0);
	});

	it("takes what is answered on the origin, and hands it on", () => {
		expect(lua.run(`local got;
			ask({ from = "juliet@localhost/phone" }, { type = "c2s", send = function (reply) got = reply; return true; end });
			local origin = sent[1].origin;
			origin.send(st.reply(sent[1].stanza));
			return origin.type.." "..got.attr.type.." "..outcome`)).toBe("c2s result result q1");
		expect(lua.run("return waiting()")).toBe(0);
	});
});

describe("module:send and module:broadcast", () => {
	it("send from the host, unless there is an origin", () => {
		const { run } = bootEnvironment();
		run(PREPARE);
		expect(run(`api:send(st.message { to = "a@b" }); api:send(st.message { to = "a@b" }, "me");
			return sent[1].origin == hosts.localhost and sent[2].origin == "me"`)).toBe(true);
		expect(run(`api:broadcast({ "a@b", "c@d" }, st.message());
			local to = { sent[3].stanza.attr.to, sent[4].stanza.attr.to };
			table.sort(to);
			return table.concat(to, " ")`)).toBe("a@b c@d");
	});

	it("say that nobody is there to send", () => {
		expect(() => bootEnvironment().run(`boot.load("x", function (module)
			module:send(require "util.stanza".message());
		end)`)).toThrow("no server is there to send stanzas");
	});
});
