local paths = require "util.paths";

describe("util.paths", function ()
	describe("resolve_relative_path", function ()
		it("starts a relative path at the parent", function ()
			assert.equal("/etc/prosody/certs", paths.resolve_relative_path("/etc/prosody", "certs"));
			assert.equal("/etc/prosody/certs", paths.resolve_relative_path("/etc/prosody/", "certs"));
			assert.equal("/etc/prosody/certs", paths.resolve_relative_path("/etc/prosody", "./certs"));
		end);

		it("leaves an absolute path alone", function ()
			assert.equal("/var/lib", paths.resolve_relative_path("/etc", "/var/lib"));
		end);

		it("goes up no directory by itself", function ()
			assert.equal("/etc/../var", paths.resolve_relative_path("/etc", "../var"));
		end);

		it("has nothing to say of nothing", function ()
			assert.falsy(paths.resolve_relative_path("/etc", nil));
		end);
	end);

	describe("glob_to_pattern", function ()
		it("matches all of a text, with wildcards", function ()
			local pattern = paths.glob_to_pattern("*.exam?le");
			assert.truthy(("conference.example"):match(pattern));
			assert.falsy(("conference.exale"):match(pattern));
			assert.falsy(("conference.example.com"):match(pattern));
		end);

		it("takes everything else as it stands", function ()
			assert.truthy(("a.b-c%d"):match(paths.glob_to_pattern("a.b-c%d")));
			assert.falsy(("aXb-c%d"):match(paths.glob_to_pattern("a.b-c%d")));
			assert.truthy(("[x]"):match(paths.glob_to_pattern("[x]")));
		end);
	end);

	it("joins with slashes", function ()
		assert.equal("a/b/c", paths.join("a", "b", "c"));
		assert.equal("a", paths.join("a"));
	end);
end);
