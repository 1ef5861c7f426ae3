--- Tables whose functions are spies or stubs.

local spy = require "luassert.spy";
local stub = require "luassert.stub";

local mock = {};

--- Puts spies in the place of all functions in a table and the tables in it. A function alone becomes a spy.
-- @param is_stubbed stubs instead, which do nothing, or what `fn` does
function mock.new(object, is_stubbed, fn, target, key)
	local visited = {};
	local function apply(value, owner, name)
		if type(value) == "function" then
			if is_stubbed then return stub(owner, name, fn); end
			if owner == nil then return spy.new(value); end
			return spy.on(owner, name);
		end
		if type(value) == "table" and not spy.is_spy(value) and not visited[value] then
			visited[value] = true;
			for field, entry in pairs(value) do
				value[field] = apply(entry, value, field);
			end
		end
		return value;
	end
	return apply(object, target, key);
end

local function for_each_spy(object, method)
	if type(object) ~= "table" then return; end
	if spy.is_spy(object) then return object[method](object); end
	for _, entry in pairs(object) do
		for_each_spy(entry, method);
	end
	return object;
end

--- Lets all spies in a table forget their calls.
function mock.clear(object)
	return for_each_spy(object, "clear");
end

--- Puts back what all spies in a table stand in for.
function mock.revert(object)
	return for_each_spy(object, "revert");
end

return setmetatable(mock, { __call = function (_, ...) return mock.new(...); end });
