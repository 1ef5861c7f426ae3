local strbitop = require "util.strbitop";

describe("util.strbitop", function ()
	it("combines byte by byte", function ()
		assert.equal("\8\0", strbitop.sand("\12\240", "\10\15"));
		assert.equal("\14\255", strbitop.sor("\12\240", "\10\15"));
		assert.equal("\6\255", strbitop.sxor("\12\240", "\10\15"));
	end);

	it("repeats the second string", function ()
		assert.equal("\1\2\1\2\1", strbitop.sxor("\0\0\0\0\0", "\1\2"));
		assert.equal("\0\0\3", strbitop.sand("\1\2\3", "\0\0\255"));
	end);

	it("is as long as the first string", function ()
		assert.equal("\1", strbitop.sor("\1", "\0\255\255"));
	end);

	for name, combine in pairs { sand = strbitop.sand, sor = strbitop.sor, sxor = strbitop.sxor } do
		it(name.." gives the first string where there is nothing to combine", function ()
			assert.equal("", combine("", "abc"));
			assert.equal("abc", combine("abc", ""));
			assert.equal("", combine("", ""));
		end);

		it(name.." wants two strings", function ()
			assert.has_error(function () combine("a"); end);
			assert.has_error(function () combine({}, "a"); end);
		end);
	end

	it("tells bytes apart whose digits look alike", function ()
		assert.equal("\136\0", strbitop.sxor("\8\0", "\128\0"));
		assert.not_equal("\8\0", "\128");
	end);

	it("undoes xor by the same xor", function ()
		local text, key = "any text \0\255", "secret";
		assert.equal(text, strbitop.sxor(strbitop.sxor(text, key), key));
	end);

	it("counts the bits that two strings start with alike #ours", function ()
		assert.equal(0, strbitop.common_prefix_bits("\0", "\128"));
		assert.equal(7, strbitop.common_prefix_bits("\0", "\1"));
		assert.equal(8, strbitop.common_prefix_bits("ab", "a"));
		assert.equal(12, strbitop.common_prefix_bits("a\15", "a\0"));
		assert.equal(24, strbitop.common_prefix_bits("abc", "abc"));
		assert.equal(0, strbitop.common_prefix_bits("", "abc"));
	end);
end);
