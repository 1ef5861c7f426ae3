--- Text for people: durations, and tables of text (Prosody's util.human.io, without its dialogues on a terminal).

local array = require "util.array";

local second, hour, day = 1, 3600, 86400;
local units = {
	s = second;
	min = 60;
	h = hour;
	ho = hour;
	d = day;
	w = 7 * day;
	mon = 31 * day;
	y = 365.2425 * day;
};

-- What is ambiguous in the strict form.
local lax_units = { m = units.mon, mo = units.mon, mi = units.min };

--- Seconds of text such as "2 days"; nil if it is none.
local function parse_duration(text)
	local number, unit = text:lower():match("(%d+)%s*([smhdwy]?[io]?n?)");
	return number and units[unit] and tonumber(number) * units[unit];
end

--- Seconds also of "1 m" (a month) and of a bare number.
local function parse_duration_lax(text)
	local number, unit = text:lower():match("(%d+)%s*([smhdwy]?[io]?)");
	return number and tonumber(number) * (units[unit] or lax_units[unit] or second);
end

local character = "[%z\1-\127\194-\253][\128-\191]*";

-- How many characters of UTF-8 there are.
local function length(text)
	local _, count = text:gsub(character, "");
	return count;
end

local function padright(text, width)
	return text..(" "):rep(width - length(text));
end

local function padleft(text, width)
	return (" "):rep(width - length(text))..text;
end

--- The text itself if it is no longer than that many characters, else as much of it as fits with an ellipsis.
local function ellipsis(text, width)
	if length(text) <= width then return text; end
	if width <= 1 then return "…"; end
	return text:match("^"..character:rep(width - 1)).."…";
end

local function printf(template, ...)
	print(template:format(...));
end

--- How many columns a line has: what COLUMNS in the environment says, else the default.
local function term_width(default)
	return tonumber(os.getenv("COLUMNS")) or default;
end

local separator = " | ";

-- The share of a width such as "30%" or "2p"; nil for a number of characters.
local function get_share(column)
	local width = column.width;
	if type(width) ~= "string" then return nil; end
	local share = width:match("([%d%.]+)[p%%]$");
	return share and tonumber(share);
end

-- Columns of a fixed width, which their titles may widen, leave the rest to be shared by the others.
local function get_widths(columns, max_width)
	local widths, total_share = {}, 0;
	local rest = max_width - #separator * (#columns - 1);
	for position, column in ipairs(columns) do
		local share = get_share(column);
		if share then
			total_share = total_share + share;
		else
			widths[position] = math.max(tonumber(column.width or 0), column.title and #column.title + 1 or 0);
			rest = rest - widths[position];
		end
	end
	for position, column in ipairs(columns) do
		widths[position] = widths[position] or math.floor(rest * get_share(column) / total_share);
	end
	return widths;
end

local function to_cell(column, value, width)
	local text = value == nil and (column.default or "") or tostring(value);
	if length(text) > width then return (column.ellipsis or ellipsis)(text, width); end
	return (column.align == "right" and padleft or padright)(text, width);
end

local function get_value(column, position, row, width)
	local value = row[column.key or position];
	if column.mapper then return column.mapper(value, row, width, column); end
	return value;
end

--- A function that makes a line of each row it is given, and of the titles if it is given none; and how wide lines are.
-- @param columns each with a width (characters, or a share of the rest such as "30%"), and optionally title, key (else
-- its position), align = "right", default, mapper and ellipsis
local function new_table(columns, max_width)
	max_width = max_width or term_width(80);
	local widths = get_widths(columns, max_width);
	return function (row)
		local titles = not row and array.pluck(columns, "title", "");
		local cells = {};
		for position, column in ipairs(columns) do
			local width = widths[position];
			local value;
			if titles then value = titles[position]; else value = get_value(column, position, row, width); end
			cells[position] = to_cell(column, value, width);
		end
		return table.concat(cells, separator);
	end, max_width;
end

return {
	printf = printf;
	padleft = padleft;
	padright = padright;
	term_width = term_width;
	ellipsis = ellipsis;
	table = new_table;
	parse_duration = parse_duration;
	parse_duration_lax = parse_duration_lax;
};
