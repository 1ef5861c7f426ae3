--- Other modules, libraries, files and tables that a module uses.

local files = require "bridge.files";
local paths = require "util.paths";
local pluginloader = require "util.pluginloader";

local api = {};

--- Runs a library that stands beside the module, name.lib.lua, in the module's environment.
function api:require(library)
	local code, err = pluginloader.load_code_ext(self.name, library, "lib.lua", self.environment);
	if not code then error("Failed to load plugin library '"..library.."', error: "..err); end
	return code();
end

-- A module is reloaded and unloaded after those that it depends on.
local function follow_dependencies(module)
	local modulemanager = require "core.modulemanager";
	module.dependencies = {};
	module:hook("module-reloaded", function (event)
		if module.dependencies[event.module] and not module.reloading then
			module:log("info", "Auto-reloading due to reload of %s:%s", event.host, event.module);
			modulemanager.reload(module.host, module.name);
		end
	end);
	module:hook("module-unloaded", function (event)
		if module.dependencies[event.module] then
			module:log("info", "Auto-unloading due to unload of %s:%s", event.host, event.module);
			modulemanager.unload(module.host, module.name);
		end
	end);
end

-- The loaded module that serves the module's host. A shared module serves it only once it was loaded there.
local function find_module(module, name)
	local modulemanager = require "core.modulemanager";
	local found = modulemanager.get_module(module.host, name) or modulemanager.get_module("*", name);
	local is_shared = found and found.module.host == "*" and module.host ~= "*"
		and modulemanager.module_has_method(found, "add_host");
	return not is_shared and found or nil;
end

--- The environment of another module, which is loaded first if need be. A soft dependency may be disabled: nil then.
function api:depends(name, soft)
	if self:get_option_inherited_set("modules_disabled", {}):contains(name) then
		if not soft then error("Dependency on disabled module mod_"..name); end
		self:log("debug", "Not loading disabled soft dependency mod_%s", name);
		return nil, "disabled";
	end
	if not self.dependencies then follow_dependencies(self); end
	local dependency = find_module(self, name);
	if not dependency then
		local err;
		dependency, err = require "core.modulemanager".load(self.host, name);
		if not dependency then
			error(("Unable to load required module, mod_%s: %s"):format(name, tostring(err or "unknown error")));
		end
	end
	self.dependencies[name] = true;
	return dependency;
end

-- Tables that modules share, by their full path "/host/module/name". They last as long as the server.
local shared_tables = {};

--- A relative path is completed: "name" by host and module, "module/name" by the host.
function api:shared(path)
	if path:sub(1, 1) ~= "/" then
		local components = { self.host, self.name };
		local _, given = path:gsub("/", "");
		local prefix = table.concat(components, "/", 1, math.max(#components - given, 0));
		path = (prefix == "" and "" or "/")..prefix.."/"..path;
	end
	shared_tables[path] = shared_tables[path] or {};
	return shared_tables[path];
end

function api:get_directory()
	return self.resource_path or self.path and self.path:gsub("/[^/]*$", "") or nil;
end

--- A file beside the module, for reading as a whole: file:read("*a"), file:close(); nil and what is wrong.
function api:load_resource(path)
	local text, err = files.read(paths.resolve_relative_path(self:get_directory(), path));
	if not text then return nil, err; end
	return { read = function () return text; end, close = function () return true; end };
end

--- Tasks of mod_cron.
function api:cron(task)
	self:depends("cron");
	self:add_item("task", task);
end

for _, period in ipairs { "hourly", "daily", "weekly" } do
	api[period] = function (self, name, run)
		if type(name) == "function" then name, run = nil, name; end
		self:cron { name = name, when = period, run = run };
	end
end

return api;
