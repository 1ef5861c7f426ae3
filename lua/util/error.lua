--- Errors as data: what an error stanza can say (RFC 6120, 8.3), and the context in which it happened.
-- An error has `type`, `condition`, and may have `text`, `code`, `extra` (`uri`; `tag`, or `namespace` and `condition`
-- of an application's own element), `context`, `source` and `instance_id`.

local id = require "util.id";

local getmetatable, next, pairs, setmetatable, type = getmetatable, next, pairs, setmetatable, type;

local xmlns_stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";

local error_mt = { __name = "error" };

function error_mt:__tostring()
	return ("error<%s:%s:%s>"):format(self.type, self.condition, self.text or "");
end

local function is_error(value)
	return getmetatable(value) == error_mt;
end

--- A new error; one that is an error already is returned as it is.
-- @param e the error's fields as a table, or a name in the registry
-- @param context whatever tells how it happened
-- @param registry templates by name
-- @param source what part of the program it comes from
local function new(e, context, registry, source)
	if is_error(e) then
		return e;
	end
	local template = e ~= nil and registry and registry[e] or type(e) == "table" and e or {};
	return setmetatable({
		instance_id = id.short();
		type = template.type or "cancel";
		condition = template.condition or "undefined-condition";
		text = template.text;
		code = template.code;
		extra = template.extra;
		context = context or {};
		source = source;
	}, error_mt);
end

-- Templates can be written as { type, condition, text, condition of the application's own }.
local function expand_templates(namespace, templates)
	local expanded = {};
	for name, template in pairs(templates) do
		expanded[name] = {
			type = template[1];
			condition = template[2];
			text = template[3];
			extra = namespace and template[4] and { namespace = namespace, condition = template[4] } or nil;
		};
	end
	return expanded;
end

--- Functions for the errors of one part of the program: init(source, registry) or init(source, namespace, registry).
-- @param namespace of the application's own conditions
-- @param registry templates by name, all written out, or all short as `{ type, condition, text, own condition }`
local function init(source, namespace, registry)
	if type(namespace) == "table" then
		namespace, registry = nil, namespace;
	end
	local _, template = next(registry);
	if template and template[1] then
		registry = expand_templates(namespace, registry);
	end

	--- Makes any value an error: by its name in the registry, else an undefined condition that holds the value.
	local function wrap(e, context)
		if is_error(e) then
			return e;
		end
		local wrapped = new(e ~= nil and registry[e] or {}, context, registry, source);
		wrapped.context.wrapped_error = e;
		return wrapped;
	end

	return {
		source = source;
		registry = registry;
		is_error = is_error;
		wrap = wrap;
		new = function (e, context)
			return new(e, context, registry, source);
		end;
		--- For the results of a call: passes success on, wraps the error after nil or false.
		coerce = function (ok, err, ...)
			if ok then
				return ok, err, ...;
			end
			return nil, wrap(err);
		end;
	};
end

--- For the results of a call: passes success on, makes sure that what comes after nil or false is an error.
local function coerce(ok, err, ...)
	if not ok and not is_error(err) then
		err = new({}, { wrapped_error = err });
	end
	return ok, err, ...;
end

--- The error that an error stanza reports.
local function from_stanza(stanza, context, source)
	local error_type, condition, text, tag = stanza:get_error();
	local report = stanza:get_child("error");
	context = context or {};
	context.stanza = stanza;
	context.by = report and report.attr.by or stanza.attr.from;
	local uri;
	if condition == "gone" or condition == "redirect" then
		uri = report:get_child_text(condition, xmlns_stanzas);
	end
	return new({
		type = error_type;
		condition = condition;
		text = text;
		extra = (tag or uri) and { tag = tag, uri = uri } or nil;
	}, context, nil, source);
end

return {
	new = new;
	init = init;
	coerce = coerce;
	is_error = is_error;
	is_err = is_error;
	from_stanza = from_stanza;
};
