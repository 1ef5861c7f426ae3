--- Messages by key, in namespaces of languages. `say(key, values)` fills a message in.

local registry = {};
local current, fallback;

local function namespace(name)
	registry[name] = registry[name] or {};
	return name;
end

local say = { _registry = registry };

--- Says which namespace is used from here on.
function say:set_namespace(name)
	current = namespace(name);
end

--- Says which namespace is looked into for keys that the current one has not.
function say:set_fallback(name)
	fallback = namespace(name);
end

--- Sets a message of the current namespace, a format for as many strings as it is given.
function say:set(key, message)
	registry[current][key] = message;
end

local function fill_in(_, key, values)
	if values ~= nil and type(values) ~= "table" then
		error(("expected parameter table to be a table, got '%s'"):format(type(values)), 2);
	end
	local message = registry[current][key] or registry[fallback][key];
	if message == nil then return nil; end
	message = tostring(message);
	values = values or {};
	local count = math.max(values.n or 0, #values);
	if count == 0 then return message; end
	local texts = {};
	for i = 1, count do
		texts[i] = tostring(values[i]);
	end
	return message:format(table.unpack(texts));
end

say:set_fallback("en");
say:set_namespace("en");

return setmetatable(say, { __call = fill_in, __index = registry });
