--- What `assert.is_not.equal` and the like mean: the words of the keys, and what is registered by their names.

local arguments = require "luassert.arguments";
local blame = require "luassert.blame";
local namespaces = require "luassert.namespaces";

local words = {};

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

-- What the last of the names says that is of the kind itself, or nil.
local function meaning_of(kind, names)
	local found;
	for _, name in ipairs(names) do
		found = namespaces[kind][name] or found;
	end
	return found;
end

-- Lets the modifiers among the names act on a chain.
local function modify(names, chain, ...)
	for _, name in ipairs(names) do
		local modifier = namespaces.modifier[name];
		if modifier then modifier.callback(chain, ...); end
	end
end

-- The words of a key, in which case does not count.
local function add(list, key)
	for word in key:lower():gmatch("[^_]+") do
		table.insert(list, word);
	end
end

--- A function that makes new chains of words of a kind: a key adds words, a call with nothing but modifiers lets them
-- act on the chain and gives it. The chain's `mod` is false where it is negated.
-- @param apply what any other call does. It gets the chain, what is registered of the kind, and the arguments, as a
-- list and as they are.
function words.chains(kind, apply)
	local metatable = {};

	function metatable.__index(chain, key)
		add(chain.tokens, key);
		return chain;
	end

	function metatable.__call(chain, ...)
		local names = words.names(kind, chain.tokens);
		local meaning = meaning_of(kind, names);
		local args = arguments.pack(...);
		if not meaning then
			chain.tokens = {};
			modify(names, chain, args, blame());
			return chain;
		end
		modify(names, chain);
		return apply(chain, meaning, args, ...);
	end

	return function ()
		return setmetatable({ mod = true, tokens = {} }, metatable);
	end;
end

return words;
