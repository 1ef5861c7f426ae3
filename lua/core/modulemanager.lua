--- Loads, unloads and reloads modules, in the order and with the events of Prosody's core.modulemanager.

local api = require "core.moduleapi";
local config = require "core.configmanager";
local logger = require "util.logger";
local log = logger.init("modulemanager");
local new_multitable = require "util.multitable".new;
local pluginloader = require "util.pluginloader";

local hosts = prosody.hosts;
local traceback = debug.traceback;

-- Environments of loaded modules by host and name; a host's stand in hosts[host].modules too.
local modulemap = { ["*"] = {} };

prosody.events.add_handler("host-activated", function (host)
	modulemap[host] = hosts[host].modules;
end, 101);
prosody.events.add_handler("host-deactivated", function (host)
	modulemap[host] = nil;
end);

local function get_module(host, name)
	return modulemap[host] and modulemap[host][name];
end

local function get_modules(host)
	return modulemap[host];
end

local function is_loaded(host, name)
	return get_module(host, name) and true;
end

--- The items that all modules of the host have under this key.
local function get_items(key, host)
	local modules = modulemap[host];
	if not key or not modules then return nil; end
	local items = {};
	for _, mod in pairs(modules) do
		for _, item in ipairs(mod.module.items and mod.module.items[key] or {}) do
			table.insert(items, item);
		end
	end
	return items;
end

local function module_has_method(mod, method)
	return type(rawget(mod.module, method)) == "function";
end

--- Like pcall, with a traceback.
local function call_module_method(mod, method, ...)
	local f = rawget(mod.module, method);
	if type(f) ~= "function" then return false, "no-such-method"; end
	return xpcall(f, traceback, ...);
end

local function get_events(host)
	return (hosts[host] or prosody).events;
end

local function set_log(module, source)
	local module_log = logger.init(source);
	module._log = module_log;
	module.log = function (_, ...) return module_log(...); end
end

-- Takes back what a module has hooked and added.
local function release(module)
	for object, event, handler in module.event_handlers:iter(nil, nil, nil) do
		object.remove_handler(event, handler);
	end
	local events = get_events(module.host);
	for key, items in pairs(module.items or {}) do
		for i = #items, 1, -1 do
			local item = items[i];
			items[i] = nil;
			events.fire_event("item-removed/"..key, { source = module, item = item });
		end
	end
	module.loaded = false;
end

local function do_unload(host, name)
	local mod = get_module(host, name);
	if not mod then return nil, "module-not-loaded"; end
	if module_has_method(mod, "unload") then
		local ok, err = call_module_method(mod, "unload");
		if not ok then log("warn", "Non-fatal error unloading module '%s' on '%s': %s", name, host, err); end
	end
	release(mod.module);
	modulemap[host][name] = nil;
	return true;
end

-- A shared module serves a host by its add_host, with a module object of the host's own.
local function add_host(shared, host, name)
	local module = setmetatable({
		host = host; global = false; event_handlers = new_multitable(); items = {};
	}, { __index = shared.module });
	set_log(module, host..":"..name);
	local mod = setmetatable({ module = module }, { __index = shared });
	module.environment = mod;
	modulemap[host][name] = mod;
	local ok, result, err = call_module_method(shared, "add_host", module);
	if ok and result ~= false then return mod; end
	release(module);
	modulemap[host][name] = nil;
	return nil, ok and err or result;
end

local do_load;

-- A module that made itself global moves there; a shared one then comes back to the host that it was loaded on.
local function place(mod, host, name)
	local module = mod.module;
	if module.host ~= "*" then return mod; end
	if not module.global then module:set_global(); end
	modulemap[host][name] = nil;
	modulemap["*"][name] = mod;
	if host ~= "*" and module_has_method(mod, "add_host") then return do_load(host, name); end
	return mod;
end

local function initialize(mod, code)
	local ok, err = xpcall(code, traceback);
	if ok and module_has_method(mod, "load") then
		ok, err = call_module_method(mod, "load");
	end
	return ok, err;
end

local function new_module(host, name, state)
	local module = setmetatable({
		name = name;
		host = host;
		event_handlers = new_multitable();
		reloading = state ~= nil;
		saved_state = state ~= true and state or nil;
	}, { __index = api });
	set_log(module, host..":"..name);
	local mod = setmetatable({ module = module }, { __index = _G });
	module.environment = mod;
	return mod;
end

-- The state is what the module saved before, or true if it is reloaded without any.
function do_load(host, name, state)
	if not (host and name) then return nil, "insufficient-parameters"; end
	if not modulemap[host] then return nil, "unknown-host"; end
	if modulemap[host][name] then return nil, "module-already-loaded"; end
	local shared = modulemap["*"][name];
	if shared then
		if not module_has_method(shared, "add_host") then return nil, "global-module-already-loaded"; end
		return add_host(shared, host, name);
	end

	local mod = new_module(host, name, state);
	local module = mod.module;
	local code, path = pluginloader.load_code(name, mod);
	if not code then
		log("error", "Unable to load module '%s': %s", name, path);
		return nil, path;
	end
	module.path = path;

	modulemap[host][name] = mod;
	local ok, err = initialize(mod, code);
	if not ok then
		log("error", "Error initializing module '%s' on '%s': %s", name, module.host, err);
		release(module);
		modulemap[host][name] = nil;
		return nil, err;
	end
	module.reloading, module.saved_state = nil, nil;
	module:set_status("core", "Loaded", false);
	return place(mod, host, name);
end

-- What the module's save returns. False and a message if it fails, unless the host's option force_module_reload is set.
local function save_state(mod, host, name)
	if not module_has_method(mod, "save") then return true; end
	local ok, state = call_module_method(mod, "save");
	if ok then return true, state; end
	log("warn", "Error saving module '%s:%s' state: %s", host, name, state);
	if not config.get(host, "force_module_reload") then
		log("warn", "Aborting reload due to error, set force_module_reload to ignore this");
		return false, "save-state-failed";
	end
	log("warn", "Continuing with reload (using the force)");
	return true;
end

local function do_reload(host, name)
	local mod = get_module(host, name);
	if not mod then return nil, "module-not-loaded"; end

	-- The old one goes on if the new one does not even parse.
	local code, syntax_error = pluginloader.load_code(name, {});
	if not code then
		log("error", "Unable to load module '%s': %s", name, syntax_error);
		return nil, syntax_error;
	end

	local saved, state = save_state(mod, host, name);
	if not saved then return nil, state; end

	mod.module.reloading = true;
	do_unload(host, name);
	local new_mod, err = do_load(host, name, state or true);
	if not new_mod then return nil, err; end
	if module_has_method(new_mod, "restore") then
		local ok, restore_err = call_module_method(new_mod, "restore", state or {});
		if not ok then log("warn", "Error restoring module '%s' from '%s': %s", name, host, restore_err); end
	end
	return new_mod;
end

--- The module's environment; nil and what is wrong.
local function load(host, name)
	local mod, err = do_load(host, name);
	if mod then
		local loaded_host = mod.module.host;
		get_events(loaded_host).fire_event("module-loaded", { module = name, host = loaded_host });
	end
	return mod, err;
end

local function unload(host, name)
	local ok, err = do_unload(host, name);
	if ok then get_events(host).fire_event("module-unloaded", { module = name, host = host }); end
	return ok, err;
end

--- The environment of the new module; nil and what is wrong.
local function reload(host, name)
	local mod, err = do_reload(host, name);
	if mod then
		mod.module.reloading = true;
		get_events(host).fire_event("module-reloaded", { module = name, host = host });
		mod.module.reloading = nil;
	elseif not is_loaded(host, name) then
		get_events(host).fire_event("module-unloaded", { module = name, host = host });
	end
	return mod, err;
end

return {
	load = load;
	unload = unload;
	reload = reload;
	get_module = get_module;
	get_modules = get_modules;
	get_items = get_items;
	is_loaded = is_loaded;
	module_has_method = module_has_method;
	call_module_method = call_module_method;
	loader = pluginloader;
};
