--- Runs functions of specs, and tells what they raise.

local events = require "busted.events";
local failure = require "busted.failure";
local trace = require "busted.trace";
local tree = require "busted.tree";

local guard = {};

--- Runs a function within an element. What it raises is published.
-- @param part what of the element this is: only a test itself ("it") can fail, anything else that fails is an error
-- @return the status: "success", "failure", "error" or "pending"
function guard.run(part, element, fn)
	tree.enter(element);
	local status, found, message;
	local ok, raised = xpcall(fn, function (raised)
		status = failure.status(raised);
		found = trace.here();
		message = trace.message(raised, found);
		return raised;
	end);
	if ok then
		status = "success";
	else
		if not message then
			-- There was no room left on the stack.
			status, found = "error", { traceback = "" };
			message = tostring(raised);
		end
		if status == "failure" and part ~= "it" then status = "error"; end
		events.publish({ status, element.kind }, element, element.parent, message, found);
	end
	tree.leave();
	return status;
end

--- Publishes an event. What a subscriber raises is an error of the element.
-- @return whether none did
function guard.publish(part, names, element, ...)
	local args = table.pack(...);
	return guard.run(part, element, function ()
		events.publish(names, element, table.unpack(args, 1, args.n));
	end) == "success";
end

return guard;
