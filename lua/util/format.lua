--- string.format for logs: takes any argument for any specifier, as many as there are, and lets none of them forge a
-- line of the log or send control characters to a terminal.

local pack = require "util.table".pack;
local serialization = require "util.serialization";
local valid_utf8 = require "util.encodings".utf8.valid;

local pcall, tostring, type = pcall, tostring, type;
local s_byte, s_char, s_format, s_gsub, s_match = string.byte, string.char, string.format, string.gsub, string.match;
local t_concat, t_insert, unpack = table.concat, table.insert, table.unpack;

-- What %q writes; of no use to read back, but it never fails.
local dump = serialization.new({
	preset = "compact";
	freeze = true;
	maxdepth = 5;
	fallback = function (value, why)
		return "_[["..(why or tostring(value)).."]] ";
	end;
});

-- Lua 5.4 has %p.
local has_pointers = pcall(s_format, "%p", {});

local is_integer = math.type and function (number)
	return math.type(number) == "integer";
end or function (number)
	return number % 1 == 0 and number >= -2^53 and number <= 2^53;
end;

local integer_options = { c = true, d = true, i = true, o = true, u = true, x = true, X = true };
local positive_options = { o = true, u = true, x = true, X = true };

-- U+2400 to U+241F and U+2421 show the control characters.
local function control_picture(character)
	local code = s_byte(character);
	return "\226\144"..s_char(0x80 + (code == 127 and 0x21 or code));
end

-- Further lines are indented, so that they do not look like new entries of the log.
local function clean(text)
	return (s_gsub(s_gsub(text, "[\0-\8\11-\31\127]", control_picture), "\n\t?", "\n\t"));
end

-- The specifier to use in place of the given one, and the argument for it.
local function convert(specifier, argument)
	if argument == nil then
		return "(%s)", "nil";
	end
	local option, argument_type = s_match(specifier, ".$"), type(argument);
	if option == "q" then
		return "%s", dump(argument);
	elseif option == "p" and has_pointers then
		if argument_type == "number" or argument_type == "boolean" then
			return "[%s]", tostring(argument);
		end
		return specifier, argument;
	elseif option ~= "s" and option ~= "p" and argument_type == "number" then
		if integer_options[option] and not is_integer(argument) or positive_options[option] and argument < 0 then
			return "[%s]", tostring(argument);
		end
		return specifier, argument;
	end
	local text = tostring(argument);
	if not valid_utf8(text) then
		return "%s", dump(text);
	end
	return option == "s" and specifier or "[%s]", clean(text);
end

--- Formats; arguments for which there is no specifier follow in brackets.
local function format(template, ...)
	local arguments, used = pack(...), 0;
	template = s_gsub(template, "%%[^cdiouxXaAeEfgGpqs%%]*[cdiouxXaAeEfgGpqs%%]", function (specifier)
		if specifier == "%%" then
			return nil;
		end
		used = used + 1;
		specifier, arguments[used] = convert(specifier, arguments[used]);
		return specifier;
	end);
	local parts = { template };
	for position = used + 1, arguments.n do
		local argument = arguments[position];
		arguments[position] = argument == nil and "(nil)" or clean(tostring(argument));
		t_insert(parts, " [%s]");
	end
	return s_format(t_concat(parts), unpack(arguments, 1, used > arguments.n and used or arguments.n));
end

return { format = format };
