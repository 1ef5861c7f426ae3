--- Where something was raised, and how to say it.

local assert = require "luassert";
local failure = require "busted.failure";

local trace = {};

local own = debug.getinfo(1, "S").source:match("^(@.*)trace%.lua$");
local guard = own.."guard.lua";
local most_frames = 50;

--- Whether a frame is of the runner's own files.
local function is_own(info)
	return info.source:sub(1, #own) == own;
end

local function is_native(info)
	return info.currentline < 0;
end

local function describe(info)
	local place = "[native]";
	if not is_native(info) then
		local file = info.source:match("^@(.*)") or info.short_src;
		place = ("%s:%d"):format(file, info.currentline);
	end
	local what = "function ?";
	if info.what == "main" then
		what = "main chunk";
	elseif info.name then
		what = ("%s '%s'"):format(info.namewhat, info.name);
	elseif not is_native(info) then
		what = ("function <line %d>"):format(info.linedefined);
	end
	return ("\t%s: in %s"):format(place, what);
end

--- The stack, from the innermost frame that is neither the runner's nor native, to where the runner called.
-- @return the `file` and `line` of the innermost frame that is in a file, the `place` of the innermost one as messages
--   begin, and the `traceback`
function trace.here()
	local found = { traceback = "" };
	local lines, count = {}, 0;
	local level = 1;
	local info = debug.getinfo(level, "nSl");
	while info and count < most_frames and (count == 0 or info.source ~= guard) do
		if count > 0 or not is_native(info) and not is_own(info) then
			count = count + 1;
			lines[count] = describe(info);
			if not is_native(info) then
				found.place = found.place or ("%s:%d: "):format(info.short_src, info.currentline);
				-- What is native below the last frame of Lua is how the runner calls.
				found.traceback = table.concat(lines, "\n");
				if not found.file and not is_own(info) and info.source:sub(1, 1) == "@" then
					found.file, found.line = info.source:sub(2), info.currentline;
				end
			end
		end
		level = level + 1;
		info = debug.getinfo(level, "nSl");
	end
	return found;
end

--- The message of what was raised, beginning with a place.
function trace.message(raised, found)
	raised = failure.subject(raised);
	local message;
	if raised == nil then
		message = "Nil error";
	elseif failure.has_text(raised) then
		message = tostring(raised);
	else
		message = assert:format({ raised, n = 1 })[1];
	end
	if message:match("^[^\n]-:%d+: ") then return message; end
	return (found.place or "")..message;
end

return trace;
