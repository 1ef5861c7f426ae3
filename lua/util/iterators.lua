--- Functions on iterators, each given as what a generic `for` takes: function, state, control value.

local next, pairs, setmetatable, type = next, pairs, setmetatable, type;
local t_insert, t_sort, unpack = table.insert, table.sort, table.unpack;
local pack = require "util.table".pack;

local it = {};

local function unpack_all(results)
	return unpack(results, 1, results.n);
end

-- All steps of an iterator, each a packed list of what it gave.
local function steps(iterate, state, control)
	local list = {};
	while true do
		local results = pack(iterate(state, control));
		control = results[1];
		if control == nil then
			return list;
		end
		t_insert(list, results);
	end
end

-- Iterates over steps.
local function replay(list)
	local position = 0;
	return function ()
		position = position + 1;
		local results = list[position];
		if results then
			return unpack_all(results);
		end
		return nil;
	end;
end

--- The steps from the last to the first.
function it.reverse(iterate, state, control)
	local list, reversed = steps(iterate, state, control), {};
	for position = #list, 1, -1 do
		t_insert(reversed, list[position]);
	end
	return replay(reversed);
end

local function next_key(t, key)
	return (next(t, key));
end

--- Over the keys of a table.
function it.keys(t)
	return next_key, t;
end

--- Over the values of a table.
function it.values(t)
	local key, value;
	return function ()
		key, value = next(t, key);
		return value;
	end, t;
end

--- Over the n-th result of each step.
function it.select(n, iterate, state, control)
	return function ()
		local results = pack(iterate(state, control));
		control = results[1];
		return results[n];
	end;
end

--- Leaves out steps whose first result was there before.
function it.unique(iterate, state, control)
	local seen = {};
	return it.filter(function (value)
		local is_new = not seen[value];
		seen[value] = true;
		return is_new;
	end, iterate, state, control);
end

--- How many steps there are.
function it.count(iterate, state, control)
	local count = 0;
	for _ in iterate, state, control do
		count = count + 1;
	end
	return count;
end

--- The first n steps.
function it.head(n, iterate, state, control)
	local count = 0;
	return function (_state, _control)
		if count >= n then
			return nil;
		end
		count = count + 1;
		return iterate(_state, _control);
	end, state, control;
end

--- Leaves out the first n steps.
function it.skip(n, iterate, state, control)
	for _ = 1, n do
		control = iterate(state, control);
		if control == nil then -- at its end, where most iterators would start over
			return function () return nil; end;
		end
	end
	return iterate, state, control;
end

--- The last n steps.
function it.tail(n, iterate, state, control)
	local list, last = steps(iterate, state, control), {};
	for position = #list - n + 1, #list do
		t_insert(last, list[position]);
	end
	return replay(last);
end

--- The steps for which the filter returns true; a filter that is no function leaves out the value that it is.
function it.filter(filter, iterate, state, control)
	local accepts = filter;
	if type(filter) ~= "function" then
		accepts = function (value) return value ~= filter; end;
	end
	return function (_state, _control)
		local results;
		repeat
			results = pack(iterate(_state, _control));
			_control = results[1];
		until _control == nil or accepts(unpack_all(results));
		return unpack_all(results);
	end, state, control;
end

local function previous_item(list, position)
	if position > 1 then
		return position - 1, list[position - 1];
	end
	return nil;
end

--- ipairs from the end.
function it.ripairs(list)
	return previous_item, list, #list + 1;
end

local function next_number(last, number)
	if number < last then
		return number + 1;
	end
	return nil;
end

--- The whole numbers from first to last; with one argument, from 1 to it.
function it.range(first, last)
	if not last then
		first, last = 1, first;
	end
	return next_number, last, first - 1;
end

--- A list of the first results.
function it.to_array(iterate, state, control)
	local list = {};
	for value in iterate, state, control do
		t_insert(list, value);
	end
	return list;
end

--- A table from key to value, the first two results.
function it.to_table(iterate, state, control)
	local t = {};
	for key, value in iterate, state, control do
		t[key] = value;
	end
	return t;
end

--- pairs in the order of the keys.
-- @param sort_func as for table.sort
function it.sorted_pairs(t, sort_func)
	local keys = {};
	for key in pairs(t) do
		t_insert(keys, key);
	end
	t_sort(keys, sort_func);
	local position = 0;
	return function ()
		position = position + 1;
		local key = keys[position];
		if key ~= nil then
			return key, t[key];
		end
		return nil;
	end;
end

local join_methods = {};
local join_mt = { __index = join_methods };

-- The state holds the iterators and which of them is being run.
function join_mt:__call(state, control)
	while true do
		local current = state[1][state[2]];
		if not current then
			return nil;
		end
		if control == nil then
			control = current[3];
		end
		local results = pack(current[1](current[2], control));
		if results[1] ~= nil then
			return unpack_all(results);
		end
		state[2], control = state[2] + 1, nil;
	end
end

--- One more iterator after the others. Returns what a `for` takes.
function join_methods:append(iterate, state, control)
	t_insert(self, { iterate, state, control });
	return self, { self, 1 };
end

--- One more iterator before the others. Returns what a `for` takes.
function join_methods:prepend(iterate, state, control)
	t_insert(self, 1, { iterate, state, control });
	return self, { self, 1 };
end

--- Iterators one after the other: `join(…):append(…)`. Returns what a `for` takes.
function it.join(iterate, state, control)
	return setmetatable({}, join_mt):append(iterate, state, control);
end

return it;
