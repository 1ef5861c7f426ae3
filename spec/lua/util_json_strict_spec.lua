local json = require "util.json";

describe("util.json", function ()
	local refused = {
		["trailing commas"] = { "[1,]", "{\"a\":1,}" };
		["numbers that JSON does not know"] = { "01", "+1", "1.", ".5", "0x10", "1e", "-", "NaN" };
		["unknown escapes"] = { "\"\\x15\"", "\"\\017\"", "\"\\u12\"", "\"\\" };
		["halves of surrogate pairs"] = { "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"" };
		["control characters in strings"] = { "\"\t\"", "\"\n\"", "\"\0\"" };
		["what does not end"] = { "[", "{\"a\":", "\"a", "tru", "" };
		["more than one value"] = { "1 2", "{}{}", "nullnull" };
		["what is nested too deeply"] = { ("["):rep(100000) };
	};
	for what, texts in pairs(refused) do
		it("refuses "..what, function ()
			for _, text in ipairs(texts) do
				local value, err = json.decode(text);
				assert.is_nil(value);
				assert.is_string(err);
			end
		end);
	end

	it("decodes escapes", function ()
		assert.equal("\"\\/\b\f\n\r\té😀", json.decode([["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"]]));
	end);

	it("keeps whole numbers beyond 32 bits", function ()
		assert.equal("[1700000000000]", json.encode(json.decode("[1700000000000]")));
	end);

	it("carries tables that are neither list nor map", function ()
		local mixed = { "a", "b", name = "c", [true] = "d" };
		assert.same(mixed, json.decode(json.encode(mixed)));
	end);

	it("tells null from nothing", function ()
		local object = json.decode('{"a":null}');
		assert.equal(json.null, object.a);
		assert.equal('{"a":null}', json.encode(object));
	end);
end);
