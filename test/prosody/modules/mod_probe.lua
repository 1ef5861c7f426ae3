-- A module that leaves something behind wherever a module can, and can be asked for it.

local promise = require "util.promise";
local st = require "util.stanza";
local timer = require "util.timer";

local counted = module:shared("counted");
-- It is not left to the garbage collector whether the next scenario finds it.
package.loaded["probe.counted"] = counted;
local store = module:open_store("probe");

local function tell(what)
	module:send(st.message({ from = module.host, to = "watcher.localhost" }, what));
end

-- How often it was asked since the server, the module's shared table and its store began
module:hook("probe/count", function (event)
	counted.times = (counted.times or 0) + 1;
	local stored = (store:get(event.user) or {}).times or 0;
	store:set(event.user, { times = stored + 1 });
	tell(("counted %d stored %d"):format(counted.times, stored + 1));
	return true;
end);

module:hook("probe/later", function ()
	timer.add_task(0.2, function () tell("too late"); end);
	module:add_timer(0.2, function () tell("too late, too"); end);
end);

-- A long chain of promises, each of which goes on in another pass of the event loop
module:hook("probe/promises", function ()
	local chain = promise.resolve();
	for _ = 1, 50 do
		chain = chain:next(function () return promise.resolve(); end);
	end
	chain:next(function () tell("kept the promises"); end);
end);

-- What a session's end leads to some turns later: a handler that belongs to the host as long as there is one
module:hook("resource-unbind", function ()
	promise.resolve():next(function () return promise.resolve(); end):next(function ()
		module:hook("probe/unbound", function () end);
	end);
end);

-- Many small writes
module:hook("probe/many", function ()
	local n = 0;
	timer.add_task(0, function ()
		n = n + 1;
		tell(("number %d"):format(n));
		if n < 100 then return 0; end
	end);
end);

module:hook_global("probe/global", function () tell("heard"); end);

module:hook("probe/elsewhere", function ()
	prosody.events.add_handler("probe/forgotten", function () end);
end);

module:hook("probe/error", function ()
	error("nobody is to ask for this");
end);

module:hook("probe/loop", function ()
	while true do end
end);

-- The server is never at rest.
module:hook("probe/restless", function ()
	local function again() timer.add_task(0, again); end
	again();
end);
