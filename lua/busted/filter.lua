--- Which tests run: by the tags in their names, `#like_this`, and by patterns.

local tree = require "busted.tree";

local filter = {};

local chosen = { tags = {}; exclude_tags = {}; filter = {}; filter_out = {} };

--- Chooses what runs from here on. All fields are lists.
-- @param options `tags`: a test or a block around it has one of them; `exclude_tags`: neither it nor a block around it
--   has any; `filter`, `filter_out`: the same with Lua patterns on the full name
function filter.choose(options)
	for name in pairs(chosen) do
		chosen[name] = options[name] or {};
	end
end

--- The names from the file inwards, as busted joins them.
local function full_name(name)
	local names = { name };
	local element = tree.current();
	while element and element.kind ~= "file" do
		table.insert(names, 1, element.name or element.kind);
		element = element.parent;
	end
	return table.concat(names, " ");
end

local function has_any(text, patterns, prefix)
	for _, pattern in ipairs(patterns) do
		if text:find(prefix..pattern) then return true; end
	end
	return false;
end

local function is_wanted(text, patterns, prefix)
	return #patterns == 0 or has_any(text, patterns, prefix);
end

local named = { describe = true, it = true, pending = true };
local tests = { it = true, pending = true };

--- Whether an element of this kind and name, within the one that runs, is to run.
function filter.admits(kind, name)
	if not named[kind] then return true; end
	local text = full_name(name);
	if has_any(name or "", chosen.exclude_tags, "#") or has_any(text, chosen.filter_out, "") then return false; end
	return not tests[kind] or is_wanted(text, chosen.tags, "#") and is_wanted(text, chosen.filter, "");
end

return filter;
