--- What values look like in messages.

local arguments = require "luassert.arguments";
local assert = require "luassert.assert";
local formatted = require "luassert.formatted";
local match = require "luassert.match";
local number_text = require "luassert.formatters.number";
local table_text = require "luassert.formatters.table";

--- The texts of a list with `n`.
local function texts(list)
	local formats = {};
	for i = 1, list.n do
		formats[i] = formatted(list[i]);
	end
	return table.concat(formats, ", ");
end

local by_type = {
	["nil"] = function () return "(nil)"; end;
	boolean = function (value) return ("(boolean) %s"):format(value); end;
	number = function (value) return "(number) "..number_text(value); end;
	string = function (value) return "(string) '"..value.."'"; end;
	table = table_text;
	["function"] = function (value)
		local info = debug.getinfo(value, "S");
		return ("%s @ line %s in %s"):format(value, info.linedefined, info.source);
	end;
	userdata = function (value) return ("(userdata) '%s'"):format(value); end;
	thread = function (value) return ("(thread) '%s'"):format(value); end;
};

assert:add_formatter(function (value, extra)
	return by_type[type(value)](value, extra);
end);

assert:add_formatter(function (value)
	if not match.is_matcher(value) then return; end
	return ("(matcher) %s%s(%s)"):format(value.mod and "is." or "no.", value.name, texts(value.arguments));
end);

assert:add_formatter(function (value)
	if arguments.is_list(value) then return "(values list) ("..texts(value)..")"; end
end);

-- How deep tables are shown, -1 being all the way.
assert:set_parameter("TableFormatLevel", 3);
-- Whether what is shown already is shown again within itself.
assert:set_parameter("TableFormatShowRecursion", false);
-- Stands before keys that lead to where two tables differ.
assert:set_parameter("TableErrorHighlightCharacter", "*");
assert:set_parameter("TableErrorHighlightColor", "none");
