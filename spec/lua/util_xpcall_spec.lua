local xpcall = require "util.xpcall".xpcall;

describe("util.xpcall", function ()
	local function handle(err) return "handled "..tostring(err); end

	it("passes arguments on, and all results back", function ()
		assert.same({ true, 1, nil, 3 }, { xpcall(function (...) return ...; end, handle, 1, nil, 3) });
	end);

	it("gives errors to the handler", function ()
		assert.same({ false, "handled oops" }, { xpcall(error, handle, "oops", 0) });
		assert.same({ false, "handled nil" }, { xpcall(error, handle) });
	end);

	it("runs the handler where the error is, so that it sees the stack", function ()
		local function culprit() error("oops"); end
		local _, trace = xpcall(function () culprit(); end, debug.traceback);
		assert.matches("culprit", trace);
	end);
end);
