local serialization = require "util.serialization";

describe("util.serialization", function ()
	local serialize, deserialize = serialization.serialize, serialization.deserialize;

	describe("serialize", function ()
		it("writes what the files of the internal storage hold", function ()
			assert.equal('{\n\t"a";\n\t{\n\t\t["b"] = true;\n\t};\n}', serialize { "a", { b = true } });
			assert.equal("{}", serialize {});
		end);

		for preset, expected in pairs {
			compact = '{"a";{b=true}}';
			oneline = '{ "a"; { ["b"] = true } }';
			debug = '{ "a"; { b = true } }';
		} do
			it("writes the preset "..preset, function ()
				assert.equal(expected, serialize({ "a", { b = true } }, preset));
			end);
		end

		it("writes the preset pretty, with names where keys are some #ours", function ()
			assert.equal('{\n\t"a";\n\t{\n\t\tb = true;\n\t};\n}', serialize({ "a", { b = true } }, "pretty"));
		end);

		it("writes lists in order, without keys", function ()
			assert.equal("{3;2;1}", serialize({ 3, 2, 1 }, "compact"));
		end);

		it("escapes, so that any bytes stand in a line of ASCII", function ()
			assert.equal([["\"\'\\\n\000\127\195\169\255"]], serialize("\"'\\\n\0\127é\255"));
		end);

		it("quotes keywords and what is no name", function ()
			for key in ("and break do else elseif end false for function goto if in local nil not or repeat return then true"
				.." until while 1a é"):gmatch("%S+") do
				assert.matches("{[", serialize({ [key] = 1 }, "compact"), 1, true);
			end
			for _, key in ipairs { "a b", "" } do
				assert.matches("{[", serialize({ [key] = 1 }, "compact"), 1, true);
			end
			assert.equal("{_1=1}", serialize({ _1 = 1 }, "compact"));
		end);

		it("writes numbers that are no literals", function ()
			assert.equal("{(1/0);(-1/0)}", serialize({ 1/0, -1/0 }, "compact"));
			assert.equal("(0/0)", serialize(0/0):gsub("%-", ""));
		end);

		it("writes whole numbers as such", function ()
			assert.equal("{0;-1;2147483647}", serialize({ 0, -1, 2147483647 }, "compact"));
		end);

		it("throws on what is no data", function ()
			assert.has_error(function () serialize(print); end, "Can't serialize function");
			assert.has_error(function () serialize { coroutine.create(print) }; end, "Can't serialize thread");
		end);

		it("throws on a table in several places", function ()
			local shared, circle = {}, {};
			circle.circle = circle;
			assert.has_error(function () serialize { shared, shared }; end,
				"Can't serialize table: table has multiple references");
			assert.has_error(function () serialize(circle); end,
				"Can't serialize table: table has multiple references");
		end);

		it("throws on what is nested too deeply", function ()
			local deep = {};
			for _ = 1, 200 do deep = { deep }; end
			assert.has_error(function () serialize(deep); end, "Can't serialize table: max table depth reached");
		end);

		it("never throws for debugging", function ()
			local circle = {};
			circle.circle = circle;
			assert.matches('__type="table",__error="table has multiple references"', serialize(circle, "debug"), 1, true);
			assert.matches('__type="function",__error="fail"', serialize(print, "debug"), 1, true);
		end);
	end);

	describe("new", function ()
		it("writes hexadecimal strings where they are shorter", function ()
			local hex = serialization.new { hex = "h" };
			assert.equal('"text"', hex("text"));
			assert.equal('h"00010203"', hex("\0\1\2\3"));
		end);

		it("allows a table in several places if it is told to, but no circle", function ()
			local shared, circle = { 1 }, {};
			circle.circle = circle;
			local multiref = serialization.new { preset = "compact", multiref = true };
			assert.equal("{{1};{1}}", multiref { shared, shared });
			assert.has_error(function () multiref(circle); end);
		end);

		it("asks the fallback what to write", function ()
			local with_fallback = serialization.new { fallback = function (value, why) return type(value)..tostring(why); end };
			assert.equal("functionnil", with_fallback(print));
		end);

		it("lets tables say what stands for them", function ()
			local freezing = serialization.new { preset = "compact", freeze = true };
			local mt = { __freeze = function (self) return { self.data }; end };
			assert.equal('{"x"}', freezing(setmetatable({ data = "x", cache = print }, mt)));
			mt.__name = "box";
			assert.equal('box{"x"}', freezing(setmetatable({ data = "x" }, mt)));
			mt.__freeze = function () return "box()"; end
			assert.equal("box()", freezing(setmetatable({}, mt)));
		end);

		it("limits the depth", function ()
			local flat = serialization.new { maxdepth = 1, fatal = false, preset = "compact" };
			assert.matches("max table depth reached", flat { {} });
		end);
	end);

	describe("deserialize", function ()
		it("gives back what serialize took", function ()
			local data = { "a", { b = false }, ["\255\0ü"] = 2^40, __proto__ = { [false] = -1.5 }, [7] = "" };
			for _, preset in ipairs { "oneline", "compact", "pretty" } do
				assert.same(data, deserialize(serialize(data, preset)));
			end
			assert.same(data, deserialize(serialize(data)));
		end);

		it("gives back infinity", function ()
			assert.same({ 1/0, -1/0 }, deserialize(serialize { 1/0, -1/0 }));
		end);

		it("gives nil for nil", function ()
			assert.is_nil((deserialize(nil)));
		end);

		for _, source in ipairs { "{", "", "print('x')", "os.exit()", "{ x = y.z }" } do
			it(("takes nothing but data: %s"):format(source), function ()
				assert.is_nil((deserialize(source)));
			end);
		end

		it("says what is wrong", function ()
			local data, err = deserialize("{ = }");
			assert.is_nil(data);
			assert.is_string(err);
		end);
	end);
end);
