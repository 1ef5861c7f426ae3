--- The words between `assert` and what is asserted.

local assert = require "luassert.assert";

local function nothing() end

local function negate(chain)
	chain.mod = not chain.mod;
end

for _, word in ipairs { "is", "are", "was", "has", "does" } do
	assert:register("modifier", word, nothing);
end
for _, word in ipairs { "not", "no" } do
	assert:register("modifier", word, negate);
end
assert:register("modifier", "message", function (chain, args)
	chain.failure_message = args and args[1];
end);
