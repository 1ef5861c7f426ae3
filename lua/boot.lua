--- Starts the environment: one server instance with the host "localhost". The result is what the bridge works with.

local machine = require "bridge.machine";

local folder = dofile(debug.getinfo(1, "S").source:match("^@(.*)boot%.lua$").."search.lua");

prosody = {
	version = "0.12.3";
	platform = "posix";
	process_type = "prosody";
	start_time = os.time();
	hosts = {};
	full_sessions = {};
	bare_sessions = {};
	events = require "util.events".new();
	paths = { source = folder, config = "", data = "", plugins = "" };
};

-- Modules of old still use these names.
hosts = prosody.hosts;
full_sessions = prosody.full_sessions;
bare_sessions = prosody.bare_sessions;

local logger = require "util.logger";
logger.add_simple_sink(function (source, level, message)
	machine.log { at = machine.clock.now(), source = source, level = level, message = message };
end, machine.log_levels);
prosody.log = logger.init("general");
log = prosody.log;

local config = require "core.configmanager";
local hostmanager = require "core.hostmanager";
local modulemanager = require "core.modulemanager";
local pluginloader = require "util.pluginloader";
local timer = require "util.timer";

-- Nil on a machine without such modules.
pluginloader.set_finder(machine.find_module);

local host = "localhost";

-- Options are Lua literals as text, so that any type of value can be given.
local function evaluate_option(name, literal)
	local chunk, err = load("return "..literal, "=option "..name, "t", {});
	if not chunk then error(("The option '%s' is no Lua literal: %s"):format(name, err), 0); end
	local ok, value = pcall(chunk);
	if not ok then error(("The option '%s' is no Lua literal: %s"):format(name, value), 0); end
	return value;
end

for name, literal in pairs(machine.options) do
	config.set(host, name, evaluate_option(name, literal));
end

local function create_host(name, host_type)
	if host_type ~= "local" and host_type ~= "component" then
		error(("The host %s is neither local nor a component but %s"):format(name, tostring(host_type)), 0);
	end
	local host_config = { component_module = host_type == "component" and "component" or nil };
	local ok, err = hostmanager.activate(name, host_config);
	if not ok then error(err, 0); end
end

local function check(ok, action, name, err)
	if not ok then error(("mod_%s could not be %s on %s: %s"):format(name, action, host, tostring(err)), 0); end
end

-- Names of the modules that were not just loaded because another one depends on them.
local asked_for = {};

-- However it came to be unloaded: also together with what it depends on.
local function forget(event)
	asked_for[event.module] = nil;
end

--- The loader is a function(module, prosody, require), or the path of a module file. As in Prosody's `modules_enabled`, a
-- module may be named that one before it has loaded, from the same place, because it depends on it.
local function load_module(name, loader)
	local is_loaded = modulemanager.is_loaded(host, name);
	if is_loaded and not asked_for[name] and pluginloader.source_of(name) == loader then
		asked_for[name] = true;
		return;
	end
	-- One that is there stays what it is.
	if not is_loaded then pluginloader.register(name, loader); end
	local module, err = modulemanager.load(host, name);
	check(module, "loaded", name, err);
	asked_for[name] = true;
end

local function unload_module(name)
	local ok, err = modulemanager.unload(host, name);
	check(ok, "unloaded", name, err);
end

local function reload_module(name)
	local module, err = modulemanager.reload(host, name);
	check(module, "reloaded", name, err);
end

create_host(host, "local");
hosts[host].events.add_handler("module-unloaded", forget);

return {
	prosody = prosody;
	require = require;
	create_host = create_host;
	load = load_module;
	unload = unload_module;
	reload = reload_module;
	stop = timer.stop_all;
};
