--- Gives specs what they know from lua/: `require "boot"` and `require "bridge.machine"`, but over an installed
-- Prosody's own libraries. A helper of busted's; PROSODY_LIBRARIES and PROSODY_DATA are folders.

local libraries = assert(os.getenv "PROSODY_LIBRARIES", "PROSODY_LIBRARIES: the folder of Prosody's libraries");
local data = assert(os.getenv "PROSODY_DATA", "PROSODY_DATA: an empty folder for stores");

-- Where module files are looked for.
CFG_PLUGINDIR = libraries.."/modules";

-- 2023-11-14 22:13:20 UTC, as in our own tests.
local start = 1700000000;
local now = start;

local real_time = os.time;
os.time = function (date)
	return date and real_time(date) or math.floor(now);
end;

local function get_now()
	return now;
end
package.preload["util.time"] = function ()
	return { now = get_now, monotonic = get_now };
end;

-- Prosody's event loop waits for connections, or until the next timer is due; here there is no connection, and time
-- passes only when the spec says so.
local waits;
package.preload["util.poll"] = function ()
	local poll = {};
	function poll:add() return true; end
	function poll:set() return true; end
	function poll:del() return true; end
	function poll:getfd() return -1; end
	function poll:wait(seconds)
		waits = waits or seconds;
		return nil, "timeout";
	end
	return { new = function () return poll; end };
end;

local function advance(seconds)
	local server = require "net.server_epoll";
	local target = now + seconds;
	while true do
		waits = nil;
		server.loop(true);
		if now + waits > target then break; end
		now = now + waits;
	end
	now = target;
end

package.preload["net.server"] = function ()
	local server = require "net.server_epoll";
	server.set_config { min_wait = 0 };
	return server;
end;

package.preload["bridge.machine"] = function ()
	return { clock = { now = get_now, advance = advance }, options = {} };
end;

-- Modules that are no files: function(module, prosody, require), by name.
local sources = {};

-- Puts them before those that Prosody finds in its folders.
local function offer_sources(pluginloader)
	local init = pluginloader.init;
	function pluginloader.init(...)
		local loader = init(...);
		local load_code = loader.load_code;
		function loader:load_code(name, resource, environment)
			local source = sources[name];
			if not source or resource then return load_code(self, name, resource, environment); end
			return function () return source(environment.module, prosody, require); end, "mod_"..name..".lua";
		end
		return loader;
	end
end

package.preload["boot"] = function ()
	now, sources = start, {};
	prosody = {
		version = "0.12.3";
		platform = "posix";
		start_time = now;
		hosts = {};
		full_sessions = {};
		bare_sessions = {};
		events = require "util.events".new();
		paths = { source = libraries, config = "", data = data, plugins = CFG_PLUGINDIR };
		incoming_s2s = {};
	};
	-- Prosody's core takes this function when it is loaded, and a spec puts its own there later.
	local function post_stanza(...)
		assert(prosody.core_post_stanza ~= post_stanza, "no server is there to send stanzas");
		return prosody.core_post_stanza(...);
	end
	prosody.core_post_stanza = post_stanza;
	hosts, full_sessions, bare_sessions = prosody.hosts, prosody.full_sessions, prosody.bare_sessions;

	offer_sources(require "util.pluginloader");
	local config = require "core.configmanager";
	-- What a Prosody loads by itself is not looked at here.
	config.set("*", "modules_disabled", {
		"posix", "presence", "message", "iq", "offline", "c2s", "s2s", "s2s_auth_certs",
	});
	config.set("localhost", "defined", true);
	require "util.datamanager".set_data_path(data);
	require "core.storagemanager";
	local hostmanager = require "core.hostmanager";
	local modulemanager = require "core.modulemanager";
	assert(hostmanager.activate("localhost"));

	local function check(ok, action, name, err)
		if not ok then error(("mod_%s could not be %s on localhost: %s"):format(name, action, tostring(err)), 0); end
	end
	return {
		prosody = prosody;
		require = require;
		create_host = function (host, host_type)
			assert(hostmanager.activate(host, { component_module = host_type == "component" and "component" or nil }));
		end;
		load = function (name, source)
			sources[name] = source;
			local module, err = modulemanager.load("localhost", name);
			check(module, "loaded", name, err);
		end;
		unload = function (name)
			local ok, err = modulemanager.unload("localhost", name);
			check(ok, "unloaded", name, err);
		end;
		reload = function (name)
			local module, err = modulemanager.reload("localhost", name);
			check(module, "reloaded", name, err);
		end;
	};
end;
