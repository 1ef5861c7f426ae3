local array = require "util.array";
local json = require "util.json";

describe("util.json", function ()
	describe("encode", function ()
		for text, value in pairs {
			["true"] = true, ["false"] = false, ["null"] = json.null, ["1"] = 1, ["-1.5"] = -1.5, ['""'] = "",
			["[1,2]"] = { 1, 2 }, ['{"a":{"b":[true]}}'] = { a = { b = { true } } }, ["{}"] = {},
		} do
			it("writes "..text, function ()
				assert.equal(text, json.encode(value));
			end);
		end

		it("writes nil as null", function ()
			assert.equal("null", json.encode(nil));
		end);

		it("tells an empty array from an empty object", function ()
			assert.equal("[]", json.encode(array()));
			assert.equal("[]", json.encode_array({}));
			assert.equal("{}", json.encode({}));
		end);

		it("escapes what a string may not hold", function ()
			assert.equal([["\"\\/\b\f\n\r\t\u0000\u001F"]], json.encode("\"\\/\b\f\n\r\t\0\31"));
		end);

		it("leaves UTF-8 as it is", function ()
			assert.equal('"é😀\127"', json.encode("é😀\127"));
		end);

		it("writes names of any kind", function ()
			assert.equal('{"__proto__":1}', json.encode { __proto__ = 1 });
			assert.equal('{"":1}', json.encode { [""] = 1 });
			assert.equal('{"a\\"b":1}', json.encode { ['a"b'] = 1 });
		end);

		it("orders the members on demand", function ()
			assert.equal('{"a":1,"b":{"c":1,"d":2},"e":3}', json.encode_ordered { e = 3, b = { d = 2, c = 1 }, a = 1 });
		end);

		it("writes what numbers JSON has not as null #ours", function ()
			assert.equal("[null,null,null]", json.encode { 1/0, -1/0, 0/0 });
		end);

		it("keeps whole numbers beyond 32 bits", function ()
			assert.equal("1700000000000", json.encode(1700000000000));
		end);
	end);

	describe("decode", function ()
		it("reads values of all types, with space around them", function ()
			assert.same({ a = { 1, -2.5, 1e3, true, false, "x" }, b = {} },
				json.decode(' { "a" : [ 1 , -2.5,1e3,\ttrue,false,"x" ] ,\r\n"b":{ } } '));
		end);

		it("tells null from nothing", function ()
			local object = json.decode('{"a":null}');
			assert.equal(json.null, object.a);
			assert.equal("null", tostring(object.a));
			assert.equal('{"a":null}', json.encode(object));
		end);

		it("reads escapes", function ()
			assert.equal("\"\\/\b\f\n\r\té😀", json.decode([["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"]]));
		end);

		it("makes arrays of arrays, so that an empty one stays one", function ()
			assert.equal("[]", json.encode(json.decode("[]")));
			assert.equal('{"a":[]}', json.encode(json.decode('{"a":[]}')));
		end);

		it("takes names of any kind", function ()
			local object = json.decode('{"__proto__":{"x":1},"length":2,"":3}');
			assert.equal(1, object.__proto__.x);
			assert.equal(2, object.length);
			assert.equal(3, object[""]);
		end);

		it("keeps the last of members of one name", function ()
			assert.equal(2, json.decode('{"a":1,"a":2}').a);
		end);

		it("carries tables that are neither list nor map", function ()
			local mixed = { "a", "b", name = "c", [true] = "d" };
			assert.same(mixed, json.decode(json.encode(mixed)));
		end);

		for what, texts in pairs {
			["what does not end"] = { "[", "{\"a\":", "\"a", "{", "[1" };
			["what has no value"] = { "", " ", "tru", "nul", "x" };
			["more than one value"] = { "1 2", "{}{}", "nullnull", "[] x" };
			["what lacks a separator"] = { "[1 2]", "{\"a\" 1}", "{\"a\":1 \"b\":2}" };
			["names that are no strings"] = { "{a:1}", "{1:2}" };
		} do
			it("refuses "..what, function ()
				for _, text in ipairs(texts) do
					local value, err = json.decode(text);
					assert.is_nil(value);
					assert.truthy(err);
				end
			end);
		end

		for what, texts in pairs {
			["trailing commas"] = { "[1,]", "{\"a\":1,}" };
			["numbers that JSON does not know"] = { "01", "+1", "1.", ".5", "0x10", "1e", "-", "NaN" };
			["unknown escapes"] = { "\"\\x15\"", "\"\\017\"", "\"\\u12\"", "\"\\" };
			["halves of surrogate pairs"] = { "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"" };
			["control characters in strings"] = { "\"\t\"", "\"\n\"", "\"\0\"" };
			["what is nested too deeply"] = { ("["):rep(100000) };
			["comments"] = { "/* x */ 1", "1 // x" };
		} do
			it("refuses "..what.." #ours", function ()
				for _, text in ipairs(texts) do
					local value, err = json.decode(text);
					assert.is_nil(value);
					assert.is_string(err);
				end
			end);
		end

		it("says where it stopped #ours", function ()
			assert.same({ nil, "value expected at position 5" }, { json.decode("[1, x]") });
		end);
	end);
end);
