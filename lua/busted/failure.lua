--- What ends a test early on purpose: an expectation that is not met, or a test that says that it is pending. Anything
-- else that is raised is an error.

local failure = {};

local function message_of(raised)
	return tostring(raised.message);
end

local text_failure = { __tostring = message_of };
-- What was raised for a value has no text of its own.
local value_failure = {};
local pending = { __tostring = message_of };

local function has_text(value)
	return type(value) == "string" or (debug.getmetatable(value) or {}).__tostring ~= nil;
end

--- The place at a level of the stack, level 1 being the caller, as Lua's own messages begin: "file:line: ".
local function place(level)
	local info = debug.getinfo(level + 1, "Sl");
	if not info or info.currentline <= 0 then return ""; end
	return ("%s:%d: "):format(info.short_src, info.currentline);
end

--- Raises a failure.
-- @param message a text, to which the place is added, or any value
-- @param level the function to blame, 1 being the caller; 0 for none
function failure.raise(message, level)
	level = level or 1;
	if type(message) == "string" and level > 0 then
		message = place(level + 1)..message;
	end
	error(setmetatable({ message = message }, has_text(message) and text_failure or value_failure), 0);
end

--- Ends the test that runs, as pending. Without a text for its reason that is an error, as under busted.
function failure.pending(message)
	if not has_text(message) and type(message) ~= "number" then error("pending needs a reason", 2); end
	error(setmetatable({ message = message }, pending), 0);
end

--- The status of a test that raised this.
function failure.status(raised)
	local metatable = debug.getmetatable(raised);
	if metatable == text_failure or metatable == value_failure then return "failure"; end
	if metatable == pending then return "pending"; end
	return "error";
end

--- What is to be shown of what was raised: what a failure is about, or the very value.
function failure.subject(raised)
	if debug.getmetatable(raised) == value_failure then return raised.message; end
	return raised;
end

--- Whether a value has a text of its own.
failure.has_text = has_text;

return failure;
