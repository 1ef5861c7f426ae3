--- Timers of a module, which never call back once it is unloaded.

local timer = require "util.timer";

local api = {};

local timer_methods = {};
local timer_mt = { __index = timer_methods };

function timer_methods:stop()
	timer.stop(self.id);
end
timer_methods.disarm = timer_methods.stop;

function timer_methods:reschedule(delay)
	timer.reschedule(self.id, delay);
end

local function run(now, _, module_timer)
	if module_timer.module_env.loaded == false then return; end
	return module_timer.callback(now, table.unpack(module_timer, 1, module_timer.n));
end

--- Calls callback(now, …) after so many seconds, and again after as many as it returns.
function api:add_timer(delay, callback, ...)
	local module_timer = table.pack(...);
	module_timer.module_env = self;
	module_timer.callback = callback;
	module_timer.id = timer.add_task(delay, run, module_timer);
	return setmetatable(module_timer, timer_mt);
end

return api;
