local envload = require "util.envload";

describe("util.envload", function ()
	describe("envload", function ()
		it("gives source the globals it is told", function ()
			local env = { x = 5 };
			local chunk = assert(envload.envload("y = x + 1; return y", "=test", env));
			assert.equal(6, chunk());
			assert.equal(6, env.y);
			assert.is_nil(rawget(_G, "y"));
		end);

		it("keeps the real globals out of reach", function ()
			local chunk = assert(envload.envload("return print, _G, string", "=test", {}));
			assert.same({}, { chunk() });
		end);

		it("tells of errors by the name of the source", function ()
			local chunk, err = envload.envload("return return", "=where", {});
			assert.is_nil(chunk);
			assert.matches("^where:1: ", err);
		end);

		it("refuses bytecode #ours", function ()
			local chunk, err = envload.envload(string.dump(function () end), "=test", {});
			assert.is_nil(chunk);
			assert.matches("attempt to load a binary chunk", err);
		end);
	end);

	describe("envloadfile", function ()
		it("says which file it cannot open", function ()
			local chunk, err = envload.envloadfile("/nowhere/absent.lua", {});
			assert.is_nil(chunk);
			assert.matches("/nowhere/absent.lua", err, 1, true);
		end);
	end);
end);
