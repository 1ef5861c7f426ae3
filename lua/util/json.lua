--- JSON (RFC 8259). `null` stands for null, which Lua tables cannot hold as nil; arrays are util.array's.
-- A table that is no pure list or map is an object whose member `__array` has its list part and `__hash` its other
-- keys and values in turn.

local array = require "util.array";
local codepoint = require "util.codepoint";
local sorted_pairs = require "util.iterators".sorted_pairs;

local getmetatable, ipairs, next, pairs, print = getmetatable, ipairs, next, pairs, print;
local setmetatable, tonumber, tostring, type = setmetatable, tonumber, tostring, type;
local s_byte, s_find, s_format, s_gsub, s_match, s_sub =
	string.byte, string.find, string.format, string.gsub, string.match, string.sub;
local t_concat, t_insert = table.concat, table.insert;
local to_integer = math.tointeger;

local null = setmetatable({}, { __tostring = function () return "null"; end });
local array_mt = getmetatable(array());

-- Encoding.

local short_escapes = {
	["\""] = "\\\"", ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t";
};

local function escape(character)
	return short_escapes[character] or s_format("\\u%04X", s_byte(character));
end

local function encode_string(text)
	return "\""..s_gsub(text, "[\0-\31\"\\]", escape).."\"";
end

local function encode_number(number)
	if number ~= number or number == 1/0 or number == -1/0 then
		return "null";
	elseif to_integer and not to_integer(number) and number % 1 == 0 and number > -2^53 and number < 2^53 then
		-- A whole number that is a float because it does not fit this Lua's integers.
		return s_format("%.0f", number);
	end
	return tostring(number);
end

-- Pieces of text are gathered in `out`, which also says whether members are to be ordered.
local write;

local function write_list(out, list)
	t_insert(out, "[");
	for position, value in ipairs(list) do
		if position > 1 then
			t_insert(out, ",");
		end
		write(out, value);
	end
	t_insert(out, "]");
end

local encodable = { boolean = true, number = true, string = true, table = true };

-- The list part of a table, what is under names, and under other keys.
local function take_apart(t)
	local list, members, others = {}, {}, {};
	for position, value in ipairs(t) do
		list[position] = value;
	end
	for key, value in pairs(t) do
		if encodable[type(value)] then
			if type(key) == "string" and key ~= "__array" and key ~= "__hash" then
				members[key] = value;
			elseif encodable[type(key)] and list[key] == nil then
				t_insert(others, key);
				t_insert(others, value);
			end
		end
	end
	return list, members, others;
end

local function write_table(out, t)
	local list, members, others = take_apart(t);
	if next(members) == nil and next(others) == nil and next(list) ~= nil then
		return write_list(out, list);
	end
	local separator = "";
	local function write_name(name)
		t_insert(out, separator..encode_string(name)..":");
		separator = ",";
	end
	t_insert(out, "{");
	for name, value in (out.is_ordered and sorted_pairs or pairs)(members) do
		write_name(name);
		write(out, value);
	end
	if next(others) ~= nil then
		write_name("__hash");
		write_list(out, others);
	end
	if next(list) ~= nil then
		write_name("__array");
		write_list(out, list);
	end
	t_insert(out, "}");
end

function write(out, value)
	local value_type = type(value);
	if value_type == "string" then
		t_insert(out, encode_string(value));
	elseif value_type == "number" then
		t_insert(out, encode_number(value));
	elseif value_type == "boolean" then
		t_insert(out, value and "true" or "false");
	elseif value_type ~= "table" or value == null then
		t_insert(out, "null");
	elseif getmetatable(value) == array_mt then
		write_list(out, value);
	else
		write_table(out, value);
	end
end

--- The value as JSON. Functions and the like become null.
local function encode(value)
	local out = {};
	write(out, value);
	return t_concat(out);
end

--- The same with the members of objects in the order of their names.
local function encode_ordered(value)
	local out = { is_ordered = true };
	write(out, value);
	return t_concat(out);
end

--- The list part of a table as an array, empty or not.
local function encode_array(list)
	local out = {};
	write_list(out, list);
	return t_concat(out);
end

-- Decoding. Readers take the text and where to read; they return the value and where it ended, or nil and what is
-- wrong.

-- Deeper than any sensible document, and far from where the stack would end.
local max_depth = 10000;

local function fail(what, position)
	return nil, what.." at position "..position;
end

local function skip_space(text, position)
	return s_find(text, "[^ \t\r\n]", position) or #text + 1;
end

local escaped_characters = {
	["\""] = "\"", ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t";
};

-- The character that an escape at the position stands for, and where it ends.
local function read_escape(text, position)
	local character = escaped_characters[s_sub(text, position + 1, position + 1)];
	if character then
		return character, position + 2;
	end
	local code = tonumber(s_match(text, "^\\u(%x%x%x%x)", position) or "", 16);
	local next_position = position + 6;
	if code and code >= 0xD800 and code < 0xDC00 then
		local low = tonumber(s_match(text, "^\\u([dD][c-fC-F]%x%x)", next_position) or "", 16);
		code = low and (code - 0xD800) * 0x400 + low - 0xDC00 + 0x10000;
		next_position = next_position + 6;
	elseif code and code >= 0xDC00 and code < 0xE000 then
		code = nil;
	end
	if not code then
		return fail("invalid escape", position);
	end
	return codepoint.encode(code), next_position;
end

local function read_string(text, position)
	local parts = {};
	position = position + 1;
	while true do
		local stop = s_find(text, "[\0-\31\"\\]", position);
		if not stop then
			return fail("string eof", #text + 1);
		end
		t_insert(parts, s_sub(text, position, stop - 1));
		local character = s_sub(text, stop, stop);
		if character == "\"" then
			return t_concat(parts), stop + 1;
		elseif character ~= "\\" then
			return fail("control character in string", stop);
		end
		local escaped, next_position = read_escape(text, stop);
		if not escaped then
			return nil, next_position;
		end
		t_insert(parts, escaped);
		position = next_position;
	end
end

local function read_number(text, position)
	local digits, last = s_match(text, "^-?(%d+)()", position);
	if not digits or s_find(digits, "^0%d") then
		return fail("value expected", position);
	end
	last = s_match(text, "^%.%d+()", last) or last;
	last = s_match(text, "^[eE][+-]?%d+()", last) or last;
	return tonumber(s_sub(text, position, last - 1)), last;
end

local read_value;

local function read_array(text, position, depth)
	local list = array();
	position = skip_space(text, position + 1);
	if s_sub(text, position, position) == "]" then
		return list, position + 1;
	end
	while true do
		local value;
		value, position = read_value(text, position, depth);
		if value == nil then
			return nil, position;
		end
		t_insert(list, value);
		position = skip_space(text, position);
		local separator = s_sub(text, position, position);
		if separator == "]" then
			return list, position + 1;
		elseif separator ~= "," then
			return fail("array eof", position);
		end
		position = position + 1;
	end
end

-- Puts what take_apart took apart together.
local function put_together(object)
	local list, others = object.__array, object.__hash;
	if type(list) == "table" then
		object.__array = nil;
		for _, value in ipairs(list) do
			t_insert(object, value);
		end
	end
	if type(others) == "table" then
		object.__hash = nil;
		for position = 1, #others - 1, 2 do
			object[others[position]] = others[position + 1];
		end
	end
	return object;
end

local function read_object(text, position, depth)
	local object = {};
	position = skip_space(text, position + 1);
	if s_sub(text, position, position) == "}" then
		return object, position + 1;
	end
	while true do
		if s_sub(text, position, position) ~= "\"" then
			return fail("key expected", position);
		end
		local name, value;
		name, position = read_string(text, position);
		if not name then
			return nil, position;
		end
		position = skip_space(text, position);
		if s_sub(text, position, position) ~= ":" then
			return fail("colon expected", position);
		end
		value, position = read_value(text, position + 1, depth);
		if value == nil then
			return nil, position;
		end
		object[name] = value;
		position = skip_space(text, position);
		local separator = s_sub(text, position, position);
		if separator == "}" then
			return put_together(object), position + 1;
		elseif separator ~= "," then
			return fail("object eof", position);
		end
		position = skip_space(text, position + 1);
	end
end

local literals = { ["true"] = true, ["false"] = false, ["null"] = null };

function read_value(text, position, depth)
	position = skip_space(text, position);
	if depth > max_depth then
		return fail("too deeply nested", position);
	end
	local first = s_sub(text, position, position);
	if first == "{" then
		return read_object(text, position, depth + 1);
	elseif first == "[" then
		return read_array(text, position, depth + 1);
	elseif first == "\"" then
		return read_string(text, position);
	end
	local word = s_match(text, "^%l+", position);
	if word and literals[word] ~= nil then
		return literals[word], position + #word;
	end
	return read_number(text, position);
end

--- The value of a JSON text; nil and what is wrong where, if it is none.
local function decode(text)
	local value, position = read_value(text, 1, 0);
	if value == nil then
		return nil, position;
	end
	position = skip_space(text, position);
	if position <= #text then
		return fail("garbage at eof", position);
	end
	return value;
end

--- Prints what the value encodes to, and whether that survives decoding; returns the latter.
local function test(value)
	local encoded = encode(value);
	local recoded = encode(decode(encoded));
	if encoded == recoded then
		print(encoded);
	else
		print("FAILED", encoded, recoded);
	end
	return encoded == recoded;
end

return {
	null = null;
	encode = encode;
	encode_ordered = encode_ordered;
	encode_array = encode_array;
	decode = decode;
	test = test;
};
