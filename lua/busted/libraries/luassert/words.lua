--- What `assert.is_not.equal` and the like mean: the words of the keys, and what is registered by their names.

local blame = require "luassert.blame";
local namespaces = require "luassert.namespaces";

local words = {};

--- Adds the words of a key, in which case does not count.
function words.add(list, key)
	for word in key:lower():gmatch("[^_]+") do
		table.insert(list, word);
	end
end

--- The names that the words make up, of a kind or of modifiers: read from the end, as many words as make a name.
function words.names(kind, list)
	local registered = namespaces[kind];
	local function is_known(name)
		return namespaces.modifier[name] ~= nil or registered[name] ~= nil;
	end
	local names = {};
	local last = #list;
	while last > 0 do
		local first, name = last, list[last];
		while first > 1 do
			local longer = list[first - 1].."_"..name;
			if is_known(name) and registered[longer] == nil then break; end
			first, name = first - 1, longer;
		end
		if not is_known(name) then
			error(("luassert: unknown modifier/%s: '%s'"):format(kind, name), blame());
		end
		table.insert(names, 1, name);
		last = first - 1;
	end
	return names;
end

--- What the last of the names says that is of the kind itself, or nil.
function words.meaning(kind, names)
	local found;
	for _, name in ipairs(names) do
		found = namespaces[kind][name] or found;
	end
	return found;
end

--- Lets the modifiers among the names act on a chain.
function words.modify(names, chain, ...)
	for _, name in ipairs(names) do
		local modifier = namespaces.modifier[name];
		if modifier then modifier.callback(chain, ...); end
	end
end

return words;
