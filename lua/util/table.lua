--- What Lua's table library lacks, in one version or another.

local select = select;

--- A table; Prosody's is made with room for that many list items and fields, here the sizes only are checked.
local function create(list_size, field_count)
	for position, size in ipairs({ list_size or false, field_count or false }) do
		if type(size) ~= "number" or size % 1 ~= 0 then
			error("bad argument #"..position.." to 'create' (integer expected, got "..type(size)..")", 2);
		end
	end
	return {};
end

--- The arguments as a list, with their number as `n`.
local function pack(...)
	return { n = select("#", ...), ... };
end

--- Copies the items from first to last to where `target` says, in the same list or another. They may overlap.
local function move(from, first, last, target, to)
	to = to or from;
	local shift = target - first;
	if shift > 0 and to == from then
		for position = last, first, -1 do
			to[position + shift] = from[position];
		end
	else
		for position = first, last do
			to[position + shift] = from[position];
		end
	end
	return to;
end

return {
	create = create;
	pack = pack;
	move = table.move or move;
};
