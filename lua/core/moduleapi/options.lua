--- Options of a module's host, converted as Prosody converts them (what 0.12 has not, as 13.0 does). A value that is not
-- understood is logged and gives nil, not the default.

local array = require "util.array";
local config = require "core.configmanager";
local human_io = require "util.human.io";
local paths = require "util.paths";
local set = require "util.set";

local api = {};

-- The largest whole numbers that a float holds exactly.
local min_integer, max_integer = -2^53, 2^53;

function api:get_option(name, default_value)
	local value = config.get(self.host, name);
	if value == nil then return default_value; end
	return value;
end

--- Of a list the first item; of an empty one nil.
function api:get_option_scalar(name, default_value)
	local value = self:get_option(name, default_value);
	if type(value) ~= "table" then return value; end
	if #value > 1 then
		self:log("error", "Config option '%s' does not take a list, using just the first item", name);
	end
	return value[1];
end

function api:get_option_string(name, default_value)
	local value = self:get_option_scalar(name, default_value);
	if value == nil then return nil; end
	return tostring(value);
end

-- Brings a number into its bounds, of which either may be nil.
local function limit(module, name, value, min, max)
	if min and value < min then
		module:log("warn", "Config option '%s' out of bounds %g < %g", name, value, min);
		return min;
	end
	if max and value > max then
		module:log("warn", "Config option '%s' out of bounds %g > %g", name, value, max);
		return max;
	end
	return value;
end

--- The bounds are 13.0's; they do not hold for the default. Like 13.0's they fail on what is no number.
function api:get_option_number(name, default_value, min, max)
	local value = self:get_option_scalar(name, default_value);
	local number = tonumber(value);
	if value ~= nil and number == nil then
		self:log("error", "Config option '%s' not understood, expecting a number", name);
	end
	if number == default_value then return number; end
	return limit(self, name, number, min, max);
end

function api:get_option_integer(name, default_value, min, max)
	local value = self:get_option_number(name, default_value, min or min_integer, max or max_integer);
	if value == nil or value == default_value then return value; end
	if value ~= math.floor(value) then
		self:log("warn", "Config option '%s' expected an integer, not a float (%g)", name, value);
	end
	return math.floor(value);
end

local booleans = { [true] = true, ["true"] = true, [1] = true, [false] = false, ["false"] = false, [0] = false };

function api:get_option_boolean(name, default_value)
	local value = self:get_option_scalar(name, default_value);
	if value == nil then return nil; end
	local boolean = booleans[value];
	if boolean == nil then
		self:log("error", "Config option '%s' not understood, expecting true/false", name);
	end
	return boolean;
end

local function parse_period(module, name, value)
	local period = human_io.parse_duration(value);
	if period then return period; end
	period = human_io.parse_duration_lax(value);
	if period then
		local number = value:match("%d+");
		module:log("error",
			"Config option '%s' is set to ambiguous period '%s' - use full syntax e.g. '%s months' or '%s minutes'",
			name, value, number, number);
	else
		module:log("error", "Config option '%s' not understood, expecting a period (e.g. \"2 days\")", name);
	end
	return period;
end

-- Seconds of a number or text; nil if it is no period.
local function to_period(module, name, value)
	if type(value) == "string" then return parse_period(module, name, value); end
	if type(value) == "number" then return value; end
	module:log("error",
		"Config option '%s' expects a number or a period description string (e.g. \"3 hours\"), not %s",
		name, type(value));
	return nil;
end

local function parse_bound(bound)
	if type(bound) == "string" then return human_io.parse_duration(bound); end
	return bound;
end

--- Seconds, from a number or text such as "2 days"; "never", false and negative numbers are infinity.
function api:get_option_period(name, default_value, min, max)
	local value = self:get_option_scalar(name, default_value);
	if value == nil then return nil; end
	if value == "never" or value == false then return math.huge; end
	local period = to_period(self, name, value);
	if period == nil then return nil; end
	if period < 0 then
		self:log("debug", "Treating negative period as infinity");
		return math.huge;
	end
	return limit(self, name, period, parse_bound(min), parse_bound(max));
end

--- One of the given values, of which the first is the default. Any other value is logged, but given.
function api:get_option_enum(name, default_value, ...)
	local value = self:get_option_scalar(name, default_value);
	if value == nil then return nil; end
	local values = set.new { default_value, ... };
	if not values:contains(value) then
		self:log("error", "Config option '%s' not in set of allowed values (one of: %s)", name, values);
	end
	return value;
end

--- A new array; what is no list becomes its only item.
function api:get_option_array(name, default_value)
	local value = self:get_option(name, default_value);
	if value == nil then return nil; end
	if type(value) ~= "table" then return array { value }; end
	return array():append(value);
end

function api:get_option_set(name, default_value)
	local value = self:get_option_array(name, default_value);
	if value == nil then return nil; end
	return set.new(value);
end

--- The items that are set for the host, and those that are set globally.
function api:get_option_inherited_set(name, default_value)
	local value = self:get_option_set(name, default_value);
	local global_value = self:context("*"):get_option_set(name, default_value);
	if not value then return global_value; end
	if global_value then value:include(global_value); end
	return value;
end

--- A path; a relative one starts at the module's folder, at one of prosody.paths, or at the given one.
function api:get_option_path(name, default_value, parent)
	local value = self:get_option_string(name, default_value);
	if value == nil then return nil; end
	if parent == nil then
		parent = self:get_directory();
	else
		parent = prosody.paths[parent] or parent;
	end
	return paths.resolve_relative_path(parent, value);
end

return api;
