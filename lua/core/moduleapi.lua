--- The methods of the `module` object (Prosody 0.12's core.moduleapi, and 13.0's types of options), subject by subject.

local api = {};

for _, subject in ipairs {
	"events", "options", "items", "dependencies", "storage", "stanzas", "iq", "timers", "statistics", "status",
} do
	for name, method in pairs(require("core.moduleapi."..subject)) do
		api[name] = method;
	end
end

local logger = require "util.logger";
local hosts = prosody.hosts;

function api:get_name()
	return self.name;
end

function api:get_host()
	return self.host;
end

function api:get_host_type()
	return self.host == "*" and "global" or hosts[self.host].type or "local";
end

--- Makes the module one for all hosts.
function api:set_global()
	local log = logger.init("mod_"..self.name);
	self.host = "*";
	self.global = true;
	self._log = log;
	self.log = function (_, ...) return log(...); end
end

--- The module as it would be on another host, by default as a global one.
function api:context(host)
	return setmetatable({ host = host or "*", global = host == nil or host == "*" }, {
		__index = self;
		__newindex = self;
	});
end

return api;
