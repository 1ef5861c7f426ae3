local server = require "boot";

local events = server.prosody.hosts.localhost.events;
local global_events = server.prosody.events;

describe("core.moduleapi.events", function ()
	local module;
	before_each(function ()
		server.load("example", function (given) module = given; end);
	end);
	after_each(function ()
		pcall(server.unload, "example");
	end);

	it("hooks events of the host, by priority", function ()
		module:hook("test", function () return "later"; end, -1);
		module:hook("test", function (data) return data; end, 1);
		assert.equal("data", events.fire_event("test", "data"));
		assert.equal("later", events.fire_event("test"));
		assert.is_nil(global_events.fire_event("test", "data"));
	end);

	it("hooks events of the server", function ()
		module:hook_global("test", function () return "global"; end);
		assert.equal("global", global_events.fire_event("test"));
		assert.is_nil(events.fire_event("test"));
	end);

	it("hooks events of any object that has them", function ()
		local own = require "util.events".new();
		module:hook_object_event(own, "test", function () return "own"; end);
		assert.equal("own", own.fire_event("test"));
		server.unload("example");
		assert.is_nil(own.fire_event("test"));
	end);

	it("unhooks", function ()
		local function handler() return true; end
		module:hook("test", handler);
		module:unhook("test", handler);
		assert.is_nil(events.fire_event("test"));
		assert.has_no_error(function () module:unhook("test", handler); end);
	end);

	it("fires events of the host", function ()
		module:hook("test", function (data) return data.."!"; end);
		assert.equal("hi!", module:fire_event("test", "hi"));
		assert.is_nil(module:fire_event("nobody-listens"));
	end);

	describe("hook_tag", function ()
		local origin, stanza = {}, require "util.stanza".stanza("enable", { xmlns = "urn:x" });

		it("gives the handler origin and stanza", function ()
			local seen;
			module:hook_tag("urn:x", "enable", function (...) seen = { ... }; return true; end);
			assert.is_true(events.fire_event("stanza/urn:x:enable", { origin = origin, stanza = stanza }));
			assert.equal(origin, seen[1]);
			assert.equal(stanza, seen[2]);
		end);

		it("does without a namespace", function ()
			module:hook_tag("message", function () return "message"; end);
			assert.equal("message", events.fire_event("stanza/message", { origin = origin, stanza = stanza }));
		end);

		it("has an older name", function ()
			assert.equal(module.hook_tag, module.hook_stanza);
		end);

		it("hooks nothing without a handler", function ()
			assert.has_no_error(function () module:hook_tag("urn:x", "enable"); end);
			assert.is_nil(events.get_handlers("stanza/urn:x:enable"));
		end);
	end);

	describe("wrappers", function ()
		it("run around the handlers of an event", function ()
			module:hook("test", function (data) return data.." handled"; end);
			module:wrap_event("test", function (handlers, name, data) return name..": "..handlers(name, data); end);
			assert.equal("test: x handled", events.fire_event("test", "x"));
		end);

		it("run around global handlers too", function ()
			module:wrap_global("test", function () return "wrapped"; end);
			assert.equal("wrapped", global_events.fire_event("test"));
		end);

		it("need an object that takes them", function ()
			assert.has_error(function () module:wrap_object_event({}, "test", function () end); end, "no wrappers");
		end);
	end);
end);
