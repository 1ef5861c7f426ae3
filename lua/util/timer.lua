--- Timers on the machine's clock, with the behaviour of Prosody's util.timer over net.server_epoll.

local clock = require "bridge.machine".clock;
local log = require "util.logger".init("timer");

-- A task is the id that callers hold; it is pending while it has a function that cancels it.
local pending = {};

local run;

local function schedule(task, delay)
	pending[task] = clock.schedule(delay, function () run(task); end);
end

local function cancel(task)
	local cancel_pending = pending[task];
	if not cancel_pending then return false; end
	pending[task] = nil;
	cancel_pending();
	return true;
end

function run(task)
	pending[task] = nil;
	local ok, result = xpcall(task.callback, debug.traceback, clock.now(), task, task.param);
	if not ok then
		log("error", "Error in timer: %s", result);
	elseif type(result) == "number" and not task.stopped then
		schedule(task, result);
	end
end

--- Calls callback(now, id, param) after so many seconds, and again after as many as it returns.
local function add_task(delay, callback, param)
	local task = { callback = callback, param = param };
	schedule(task, delay);
	return task;
end

--- Whether there was something to stop. A callback that stops its own timer is not called again.
local function stop(task)
	task.stopped = true;
	-- Whoever keeps the id does not keep what the callback was to work on.
	task.callback, task.param = nil, nil;
	return cancel(task);
end

--- Only a timer that waits can be rescheduled.
local function reschedule(task, delay)
	if cancel(task) then schedule(task, delay); end
	return task;
end

--- Not in Prosody: lets go of all timers when the server is gone.
local function stop_all()
	for task in pairs(pending) do
		task.stopped = true;
		pending[task]();
	end
	pending = {};
end

return {
	add_task = add_task;
	stop = stop;
	reschedule = reschedule;
	stop_all = stop_all;
};
