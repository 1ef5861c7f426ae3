--- Checks of what assertions and matchers are given. What is wrong fails the test.

local blame = require "luassert.blame";
local failure = require "busted.failure";
local say = require "say";

local checks = {};

--- Expects a number of arguments at least.
function checks.count(name, args, least)
	if args.n < least then
		failure.raise(say("assertion.internal.argtolittle", { name, least, args.n }), blame());
	end
end

--- Complains of an argument unless `holds`.
function checks.type(holds, position, name, expected, got)
	if not holds then
		failure.raise(say("assertion.internal.badargtype", { position, name, expected, got }), blame());
	end
end

--- Complains unless `holds`.
function checks.that(holds, message)
	if not holds then failure.raise(message, blame()); end
end

return checks;
