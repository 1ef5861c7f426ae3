local server = require "boot";
local clock = require "bridge.machine".clock;
local errors = require "util.error";
local st = require "util.stanza";

local host = server.prosody.hosts.localhost;

describe("core.moduleapi.iq", function ()
	local module, sent, outcome;
	before_each(function ()
		sent, outcome = {}, nil;
		server.prosody.core_post_stanza = function (origin, stanza)
			table.insert(sent, { origin = origin, stanza = stanza });
		end;
		server.load("asking", function (given) module = given; end);
	end);
	after_each(function ()
		server.unload("asking");
		-- What still waited is timed, as in Prosody, until its timer finds that the module is gone.
		clock.advance(120);
	end);

	local function ask(attr, origin, timeout)
		attr = attr or {};
		local request = st.iq {
			type = "get", id = attr.id or "q1", to = attr.to or "push.localhost", from = attr.from or "localhost",
		}:tag("query", { xmlns = "urn:example" }):reset();
		module:send_iq(request, origin, timeout):next(function (response)
			outcome = "result "..response.stanza.attr.id;
		end, function (err)
			assert.is_true(errors.is_error(err));
			outcome = err.condition.." "..tostring(err.text);
		end);
	end

	-- What comes to this address, by default from the one that was asked.
	local function answer(event, attr, payload)
		local response = st.stanza("iq", {
			type = attr.type or "result", id = attr.id or "q1", from = attr.from or "push.localhost",
		});
		if payload then response:add_child(payload); end
		return host.events.fire_event(event, { origin = {}, stanza = response });
	end

	it("sends the request from the host", function ()
		ask();
		assert.equal(1, #sent);
		assert.equal("q1", sent[1].stanza.attr.id);
		assert.equal("urn:example", sent[1].stanza.tags[1].attr.xmlns);
		assert.is_nil(outcome);
	end);

	it("is resolved by the result", function ()
		ask();
		assert.is_true(answer("iq-result/host/q1", {}));
		assert.equal("result q1", outcome);
	end);

	it("is rejected by an error, with what it says", function ()
		ask();
		local xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas";
		local report = st.stanza("error", { type = "cancel" })
			:tag("item-not-found", { xmlns = xmlns }):up():text_tag("text", "No such node", { xmlns = xmlns });
		assert.is_true(answer("iq-error/host/q1", { type = "error" }, report));
		assert.equal("item-not-found No such node", outcome);
	end);

	it("is over with the first answer", function ()
		ask();
		answer("iq-result/host/q1", {});
		assert.is_nil(answer("iq-result/host/q1", {}));
		assert.is_nil(answer("iq-error/host/q1", { type = "error" }));
		assert.equal("result q1", outcome);
	end);

	describe("hears answers", function ()
		for from, event in pairs {
			["juliet@localhost"] = "iq-result/bare/q1";
			["juliet@localhost/phone"] = "iq/full";
			["localhost"] = "iq-result/host/q1";
		} do
			it("to "..from.." on "..event, function ()
				ask { from = from };
				assert.is_true(answer(event, {}));
				assert.equal("result q1", outcome);
			end);
		end
	end);

	it("takes no answer from anybody else", function ()
		ask();
		assert.is_nil(answer("iq-result/host/q1", { from = "evil.example" }));
		assert.is_nil(outcome);
		assert.is_true(answer("iq-result/host/q1", {}));
	end);

	it("gives up after 120 seconds", function ()
		ask();
		clock.advance(119);
		assert.is_nil(outcome);
		clock.advance(1);
		assert.equal("remote-server-timeout IQ stanza timed out", outcome);
		assert.is_nil(answer("iq-result/host/q1", {}));
	end);

	it("gives up after as many seconds as it is told", function ()
		ask({}, nil, 5);
		clock.advance(6);
		assert.equal("remote-server-timeout IQ stanza timed out", outcome);
	end);

	it("does not give up on what was answered", function ()
		ask();
		answer("iq-result/host/q1", {});
		outcome = nil;
		clock.advance(1000);
		assert.is_nil(outcome);
	end);

	it("refuses an id that waits for its answer", function ()
		ask();
		ask();
		assert.equal("conflict IQ stanza id attribute already used", outcome);
		assert.equal(1, #sent);
	end);

	it("goes on waiting for the first of one id #ours", function ()
		ask();
		ask();
		answer("iq-result/host/q1", {});
		assert.equal("result q1", outcome);
	end);

	it("takes an id again once it was answered", function ()
		ask();
		answer("iq-result/host/q1", {});
		outcome = nil;
		ask();
		answer("iq-result/host/q1", {});
		assert.equal("result q1", outcome);
	end);

	it("waits for no more than 256 answers", function ()
		for i = 1, 256 do ask { id = "n"..i }; end
		assert.is_nil(outcome);
		ask { id = "n257" };
		assert.equal("resource-constraint evicted from iq tracking cache", outcome);
		outcome = nil;
		assert.is_nil(answer("iq-result/host/n1", { id = "n1" }));
		assert.is_true(answer("iq-result/host/n2", { id = "n2" }));
		assert.equal("result n2", outcome);
	end);

	it("takes what is answered on the origin, and hands it on", function ()
		local got;
		ask({ from = "juliet@localhost/phone" }, { type = "c2s", send = function (reply) got = reply; return true; end });
		assert.equal("c2s", sent[1].origin.type);
		sent[1].origin.send(st.reply(sent[1].stanza));
		assert.equal("result q1", outcome);
		assert.equal("result", got.attr.type);
	end);

	it("takes nothing else that is sent to the origin for an answer", function ()
		local origin = { send = spy.new(function () end) };
		ask({ from = "juliet@localhost/phone" }, origin);
		sent[1].origin.send(st.message { id = "q1" });
		sent[1].origin.send(st.stanza("iq", { id = "other" }));
		assert.is_nil(outcome);
		assert.spy(origin.send).was_called(2);
	end);

	it("hears of answers before other handlers do", function ()
		local other = spy.new(function () end);
		host.events.add_handler("iq-result/host/q1", other);
		finally(function () host.events.remove_handler("iq-result/host/q1", other); end);
		ask();
		answer("iq-result/host/q1", {});
		assert.spy(other).was_not_called();
	end);

	local function count_hooks()
		local count = 0;
		for event in pairs(host.events._event_map) do
			if event:find("^iq%-") then count = count + 1; end
		end
		return count;
	end

	it("leaves nothing hooked behind #ours", function ()
		local before = count_hooks();
		ask();
		assert.equal(before + 2, count_hooks());
		answer("iq-result/host/q1", {});
		assert.equal(before, count_hooks());
		assert.equal(0, module._iq_cache:count());
	end);

	it("is rejected at once by what cannot be sent, and leaves nothing of it behind #ours", function ()
		local before = count_hooks();
		server.prosody.core_post_stanza = function () error(errors.new({ condition = "gone", text = "no way out" })); end;
		ask();
		assert.equal("gone no way out", outcome);
		assert.equal(before, count_hooks());
		assert.equal(0, module._iq_cache:count());
		assert.equal(math.huge, clock.next_due());
	end);

	it("keeps an answer, even if sending fails after it #ours", function ()
		server.prosody.core_post_stanza = function (origin, stanza)
			origin.send(st.reply(stanza));
			error("too late");
		end;
		ask({}, { send = function () end });
		assert.equal("result q1", outcome);
		assert.equal(0, module._iq_cache:count());
	end);

	it("waits for answers to a module of all hosts among the server's events #ours", function ()
		local events = server.prosody.events;
		local everywhere = setmetatable({ host = "*" }, { __index = module });
		local request = st.iq { type = "get", id = "q1", to = "push.localhost" };
		everywhere:send_iq(request):next(function () outcome = "result"; end);
		events.fire_event("iq-result/host/q1", { stanza = st.reply(request) });
		assert.equal("result", outcome);
	end);
end);
