local jid = require "util.jid";

describe("util.jid", function ()
	describe("split", function ()
		for address, parts in pairs {
			["juliet@example.com/balcony"] = { "juliet", "example.com", "balcony" };
			["juliet@example.com"] = { "juliet", "example.com" };
			["example.com"] = { nil, "example.com" };
			["example.com/resource"] = { nil, "example.com", "resource" };
			["example.com/a@b/c"] = { nil, "example.com", "a@b/c" };
			["__proto__@constructor/length"] = { "__proto__", "constructor", "length" };
			["a@b/ "] = { "a", "b", " " };
			["a@b//"] = { "a", "b", "/" };
		} do
			it("parts "..address, function ()
				local node, host, resource = jid.split(address);
				assert.equal(parts[1], node);
				assert.equal(parts[2], host);
				assert.equal(parts[3], resource);
			end);
		end

		for _, text in ipairs { "", "@", "/", "@/", "a@", "@b", "a@b/", "a@/c", "@b/c", "a@b@c", "/c" } do
			it(("takes %q for no address"):format(text), function ()
				assert.same({}, { jid.split(text) });
			end);
		end

		it("gives nil for nil", function ()
			assert.is_nil((jid.split(nil)));
		end);

		it("has each part on its own", function ()
			assert.equal("a", jid.node("a@b/c"));
			assert.equal("b", jid.host("a@b/c"));
			assert.equal("c", jid.resource("a@b/c"));
			assert.is_nil(jid.node("b/c"));
			assert.is_nil(jid.resource("a@b"));
			assert.is_nil(jid.host("@"));
		end);
	end);

	describe("join", function ()
		it("puts the parts together", function ()
			assert.equal("a@b/c", jid.join("a", "b", "c"));
			assert.equal("a@b", jid.join("a", "b"));
			assert.equal("b/c", jid.join(nil, "b", "c"));
			assert.equal("b", jid.join(nil, "b"));
		end);

		it("needs a host", function ()
			assert.is_nil(jid.join("a", nil, "c"));
			assert.is_nil(jid.join(nil, nil, nil));
		end);
	end);

	describe("bare", function ()
		it("takes the resource away", function ()
			assert.equal("a@b", jid.bare("a@b/c"));
			assert.equal("a@b", jid.bare("a@b"));
			assert.equal("b", jid.bare("b/c"));
		end);

		it("gives nil for what is no address", function ()
			assert.is_nil(jid.bare("@"));
			assert.is_nil(jid.bare(nil));
		end);
	end);

	describe("prep", function ()
		it("brings each part into its form", function ()
			assert.equal("juliet@example.com/Balcony", jid.prep("Juliet@EXAMPLE.com/Balcony"));
			assert.same({ "juliet", "example.com", "Balcony" }, { jid.prepped_split("Juliet@EXAMPLE.com/Balcony") });
		end);

		it("takes the dot away from the end of the host", function ()
			assert.equal("a@example.com/c", jid.prep("a@example.com./c"));
			assert.is_nil(jid.prep("."));
		end);

		for _, text in ipairs { "a b@host", "a\"@host", "a@host/bell\7", "a@\255", "\255@host", "a@host/\255", "@", "" } do
			local shown = text:gsub("[^ -~]", function (byte) return ("\\%d"):format(byte:byte()); end);
			it("refuses '"..shown.."'", function ()
				assert.is_nil(jid.prep(text));
				assert.is_nil((jid.prepped_split(text)));
			end);
		end

		it("refuses parts that are too long", function ()
			local long, longer = ("a"):rep(1023), ("a"):rep(1024);
			assert.equal(long.."@b", jid.prep(long.."@b"));
			assert.is_nil(jid.prep(longer.."@b"));
			assert.is_nil(jid.prep("a@b/"..longer));
		end);

		it("refuses what Unicode 3.2 does not know if it is strict", function ()
			assert.equal("a@b/😀", jid.prep("a@b/😀"));
			assert.is_nil(jid.prep("a@b/😀", true));
		end);
	end);

	describe("compare", function ()
		for _, case in ipairs {
			{ "a@b/c", "a@b/c", true }, { "a@b/c", "a@b", true }, { "a@b/c", "b", true }, { "a@b/c", "b/c", true },
			{ "a@b/c", "x@b", false }, { "a@b/c", "x", false }, { "a@b/c", "a@b/x", false }, { "a@b", "a@b/c", false },
			{ "b", "a@b", false },
		} do
			it(case[1]..(case[3] and " matches " or " does not match ")..case[2], function ()
				assert.equal(case[3], jid.compare(case[1], case[2]));
			end);
		end
	end);

	describe("escaping (XEP-0106)", function ()
		for plain, escaped in pairs {
			["d'artagnan"] = "d\\27artagnan";
			["space cadet"] = "space\\20cadet";
			["call me \"ishmael\""] = "call\\20me\\20\\22ishmael\\22";
			["at&t guy"] = "at\\26t\\20guy";
			["/.fanboy"] = "\\2f.fanboy";
			["::foo::"] = "\\3a\\3afoo\\3a\\3a";
			["<foo>"] = "\\3cfoo\\3e";
			["user@host"] = "user\\40host";
			["c:\\net"] = "c\\3a\\net";
			["c:\\5commas"] = "c\\3a\\5c5commas";
			["plain"] = "plain";
			[""] = "";
		} do
			it(("makes %s of %s, and back"):format(escaped, plain), function ()
				assert.equal(escaped, jid.escape(plain));
				assert.equal(plain, jid.unescape(escaped));
			end);
		end

		it("gives nil for nil", function ()
			assert.falsy(jid.escape(nil));
			assert.falsy(jid.unescape(nil));
		end);

		it("leaves other backslashes alone", function ()
			assert.equal("a\\b\\zz\\", jid.escape("a\\b\\zz\\"));
			assert.equal("\\41\\7f", jid.unescape("\\41\\7f"));
		end);
	end);
end);
