--- Data forms (XEP-0004) with datatypes (XEP-0122) and media (XEP-0221).
-- A layout is a list of fields with `title` and `instructions`. A field has `name`, `type`, and may have `var` (its
-- name on the wire), `label`, `desc`, `value`, `required`, `options`, `media`, `datatype`, `range_min`, `range_max`.

local datetime = require "util.datetime";
local jid_prep = require "util.jid".prep;
local st = require "util.stanza";

local error, getmetatable, ipairs, next, setmetatable = error, getmetatable, ipairs, next, setmetatable;
local tonumber, tostring, type = tonumber, tostring, type;
local t_concat, t_insert = table.concat, table.insert;

local xmlns_forms = "jabber:x:data";
local xmlns_media = "urn:xmpp:media-element";
local xmlns_validate = "http://jabber.org/protocol/xdata-validate";

local form_methods = {};
local form_mt = { __index = form_methods };

--- Makes the layout a form, or a copy of it where it has a metatable that it needs, as JavaScript's objects do.
local function new(layout)
	if getmetatable(layout) ~= nil then
		local original = layout;
		layout = { title = original.title, instructions = original.instructions };
		for _, field in ipairs(original) do
			t_insert(layout, field);
		end
	end
	return setmetatable(layout, form_mt);
end

-- Writing.

local function write_value(form, value)
	form:text_tag("value", value);
end

local function write_list(form, values)
	for _, value in ipairs(values) do
		write_value(form, value);
	end
end

local value_writers = {
	["boolean"] = function (form, value)
		write_value(form, value and "1" or "0");
	end;
	["fixed"] = write_value;
	["hidden"] = function (form, value)
		if type(value) == "table" then -- an element
			form:tag("value"):add_child(value):up();
		else
			write_value(form, value);
		end
	end;
	["jid-multi"] = write_list;
	["jid-single"] = write_value;
	["list-multi"] = write_list;
	["list-single"] = write_value;
	["text-multi"] = function (form, value)
		for line in value:gmatch("[^\r\n]+") do
			write_value(form, line);
		end
	end;
	["text-private"] = write_value;
	["text-single"] = write_value;
};

local function number_to_value(number, field, field_type)
	if field.datatype == "xs:dateTime" then
		return datetime.datetime(number);
	elseif field_type == "boolean" then
		return number ~= 0;
	elseif field.datatype == "xs:double" or field.datatype == "xs:decimal" then
		-- With its precision written out, since Fengari knows no default.
		return ("%.6f"):format(number);
	elseif number % 1 ~= 0 then
		error("data form field "..tostring(field.name)..": "..tostring(number).." is no integer");
	end
	-- Not %d: an integer may be held as a float.
	return ("%.0f"):format(number);
end

local function write_validation(form, field)
	form:tag("validate", { xmlns = xmlns_validate, datatype = field.datatype });
	if field.range_min or field.range_max then
		form:tag("range", {
			min = field.range_min and tostring(field.range_min);
			max = field.range_max and tostring(field.range_max);
		}):up();
	end
	form:up();
end

-- Returns the values of those that are marked as default.
local function write_options(form, options)
	local defaults = {};
	for _, option in ipairs(options) do
		local label, value = option, option;
		if type(option) == "table" then
			label, value = option.label, option.value;
			if option.default then
				t_insert(defaults, value);
			end
		end
		form:tag("option", { label = label }):text_tag("value", value):up();
	end
	return defaults;
end

local function write_media(form, media)
	form:tag("media", {
		xmlns = xmlns_media;
		height = ("%d"):format(media.height);
		width = ("%d"):format(media.width);
	});
	for _, source in ipairs(media) do
		form:text_tag("uri", source.uri, { type = source.type });
	end
	form:up();
end

local function write_field(form, field, given, form_type)
	local field_type = field.type or "text-single";
	local describes, asks = form_type ~= "submit", form_type == "form";
	local has_options = field_type == "list-single" or field_type == "list-multi";

	form:tag("field", { type = field_type, var = field.var or field.name, label = describes and field.label or nil });
	if describes and field.desc then
		form:text_tag("desc", field.desc);
	end
	if asks and field.datatype then
		write_validation(form, field);
	end

	local value, options = field.value, field.options;
	if given ~= nil then
		value = given;
		if asks and has_options and type(given) == "table" then -- options made up at run time
			value, options = nil, given;
		end
	end
	if asks and options then
		local defaults = write_options(form, options);
		if not value and field_type == "list-single" then
			value = defaults[1];
		elseif not value and field_type == "list-multi" then
			value = defaults;
		end
	end

	if type(value) == "number" then
		value = number_to_value(value, field, field_type);
	end
	local write = value_writers[field_type];
	if value ~= nil and write then
		write(form, value);
	end

	if field.media then
		write_media(form, field.media);
	end
	if asks and field.required then
		form:tag("required"):up();
	end
	form:up();
end

--- The form as `<x xmlns="jabber:x:data"/>`.
-- @param data values by field name, in place of the layout's
-- @param form_type `form` (the default), `submit`, `result` or `cancel`
function form_methods:form(data, form_type)
	form_type = form_type or "form";
	local form = st.stanza("x", { xmlns = xmlns_forms, type = form_type });
	if form_type == "cancel" then
		return form;
	end
	if form_type ~= "submit" then
		if self.title then
			form:text_tag("title", self.title);
		end
		if self.instructions then
			form:text_tag("instructions", self.instructions);
		end
	end
	for _, field in ipairs(self) do
		local given;
		if data and field.name ~= nil then
			given = data[field.name];
		end
		write_field(form, field, given, form_type);
	end
	return form;
end

-- Reading. A reader returns the value, nil if there is none, and what is wrong.

-- XEP-0004 does not say whether a required value may be empty; as in HTML, it may not.
local function read_text(tag, required)
	local text = tag:get_child_text("value");
	if required and (text == nil or text == "") then
		return nil, "Required value missing";
	end
	return text;
end

local function read_list(tag, required)
	local values = {};
	for value in tag:childtags("value") do
		t_insert(values, value:get_text());
	end
	if values[1] ~= nil then
		return values;
	end
	return nil, required and "Required value missing" or nil;
end

local boolean_values = { ["1"] = true, ["true"] = true, ["0"] = false, ["false"] = false };

local readers = {
	["boolean"] = function (tag, required)
		local text, err = read_text(tag, required);
		if not text then
			return nil, err;
		end
		local value = boolean_values[text];
		if value == nil then
			return nil, "Invalid boolean representation:"..text;
		end
		return value;
	end;
	["hidden"] = function (tag)
		return tag:get_child_text("value");
	end;
	["jid-multi"] = function (tag, required)
		local raw_jids, err = read_list(tag, required);
		if not raw_jids then
			return nil, err;
		end
		local jids, errors = {}, {};
		for _, raw_jid in ipairs(raw_jids) do
			local jid = jid_prep(raw_jid);
			if jid then
				t_insert(jids, jid);
			else
				t_insert(errors, "Invalid JID: "..raw_jid);
			end
		end
		if jids[1] == nil then
			return nil, required and "Required value missing" or nil;
		end
		return jids, errors[1] and t_concat(errors, "\n");
	end;
	["jid-single"] = function (tag, required)
		local raw_jid, err = read_text(tag, required);
		if not raw_jid then
			return nil, err;
		end
		local jid = jid_prep(raw_jid);
		if not jid then
			return nil, "Invalid JID: "..raw_jid;
		end
		return jid;
	end;
	["list-multi"] = read_list;
	["list-single"] = read_text;
	["text-multi"] = function (tag, required)
		local lines, err = read_list(tag, required);
		return lines and t_concat(lines, "\n"), err;
	end;
	["text-private"] = read_text;
	["text-single"] = read_text;
};

-- A validator returns the value in its type, or nil and what is wrong.

local function validate_integer(text, field)
	local number = tonumber(text);
	if not number then
		return nil, "not a number";
	elseif number % 1 ~= 0 then
		return nil, "not an integer";
	elseif field.range_max and number > field.range_max or field.range_min and number < field.range_min then
		return nil, "out of bounds";
	end
	return number;
end

local validators = {
	["xs:integer"] = validate_integer;
	["pubsub:integer-or-max"] = function (text, field)
		if text == "max" then
			return text;
		end
		return validate_integer(text, field);
	end;
	["xs:dateTime"] = function (text)
		local time = datetime.parse(text);
		if not time then
			return nil, "invalid timestamp";
		end
		return time;
	end;
};

local function read_field(field, tag)
	local read = field.type and readers[field.type];
	if not read then
		return nil, nil;
	end
	local value, err = read(tag, field.required);
	local validate = validators[field.datatype or ""];
	if value ~= nil and validate then
		return validate(value, field);
	end
	return value, err;
end

local function find_field(form, var)
	for tag in form:childtags("field") do
		if tag.attr.var == var then
			return tag;
		end
	end
	return nil;
end

--- Reads a submitted form.
-- @param current values by field name, for fields that were not submitted
-- @return values by field name; what is wrong by field name, nil if nothing is; true by name for each field submitted
function form_methods:data(form, current)
	local data, errors, present = {}, {}, {};
	for _, field in ipairs(self) do
		local name = field.name;
		if name ~= nil then
			local tag = find_field(form, field.var or name);
			if tag then
				present[name] = true;
				data[name], errors[name] = read_field(field, tag);
			elseif current and current[name] ~= nil then
				data[name] = current[name];
			elseif field.required then
				errors[name] = "Required value missing";
			end
		end
	end
	return data, next(errors) ~= nil and errors or nil, present;
end

--- The form's FORM_TYPE, "" if it has none; nil and why if it is no form.
local function get_type(form)
	if not st.is_stanza(form) then
		return nil, "not a stanza object";
	elseif form.attr.xmlns ~= xmlns_forms or form.name ~= "x" then
		return nil, "not a dataform element";
	end
	local tag = find_field(form, "FORM_TYPE");
	if not tag then
		return "";
	end
	return tag:get_child_text("value");
end

return {
	new = new;
	get_type = get_type;
};
