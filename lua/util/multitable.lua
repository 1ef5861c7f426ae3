--- Tables in tables, with paths of keys. A nil in a path that is searched, removed or iterated stands for any key.

local ipairs, next, pairs, select, type = ipairs, next, pairs, select, type;
local t_insert, unpack = table.insert, table.unpack;

-- The table at the end of all keys but the last `rest` ones, made where there is none.
local function descend(t, path, count, rest)
	for position = 1, count - rest do
		local key = path[position];
		local inner = t[key];
		if not inner then
			inner = {};
			t[key] = inner;
		end
		t = inner;
	end
	return t;
end

--- get(key, …): what is at the path.
local function get(self, ...)
	local t = self.data;
	for position = 1, select("#", ...) do
		t = t[(select(position, ...))];
		if not t then break; end
	end
	return t;
end

--- set(key, …, value)
local function set(self, ...)
	local path, count = { ... }, select("#", ...);
	descend(self.data, path, count, 2)[path[count - 1]] = path[count];
end

--- add(key, …, value): adds the value to the list at the path.
local function add(self, ...)
	local path, count = { ... }, select("#", ...);
	t_insert(descend(self.data, path, count, 1), path[count]);
end

-- Removes from a table what is at the path from `depth` on, and tables that this leaves empty.
local function remove_path(t, path, count, depth)
	local wanted = path[depth];
	if wanted == nil then
		local keys = {};
		for key in pairs(t) do
			t_insert(keys, key);
		end
		for _, key in ipairs(keys) do
			path[depth] = key;
			remove_path(t, path, count, depth);
		end
		path[depth] = nil;
		return;
	end
	local value = t[wanted];
	if depth == count then
		t[wanted] = nil;
	elseif type(value) == "table" then
		remove_path(value, path, count, depth + 1);
		if next(value) == nil then
			t[wanted] = nil;
		end
	end
end

--- remove(key, …): removes what is at the path, and tables that this leaves empty.
local function remove(self, ...)
	remove_path(self.data, { ... }, select("#", ...), 1);
end

local function search_path(t, path, depth, results)
	local wanted, is_last = path[depth], depth == path.n;
	local candidates = t;
	if wanted ~= nil then
		candidates = { [wanted] = t[wanted] };
	end
	for _, value in pairs(candidates) do
		if is_last then
			t_insert(results, value);
		elseif type(value) == "table" then
			search_path(value, path, depth + 1, results);
		end
	end
end

--- search_add(results, key, …): adds to a list what is at the path.
local function search_add(self, results, ...)
	results = results or {};
	search_path(self.data, { n = select("#", ...), ... }, 1, results);
	return results;
end

--- search(key, …): a list of what is at the path.
local function search(self, ...)
	return search_add(self, {}, ...);
end

--- iter(key, …): iterates over the paths that match, giving all keys of the path and the value at its end.
local function iter(self, ...)
	local query, depth = { ... }, select("#", ...);
	-- The tables on the path to where the iterator is, and the key that it has got to in each.
	local tables, keys = { self.data }, {};
	return function ()
		while tables[1] do
			local level = #tables;
			local key, value = next(tables[level], keys[level]);
			keys[level] = key;
			if key == nil then
				tables[level] = nil;
			elseif query[level] == nil or query[level] == key then
				if level == depth then
					local path = { unpack(keys, 1, depth) };
					path[depth + 1] = value;
					return unpack(path, 1, depth + 1);
				elseif type(value) == "table" then
					tables[level + 1] = value;
				end
			end
		end
		return nil;
	end, self;
end

local function new()
	return {
		data = {};
		get = get;
		set = set;
		add = add;
		remove = remove;
		search = search;
		search_add = search_add;
		iter = iter;
	};
end

return {
	new = new;
	iter = iter;
};
