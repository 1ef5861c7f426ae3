--- Sets. `set1 + set2` is the union, `set1 - set2` the difference, `set / f` the set of what f returns for each item;
-- `for item in set do` iterates.

local getmetatable, ipairs, next, pairs, setmetatable, tostring =
	getmetatable, ipairs, next, pairs, setmetatable, tostring;
local t_concat, t_insert = table.concat, table.insert;

local set_methods = {};
local set_mt = { __name = "set", __index = set_methods };

local function is_set(value)
	return getmetatable(value) == set_mt;
end

--- A set of the items of a list.
local function new(list)
	local set = setmetatable({ _items = {} }, set_mt);
	set:add_list(list);
	return set;
end

function set_methods:add(item)
	self._items[item] = true;
end

function set_methods:remove(item)
	self._items[item] = nil;
end

--- True, or nil.
function set_methods:contains(item)
	return self._items[item];
end

function set_methods:contains_set(other)
	for item in pairs(other._items) do
		if not self._items[item] then
			return false;
		end
	end
	return true;
end

function set_methods:items()
	return next, self._items;
end

function set_methods:empty()
	return next(self._items) == nil;
end

--- Nil adds nothing.
function set_methods:add_list(list)
	for _, item in ipairs(list or {}) do
		self._items[item] = true;
	end
end

--- Adds the items of another set, or whatever an iterator gives.
function set_methods:include(other)
	for item in other do
		self._items[item] = true;
	end
end

--- Removes the items of another set, or whatever an iterator gives.
function set_methods:exclude(other)
	for item in other do
		self._items[item] = nil;
	end
end

-- The items of a set for which the condition holds.
local function select_items(set, condition)
	local selected = new();
	for item in pairs(set._items) do
		if condition(item) then
			selected:add(item);
		end
	end
	return selected;
end

local function union(set1, set2)
	local result = new();
	result:include(set1);
	result:include(set2);
	return result;
end

local function difference(set1, set2)
	return select_items(set1, function (item) return not set2._items[item]; end);
end

local function intersection(set1, set2)
	return select_items(set1, function (item) return set2._items[item]; end);
end

--- What is in one of the two sets only.
local function xor(set1, set2)
	return union(difference(set1, set2), difference(set2, set1));
end

set_mt.__add = union;
set_mt.__sub = difference;

function set_mt:__div(func)
	local result = new();
	for item in pairs(self._items) do
		local new_item = func(item);
		if new_item ~= nil then
			result:add(new_item);
		end
	end
	return result;
end

function set_mt.__eq(set1, set2)
	-- Lua asks this of any table that is compared with a set.
	return is_set(set1) and is_set(set2) and set1:contains_set(set2) and set2:contains_set(set1);
end

function set_mt:__call(_, item)
	return next(self._items, item);
end

function set_mt:__tostring()
	local texts = {};
	for item in pairs(self._items) do
		t_insert(texts, tostring(item));
	end
	return t_concat(texts, ", ");
end

function set_mt:__freeze()
	local items = {};
	for item in pairs(self._items) do
		t_insert(items, item);
	end
	return items;
end

return {
	new = new;
	is_set = is_set;
	union = union;
	difference = difference;
	intersection = intersection;
	xor = xor;
};
