local prosody = require "boot".prosody;
local hostmanager = require "core.hostmanager";

describe("core.hostmanager", function ()
	local fired;
	local names = { "host-activated", "host-deactivating", "host-deactivated" };
	local listeners = {};
	before_each(function ()
		fired = {};
		for _, name in ipairs(names) do
			listeners[name] = function (event)
				table.insert(fired, name.." "..(type(event) == "table" and event.host or event));
			end;
			prosody.events.add_handler(name, listeners[name]);
		end
	end);
	after_each(function ()
		prosody.events.remove_handlers(listeners);
		hostmanager.deactivate("new.example");
	end);

	it("makes a host, and says so", function ()
		hostmanager.activate("new.example", {});
		local host = prosody.hosts["new.example"];
		assert.equal("new.example", host.host);
		assert.equal("local", host.type);
		assert.same({}, host.sessions);
		assert.same({}, host.s2sout);
		assert.is_table(host.modules);
		assert.is_function(host.events.fire_event);
		assert.equal('VirtualHost "new.example"', tostring(host));
		assert.same({ "host-activated new.example" }, fired);
	end);

	it("makes a host that is configured", function ()
		require "core.configmanager".set("new.example", "component_module", "component");
		assert.is_true(hostmanager.activate("new.example"));
		assert.equal("component", prosody.hosts["new.example"].type);
		require "core.configmanager".set("new.example", "component_module", nil);
	end);

	it("makes an origin of stanzas, which is asked to close in vain", function ()
		hostmanager.activate("new.example", {});
		assert.is_function(prosody.hosts["new.example"].send);
		prosody.hosts["new.example"]:close("enough");
		assert.truthy(prosody.hosts["new.example"]);
	end);

	it("makes components, which have no sessions", function ()
		hostmanager.activate("new.example", { component_module = "component" });
		assert.equal("component", prosody.hosts["new.example"].type);
		assert.is_nil(prosody.hosts["new.example"].sessions);
	end);

	it("keeps the events of hosts apart", function ()
		hostmanager.activate("new.example", {});
		prosody.hosts["new.example"].events.add_handler("test", function () return "own"; end);
		assert.equal("own", prosody.hosts["new.example"].events.fire_event("test"));
		assert.is_nil(prosody.hosts.localhost.events.fire_event("test"));
	end);

	it("makes no host twice", function ()
		local ok, err = hostmanager.activate("localhost", {});
		assert.is_nil(ok);
		assert.equal("The host localhost is already activated", err);
		assert.same({}, fired);
	end);

	it("makes no host that nobody configured #ours", function ()
		local ok, err = hostmanager.activate("unheard-of.example");
		assert.is_nil(ok);
		assert.equal("Couldn't find the host unheard-of.example defined in the current config", err);
		assert.same({}, fired);
	end);

	it("takes a host away, with its sessions and modules", function ()
		hostmanager.activate("new.example", {});
		local reason;
		prosody.hosts["new.example"].sessions.juliet = { sessions = {
			balcony = { close = function (_, given) reason = given; end };
		} };
		fired = {};
		assert.is_true(hostmanager.deactivate("new.example", "closing down"));
		assert.is_nil(prosody.hosts["new.example"]);
		assert.same({ condition = "host-gone", text = "closing down" }, reason);
		assert.same({ "host-deactivating new.example", "host-deactivated new.example" }, fired);
	end);

	it("takes away no host that is not there", function ()
		local ok, err = hostmanager.deactivate("unheard-of.example");
		assert.is_nil(ok);
		assert.equal("The host unheard-of.example is not activated", err);
		assert.same({}, fired);
	end);
end);
