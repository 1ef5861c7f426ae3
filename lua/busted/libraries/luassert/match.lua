--- Matchers: what an argument of a call is expected to be like, such as `match.is_string()`; `match._` is anything.

local blame = require "luassert.blame";
local words = require "luassert.words";

local match = {};

local metatable = {};

function metatable.__call(matcher, value)
	return matcher.callback(value) == matcher.mod;
end

--- A new chain of words.
match.state = words.chains("matcher", function (chain, matcher, args)
	chain.tokens = {};
	return setmetatable({
		name = matcher.name; mod = chain.mod; arguments = args; callback = matcher.callback(chain, args, blame());
	}, metatable);
end);

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
