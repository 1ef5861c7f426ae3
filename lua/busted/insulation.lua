--- What a file, or a block of `insulate`, changes in `_G` and `package.loaded` is undone when it ends.

local insulation = {};

local function copy(entries)
	local copied = {};
	for key, value in next, entries do
		copied[key] = value;
	end
	return copied;
end

function insulation.save()
	return { globals = copy(_G); metatable = debug.getmetatable(_G); loaded = copy(package.loaded) };
end

--- Libraries that were unloaded meanwhile stay so, as under busted.
function insulation.restore(state)
	setmetatable(_G, state.metatable);
	for name in next, copy(_G) do
		rawset(_G, name, state.globals[name]);
	end
	for name, value in next, state.globals do
		if rawget(_G, name) == nil then rawset(_G, name, value); end
	end
	for name in next, copy(package.loaded) do
		package.loaded[name] = state.loaded[name];
	end
end

return insulation;
