--- Calls back when nothing reset it for so many seconds (Prosody 0.12's util.watchdog).

local add_task = require "util.timer".add_task;

local watchdog_methods = {};
local watchdog_mt = { __index = watchdog_methods };

-- The clock of resets has whole seconds, hence the second more at each check.
local slack = 1;

local function new(timeout, callback)
	local watchdog = setmetatable({
		timeout = timeout;
		callback = callback;
		last_reset = os.time();
	}, watchdog_mt);
	add_task(timeout + slack, function (now)
		local last_reset = watchdog.last_reset;
		if not last_reset then return; end
		local time_left = last_reset + timeout - now;
		if time_left < 0 then return watchdog:callback(); end
		return time_left + slack;
	end);
	return watchdog;
end

function watchdog_methods:reset()
	self.last_reset = os.time();
end

function watchdog_methods:cancel()
	self.last_reset = nil;
end

return { new = new };
