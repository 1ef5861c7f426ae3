--- Data as Lua source. The default format is that of the files of Prosody's internal storage.

local envload = require "util.envload".envload;
local hex_encode = require "util.hex".encode;

local error, getmetatable, ipairs, next, pairs = error, getmetatable, ipairs, next, pairs;
local pcall, rawget, type = pcall, rawget, type;
local s_byte, s_format, s_gsub, s_match, s_rep = string.byte, string.format, string.gsub, string.match, string.rep;
local t_concat, t_insert = table.concat, table.insert;

-- The largest integer that a float holds without gaps below it.
local largest_integer = 2^53;

local is_integer = math.type and function (number)
	return math.type(number) == "integer";
end or function (number)
	return number % 1 == 0 and number >= -largest_integer and number <= largest_integer;
end;

-- Settings that a preset stands for; what is given beside the preset goes before, save what is under `always`.
local presets = {
	oneline = { indentwith = "", itemstart = " ", itemlast = "", tend = " }" };
	compact = { indentwith = "", itemstart = "", itemlast = "", equals = "=", always = { unquoted = true } };
	pretty = { always = { fatal = false, freeze = true, unquoted = true } };
};

-- Raw pairs with the list part first and in order, which not every Lua's next does; its keys need not be written.
local function list_first(t)
	local length, position, key = 0, 0, nil;
	while rawget(t, length + 1) ~= nil do
		length = length + 1;
	end
	return function ()
		if position < length then
			position = position + 1;
			return position, rawget(t, position);
		end
		local value;
		repeat
			key, value = next(t, key);
		until type(key) ~= "number" or key % 1 ~= 0 or key < 1 or key > length;
		return key, value;
	end;
end

local defaults = {
	indentwith = "\t";
	itemstart = "\n";
	itemsep = ";";
	itemlast = ";\n";
	tstart = "{";
	tend = "}";
	kstart = "[";
	kend = "]";
	equals = " = ";
	maxdepth = 127;
	table_iterator = list_first;
};

local keywords = {};
for keyword in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
	until while]]):gmatch("%a+") do
	keywords[keyword] = true;
end
defaults.keywords = keywords;

local function fatal_error(value, why)
	error("Can't serialize "..type(value)..(why and ": "..why or ""));
end

local function error_as_data(value, why)
	return s_format("{__type=%q,__error=%q}", type(value), why or "fail");
end

presets.debug = {
	indentwith = "", itemstart = " ", itemlast = "", tend = " }";
	always = { freeze = true, fatal = false, fallback = error_as_data, unquoted = true };
};

-- The options, the preset and the defaults as one table.
local function resolve_options(given)
	if type(given) ~= "table" then
		given = { preset = given };
	end
	local preset = presets[given.preset] or {};
	local options = {};
	for _, source in ipairs({ defaults, preset, given, preset.always or {} }) do
		for name, value in pairs(source) do
			options[name] = value;
		end
	end
	if options.unquoted == true then
		options.unquoted = "^[%a_][%w_]*$";
	end
	options.fallback = options.fallback or (options.fatal == false and error_as_data) or fatal_error;
	return options;
end

local escapes = {
	["\a"] = "\\a", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\v"] = "\\v";
	["\\"] = "\\\\", ["\""] = "\\\"", ["'"] = "\\'";
};

local function escape(character)
	return escapes[character] or s_format("\\%03d", s_byte(character));
end

local function quote(text)
	return '"'..s_gsub(text, "[\0-\31\"'\\\127-\255]", escape)..'"';
end

local function number_to_source(number)
	if is_integer(number) then
		return s_format("%d", number);
	elseif number ~= number then
		return "(0/0)";
	elseif number == 1/0 then
		return "(1/0)";
	elseif number == -1/0 then
		return "(-1/0)";
	end
	return s_format("%.18g", number);
end

--- A function that makes source of a value, by a preset or by options.
-- Presets: `compact`, `oneline`, `pretty`, and `debug` which never fails.
-- Options: `preset`; `indentwith`, `itemstart`, `itemsep`, `itemlast`, `tstart`, `tend`, `kstart`, `kend`, `equals`:
-- what is written where; `unquoted`: whether, or by which pattern, keys are written as names; `keywords`: names that
-- are not; `hex`: prefix of hexadecimal strings, used where they are shorter; `fatal`: false for data in place of an
-- error; `fallback`: function (value, why) that returns source for what cannot be serialised; `freeze`: use `__freeze`
-- of metatables; `maxdepth`; `multiref`: allow a table in several places; `table_iterator`: in place of next.
local function new(given)
	local options = resolve_options(given);
	local fallback, unquoted = options.fallback, options.unquoted;
	local write;

	local function string_to_source(text)
		local quoted = quote(text);
		local hex = options.hex;
		if type(hex) == "string" and #quoted > #text * 2 + 2 + #hex then
			return hex..'"'..hex_encode(text)..'"';
		end
		return quoted;
	end

	local function write_key(tokens, key, depth)
		if unquoted and type(key) == "string" and not options.keywords[key] and s_match(key, unquoted) then
			t_insert(tokens, key);
		else
			t_insert(tokens, options.kstart);
			write(tokens, key, depth);
			t_insert(tokens, options.kend);
		end
		t_insert(tokens, options.equals);
	end

	local function write_items(tokens, t, depth)
		local indent = s_rep(options.indentwith, depth);
		local position, is_first = 1, true;
		for key, value in options.table_iterator(t) do
			if not is_first then
				t_insert(tokens, options.itemsep);
			end
			is_first = false;
			t_insert(tokens, options.itemstart);
			t_insert(tokens, indent);
			if key == position then
				position = position + 1;
			else
				write_key(tokens, key, depth + 1);
			end
			write(tokens, value, depth + 1);
		end
		if not is_first then
			t_insert(tokens, options.itemlast);
			t_insert(tokens, s_rep(options.indentwith, depth - 1));
		end
	end

	-- What stands for the table according to its metatable: source, or a table and its name.
	local function freeze(t)
		local metatable = options.freeze == true and getmetatable(t);
		if type(metatable) ~= "table" or type(metatable.__freeze) ~= "function" then
			return t, nil;
		end
		return metatable.__freeze(t), type(metatable.__name) == "string" and metatable.__name or nil;
	end

	-- tokens.seen has the tables that were written, or with multiref those around this one.
	local function write_table(tokens, t, depth)
		if tokens.seen[t] then
			t_insert(tokens, fallback(t, "table has multiple references"));
			return;
		elseif depth > options.maxdepth then
			t_insert(tokens, fallback(t, "max table depth reached"));
			return;
		end
		tokens.seen[t] = true;
		local frozen, name = freeze(t);
		if type(frozen) == "string" then
			t_insert(tokens, frozen);
		else
			t_insert(tokens, name or "");
			t_insert(tokens, options.tstart);
			write_items(tokens, frozen, depth);
			t_insert(tokens, options.tend);
		end
		if options.multiref then
			tokens.seen[t] = nil;
		end
	end

	function write(tokens, value, depth)
		local value_type = type(value);
		if value_type == "table" then
			write_table(tokens, value, depth);
		elseif value_type == "string" then
			t_insert(tokens, string_to_source(value));
		elseif value_type == "number" then
			t_insert(tokens, number_to_source(value));
		elseif value_type == "boolean" then
			t_insert(tokens, value and "true" or "false");
		elseif value_type == "nil" then
			t_insert(tokens, "nil");
		else
			t_insert(tokens, fallback(value));
		end
	end

	return function (value)
		local tokens = { seen = {} };
		write(tokens, value, 1);
		return t_concat(tokens);
	end;
end

local serialize_by_default = new();

--- The value as source. Throws on what cannot be serialised: functions, userdata, a table in several places.
-- @param options a preset or options, as for new
local function serialize(value, options)
	if options == nil then
		return serialize_by_default(value);
	end
	return new(options)(value);
end

--- The value of an expression; nil and a message if it is not valid. The expression sees no globals.
local function deserialize(source)
	if type(source) ~= "string" then
		return nil;
	end
	local chunk, err = envload("return "..source, "=serialized data", {});
	if not chunk then
		return nil, err;
	end
	local ok, result = pcall(chunk);
	if not ok then
		return nil, result;
	end
	return result;
end

return {
	new = new;
	serialize = serialize;
	deserialize = deserialize;
};
