-- Ours, not Prosody's: stanzas are printed with it.
describe("util.xmlcolours #ours", function ()
	local pretty_print;
	lazy_setup(function ()
		pretty_print = require "util.xmlcolours".pretty_print;
	end);

	local function strip(text) return (text:gsub("\27%[[%d;]*m", "")); end

	it("changes nothing but colours", function ()
		for _, xml in ipairs {
			"<a/>", "<a b='1' xmlns:c='2'>text &amp; more<b/></a>", "<?xml version='1.0'?>", "no markup", "", "<a b='&lt;'/>",
		} do
			assert.equal(xml, strip(pretty_print(xml)));
		end
	end);

	it("sets names, values and references apart", function ()
		local coloured = pretty_print("<body lang='en'>&amp;</body>");
		for _, part in ipairs { "<", "body", "lang", "'en'", "&amp;" } do
			assert.matches("m"..part.."\27", coloured, 1, true);
		end
	end);

	it("gives up on colours after a hundred tags", function ()
		local xml = ("<a/>"):rep(101);
		assert.equal("<a/>", pretty_print(xml):sub(-4));
		assert.equal(xml, strip(pretty_print(xml)));
	end);
end);
