--- Deep comparison of tables.

local comparison = {};

local compare;

local function differ_at(key, path)
	path = path or {};
	table.insert(path, key);
	return false, path;
end

local function compare_entries(a, b, met)
	for key, value in next, a do
		local other = b[key];
		if other == nil then return differ_at(key); end
		local same, path = compare(value, other, false, met);
		if not same then return differ_at(key, path); end
	end
	for key in next, b do
		if a[key] == nil then return differ_at(key); end
	end
	return true;
end

function compare(a, b, ignores_eq, met)
	if type(a) ~= "table" or type(b) ~= "table" then return a == b; end
	local metatable = debug.getmetatable(a);
	if metatable and metatable == debug.getmetatable(b) and metatable.__eq then
		if not ignores_eq then return a == b; end
	elseif rawequal(a, b) then
		return true;
	end
	-- Two tables that are being compared already are the same if nothing else differs.
	local met_with = met[a];
	if not met_with then
		met_with = {};
		met[a] = met_with;
	elseif met_with[b] then
		return true;
	end
	met_with[b] = true;
	return compare_entries(a, b, met);
end

--- Whether two values are the same: equal, or tables with the same entries. Where tables with one metatable have
-- `__eq`, that decides.
-- @param ignores_eq it does not for the two values themselves
-- @return and where they differ: the keys that lead there, from the innermost one outwards
function comparison.same(a, b, ignores_eq)
	return compare(a, b, ignores_eq, {});
end

--- Whether no two entries of a table are equal, or the same.
function comparison.is_unique(list, is_deep)
	for key, value in pairs(list) do
		for other_key, other in pairs(list) do
			if key ~= other_key and (value == other or is_deep and comparison.same(value, other, true)) then
				return false;
			end
		end
	end
	return true;
end

return comparison;
