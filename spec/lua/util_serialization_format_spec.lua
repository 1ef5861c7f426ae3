local serialization = require "util.serialization";

describe("util.serialization", function ()
	local data = { "a", { b = true } };

	it("writes what the files of the internal storage hold", function ()
		assert.equal("{\n\t\"a\";\n\t{\n\t\t[\"b\"] = true;\n\t};\n}", serialization.serialize(data));
		assert.equal("{}", serialization.serialize({}));
	end);

	it("writes by preset", function ()
		assert.equal("{\"a\";{b=true}}", serialization.serialize(data, "compact"));
		assert.equal("{ \"a\"; { [\"b\"] = true } }", serialization.serialize(data, "oneline"));
		assert.equal("{ \"a\"; { b = true } }", serialization.serialize(data, "debug"));
		assert.equal("{\n\t\"a\";\n\t{\n\t\tb = true;\n\t};\n}", serialization.serialize(data, "pretty"));
		assert.equal("{ }", serialization.serialize({}, "oneline"));
	end);

	it("writes lists in order, without keys", function ()
		assert.equal("{3;2;1}", serialization.serialize({ 3, 2, 1 }, "compact"));
	end);

	it("escapes", function ()
		assert.equal([["\"\'\\\n\000\127\195\169"]], serialization.serialize("\"'\\\n\0\127é"));
	end);

	it("writes numbers that are no literals", function ()
		assert.equal("{(1/0);(-1/0)}", serialization.serialize({ 1/0, -1/0 }, "compact"));
	end);

	it("writes hexadecimal strings where they are shorter", function ()
		local serialize = serialization.new { hex = "h" };
		assert.equal('"text"', serialize("text"));
		assert.equal('h"00010203"', serialize("\0\1\2\3"));
	end);

	it("reads nothing but data", function ()
		assert.is_nil(serialization.deserialize("print('x')"));
		assert.is_nil(serialization.deserialize("{"));
		assert.is_nil(serialization.deserialize(nil));
	end);
end);
