local format = require "util.format".format;

describe("util.format", function ()
	it("formats as string.format does", function ()
		assert.equal("a 5 1.50 ff 100%", format("%s %d %.2f %x %d%%", "a", 5, 1.5, 255, 100));
		assert.equal("   x|x   ", format("%4s|%-4s", "x", "x"));
		assert.equal("", format(""));
	end);

	it("adds arguments for which there is no specifier", function ()
		assert.equal("message [1] [two] [(nil)]", format("message", 1, "two", nil));
	end);

	it("makes do without arguments", function ()
		assert.equal("(nil) and (nil)", format("%s and %d"));
		assert.equal("a (nil)", format("%s %s", "a"));
	end);

	it("keeps to what numbers each specifier takes", function ()
		for specifier in ("diouxX"):gmatch(".") do
			assert.equal("[1.5]", format("%"..specifier, 1.5));
		end
		for specifier in ("oxX"):gmatch(".") do
			assert.equal("[-1]", format("%"..specifier, -1));
			assert.equal("0", format("%"..specifier, 0));
		end
		assert.equal("-1 +5 A 0x1p+0", format("%d %+d %c %a", -1, 5, 65, 1));
		assert.equal("1.5 1.500000e+00", format("%g %e", 1.5, 1.5));
	end);

	it("takes any type for any specifier", function ()
		assert.equal("[true]", format("%d", true));
		assert.equal("[x]", format("%d", "x"));
		assert.equal("[1.5]", format("%d", 1.5));
		assert.equal("[-1]", format("%x", -1));
		assert.equal("true", format("%s", true));
		assert.equal("(nil)", format("%s", nil));
		assert.matches("^table: ", format("%s", {}));
		assert.matches("^%[table: .*%]$", format("%d", {}));
	end);

	it("asks values for their text", function ()
		local value = setmetatable({}, { __tostring = function () return "mine"; end });
		assert.equal("mine", format("%s", value));
		assert.equal("[mine]", format("%d", value));
	end);

	it("dumps data by %q", function ()
		assert.equal('"a\\nb"', format("%q", "a\nb"));
		assert.equal("1 true", format("%q %q", 1, true));
		assert.matches("function", format("%q", print));
	end);

	it("dumps tables briefly by %q #ours", function ()
		assert.equal("{a=1}", format("%q", { a = 1 }));
	end);

	describe("hostile text", function ()
		it("shows control characters", function ()
			assert.equal("␀␛[31m␡", format("%s", "\0\27[31m\127"));
		end);

		it("starts no new entry", function ()
			assert.equal("line\n\terror\tforged", format("%s", "line\nerror\tforged"));
		end);

		it("is dumped if it is no UTF-8", function ()
			assert.equal('"\\255\\254"', format("%s", "\255\254"));
		end);

		it("is cleaned also where there is no specifier", function ()
			assert.equal("x [␇]", format("x", "\7"));
		end);

		it("is not taken for a template", function ()
			assert.equal("%s %d", format("%s", "%s %d"));
			assert.equal("x [%s]", format("x", "%s"));
		end);
	end);
end);
