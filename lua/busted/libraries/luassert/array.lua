--- Lists without a gap: `assert.array(list).has.no.holes()`.

local assert = require "luassert.assert";
local checks = require "luassert.checks";

local KEY = "__array_state";

assert:register("modifier", "array", function (chain, args)
	checks.that(args.n > 0, "No array provided to the array-modifier");
	checks.that(rawget(chain, KEY) == nil, "Array already set");
	rawset(chain, KEY, args[1]);
end);

--- The greatest whole number among the keys, 0 if there is none.
local function length_of(list)
	local length = 0;
	for key in pairs(list) do
		if type(key) == "number" and key > length and key == math.floor(key) then length = key; end
	end
	return length;
end

--- @return also the first position where nothing is
local function holes(chain, args)
	local list = rawget(chain, KEY);
	checks.that(list ~= nil, "No array set, please use the array modifier to set the array to validate");
	local length = args[1];
	if length == nil then length = length_of(list); end
	checks.that(type(length) == "number",
		"expected array length to be of type 'number', got: "..tostring(length));
	local hole;
	for i = 1, length do
		if list[i] == nil then
			hole = i;
			break;
		end
	end
	args[1], args.n = hole, hole and 1 or 0;
	return hole ~= nil, { hole };
end

assert:register("assertion", "holes", holes, "assertion.array_holes.positive", "assertion.array_holes.negative");
