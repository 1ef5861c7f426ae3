--- Matchers: what an argument of a call is expected to be like, such as `match.is_string()`; `match._` is anything.

local arguments = require "luassert.arguments";
local blame = require "luassert.blame";
local words = require "luassert.words";

local match = {};

local metatable = {};

function metatable.__call(matcher, value)
	return matcher.callback(value) == matcher.mod;
end

local chain_metatable = {};

function chain_metatable.__index(chain, key)
	words.add(chain.tokens, key);
	return chain;
end

function chain_metatable.__call(chain, ...)
	local names = words.names("matcher", chain.tokens);
	chain.tokens = {};
	local matcher = words.meaning("matcher", names);
	local args = arguments.pack(...);
	if not matcher then
		words.modify(names, chain, args, blame());
		return chain;
	end
	words.modify(names, chain);
	return setmetatable({
		name = matcher.name; mod = chain.mod; arguments = args; callback = matcher.callback(chain, args, blame());
	}, metatable);
end

--- A new chain of words.
function match.state()
	return setmetatable({ mod = true, tokens = {} }, chain_metatable);
end

function match.is_matcher(value)
	return type(value) == "table" and getmetatable(value) == metatable;
end

--- Whether it is one that wants the very value.
function match.is_ref_matcher(value)
	return match.is_matcher(value) and value.name == "ref";
end

match._ = setmetatable({ name = "_"; mod = true; arguments = { n = 0 }; callback = function () return true; end },
	metatable);

return setmetatable(match, {
	__index = function (_, key)
		return match.state()[key];
	end;
});
