--- The globals of a spec file. Reading one looks for it in the element that runs, in those around it, and in `_G`;
-- assigning one keeps it in the element that runs.

local tree = require "busted.tree";

local function lookup(_, name)
	local element = tree.current();
	while element do
		local value = element.env[name];
		-- As under busted, false hides nothing.
		if value then return value; end
		element = element.parent;
	end
	return _G[name];
end

local function assign(_, name, value)
	tree.current().env[name] = value;
end

return setmetatable({}, { __index = lookup, __newindex = assign });
