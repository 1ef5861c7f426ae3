--- The text of a table: its entries on lines of their own, those that lead to a difference marked.

local assert = require "luassert.assert";
local number_text = require "luassert.formatters.number";

local ranks = { number = 1; boolean = 2; string = 3; table = 4; ["function"] = 5; userdata = 6; thread = 7 };

local function text_of(value)
	return type(value) == "number" and number_text(value) or tostring(value);
end

--- All keys: those of the list first, then by type.
local function sorted_keys(entries)
	local keys, length = {}, #entries;
	for key in pairs(entries) do
		table.insert(keys, key);
	end
	local function rank(key)
		local in_list = math.type(key) == "integer" and key >= 1 and key <= length;
		return in_list and 0 or ranks[type(key)];
	end
	table.sort(keys, function (a, b)
		if rank(a) ~= rank(b) then return rank(a) < rank(b); end
		if type(a) == "string" or type(a) == "number" then return a < b; end
		return type(a) == "boolean" and a and not b;
	end);
	return keys;
end

--- A table as `tostring` gives it where it has no metatable.
local function identity(entries)
	local metatable = getmetatable(entries);
	if metatable == nil then return tostring(entries); end
	if not pcall(setmetatable, entries, metatable) then return "table"; end
	setmetatable(entries, nil);
	local text = tostring(entries);
	setmetatable(entries, metatable);
	return text;
end

return function (value, extra)
	local deepest = assert:get_parameter("TableFormatLevel");
	local shows_recursion = assert:get_parameter("TableFormatShowRecursion");
	local mark = assert:get_parameter("TableErrorHighlightCharacter") or "";
	local path = extra and extra.crumbs or {};
	local open = {};

	local function format(entries, level, on_path)
		if shows_recursion and open[entries] then return "{ ... recursive }"; end
		if next(entries) == nil then return "{ }"; end
		if level > deepest and deepest >= 0 then return "{ ... more }"; end
		local was_open = open[entries];
		open[entries] = true;
		local lines = {};
		for _, key in ipairs(sorted_keys(entries)) do
			local entry = entries[key];
			local is_marked = on_path and key == path[#path - level + 1];
			local text;
			if type(entry) == "table" then
				text = format(entry, level + 1, is_marked);
			elseif type(entry) == "string" then
				text = "'"..entry.."'";
			else
				text = text_of(entry);
			end
			local margin = is_marked and mark or "";
			margin = (" "):rep(level * 2 - #margin)..margin;
			table.insert(lines, ("\n%s[%s] = %s"):format(margin, text_of(key), text));
		end
		open[entries] = was_open;
		return "{"..table.concat(lines).." }";
	end

	return ("(%s) %s"):format(identity(value), format(value, 1, true));
end;
