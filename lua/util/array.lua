--- Lists with methods. `array1 + array2` puts them together, `array / f` is the list of what f returns for each item.
-- `list:map(f)` changes the list, `array.map(list, f)` makes a new one; so too filter, slice, sort, unique, pluck and
-- reverse.

local getmetatable, ipairs, pairs, setmetatable, tostring, type =
	getmetatable, ipairs, pairs, setmetatable, tostring, type;
local m_floor, m_random = math.floor, math.random;
local t_concat, t_insert, t_remove, t_sort = table.concat, table.insert, table.remove, table.sort;

local array_methods = {};
local array_mt = { __name = "array", __index = array_methods };

--- Makes the table itself an array, or a copy of it where it has a metatable that it needs, as JavaScript's lists do.
local function new(list)
	local metatable = getmetatable(list);
	if metatable == nil or metatable == array_mt then
		return setmetatable(list or {}, array_mt);
	end
	return setmetatable({}, array_mt):append(list);
end

--- A new array of what an iterator gives first in each step.
local function collect(iterate, state, control)
	local result = new();
	for item in iterate, state, control do
		t_insert(result, item);
	end
	return result;
end

-- These write into `out`, which may be `list` itself, and return it.
local transformations = {};

function transformations.map(out, list, func)
	for position, item in ipairs(list) do
		out[position] = func(item);
	end
	return out;
end

--- Keeps the items for which func returns true.
function transformations.filter(out, list, func)
	local length, kept = #list, 0;
	for position = 1, length do
		local item = list[position];
		if func(item) then
			kept = kept + 1;
			out[kept] = item;
		end
	end
	for position = kept + 1, out == list and length or 0 do
		out[position] = nil;
	end
	return out;
end

--- From position `first` to `last` (the end, if nil), both counted from the end if negative.
function transformations.slice(out, list, first, last)
	local length = #list;
	last = last or -1;
	first = first < 0 and length + first + 1 or first;
	last = last < 0 and length + last + 1 or last;
	first = first < 1 and 1 or first;
	last = last > length and length or last;
	for position = first, last do
		out[position - first + 1] = list[position];
	end
	for position = last < first and 1 or last - first + 2, #out do
		out[position] = nil;
	end
	return out;
end

function transformations.sort(out, list, ...)
	if out ~= list then
		out:append(list);
	end
	t_sort(out, ...);
	return out;
end

--- Keeps the first of equal items.
function transformations.unique(out, list)
	local seen = {};
	return transformations.filter(out, list, function (item)
		local is_new = not seen[item];
		seen[item] = true;
		return is_new;
	end);
end

--- Replaces each item by its field `key`.
function transformations.pluck(out, list, key, default)
	for position = 1, #list do
		local value = list[position][key];
		if value == nil then
			value = default;
		end
		out[position] = value;
	end
	return out;
end

function transformations.reverse(out, list)
	local length = #list;
	for position = 1, m_floor((length + 1) / 2) do
		local opposite = length + 1 - position;
		out[position], out[opposite] = list[opposite], list[position];
	end
	return out;
end

local array = { new = new, collect = collect };

for name, transform in pairs(transformations) do
	array[name] = function (list, ...)
		return transform(new(), list, ...);
	end;
	array_methods[name] = function (self, ...)
		return transform(self, self, ...);
	end;
end

function array_methods:length()
	return #self;
end

--- An item by chance.
function array_methods:random()
	return self[m_random(1, #self)];
end

--- An item by chance, but not the one at this position.
function array_methods:random_other(position)
	local length = #self;
	return self[(position + m_random(1, length - 1) - 1) % length + 1];
end

function array_methods:shuffle()
	local length = #self;
	for position = 1, length do
		local other = m_random(position, length);
		self[position], self[other] = self[other], self[position];
	end
	return self;
end

function array_methods:append(list)
	local length = #self;
	for position = 1, #list do
		self[length + position] = list[position];
	end
	return self;
end

function array_methods:push(item)
	t_insert(self, item);
	return self;
end

--- Removes the last item, or the one at a position, and returns it.
array_methods.pop = t_remove;

--- Unlike table.concat, this takes items of all types.
function array_methods:concat(separator)
	return t_concat(array.map(self, tostring), separator);
end

function array_mt.__add(list1, list2)
	return new():append(list1):append(list2);
end

function array_mt:__div(func)
	local result = new();
	for position = 1, #self do
		local item = func(self[position]);
		if item ~= nil then
			t_insert(result, item);
		end
	end
	return result;
end

function array_mt.__eq(list1, list2)
	-- Lua asks this of any table that is compared with an array.
	if getmetatable(list1) ~= array_mt or getmetatable(list2) ~= array_mt or #list1 ~= #list2 then
		return false;
	end
	for position = 1, #list1 do
		if list1[position] ~= list2[position] then
			return false;
		end
	end
	return true;
end

function array_mt:__tostring()
	return "{"..self:concat(", ").."}";
end

function array_mt:__freeze()
	return self;
end

--- `array(list)` is array.new, `array(iterator…)` is array.collect.
return setmetatable(array, {
	__call = function (_, source, state, control)
		if type(source) == "function" then
			return collect(source, state, control);
		end
		return new(source);
	end;
});
