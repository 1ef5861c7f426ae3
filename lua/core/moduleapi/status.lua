--- How a module fares, for those who operate the server.

local format = require "util.format".format;
local time_now = require "util.time".now;

local api = {};

local priorities = { error = 3, warn = 2, info = 1, core = 0 };

--- An error stays until another, unless overridden; with override = false only a lesser status gives way.
function api:set_status(status_type, message, override)
	if not priorities[status_type] then
		self:log("error", "set_status: Invalid status type '%s', assuming 'info'", status_type);
		status_type = "info";
	end
	local priority, current = priorities[status_type], priorities[self.status_type] or 0;
	local stays = current == priorities.error and priority < current and override ~= true
		or override == false and current > priority;
	if stays then
		self:log("debug", "moduleapi: ignoring status [prio %d override %s]: %s", priority, override, message);
		return;
	end
	self.status_type, self.status_message, self.status_time = status_type, message, time_now();
	self:fire_event("module-status/updated", { name = self.name });
end

function api:log_status(level, message, ...)
	self:set_status(level, format(message, ...));
	return self:log(level, message, ...);
end

--- Type, message, and the time that it was set.
function api:get_status()
	return self.status_type, self.status_message, self.status_time;
end

return api;
