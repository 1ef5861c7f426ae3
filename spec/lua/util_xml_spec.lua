local xml = require "util.xml";

describe("util.xml", function ()
	it("makes a stanza of a document", function ()
		local stanza = xml.parse("<a b='1'>x<c/>y</a>");
		assert.equal("a", stanza.name);
		assert.equal("<a b='1'>x<c/>y</a>", tostring(stanza));
	end);

	describe("refuses", function ()
		local refused = {
			["nothing"] = "";
			["text alone"] = "text";
			["two elements"] = "<a/><b/>";
			["text after the element"] = "<a/>text";
			["an element that stays open"] = "<a>";
			["tags that do not match"] = "<a></b>";
			["a tag that closes nothing"] = "</a>";
			["an attribute twice"] = "<a b='1' b='2'/>";
			["an attribute twice by namespace"] = "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>";
			["an attribute without quotes"] = "<a b=1/>";
			["an attribute without a value"] = "<a b/>";
			["attributes without space"] = "<a b='1'c='2'/>";
			["a bracket in an attribute"] = "<a b='<'/>";
			["a prefix that is not bound"] = "<p:a/>";
			["a prefix that is not bound, of an attribute"] = "<a p:b='1'/>";
			["a prefix bound to nothing"] = "<a xmlns:p=''/>";
			["the prefix xmlns bound"] = "<a xmlns:xmlns='u'/>";
			["an unknown entity"] = "<a>&nbsp;</a>";
			["a bare ampersand"] = "<a>&</a>";
			["a reference to no character"] = "<a>&#0;</a>";
			["a reference to a surrogate"] = "<a>&#xD800;</a>";
			["a reference past the last code point"] = "<a>&#x110000;</a>";
			["the end of CDATA in text"] = "<a>]]></a>";
			["CDATA without an end"] = "<a><![CDATA[</a>";
			["a control character"] = "<a>\1</a>";
			["a zero byte"] = "<a>\0</a>";
			["what is no UTF-8"] = "<a>\255</a>";
			["a name that starts with a digit"] = "<1/>";
			["a declaration that comes late"] = " <?xml version='1.0'?><a/>";
			["a document type"] = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
			["a comment"] = "<a><!-- b --></a>";
			["an instruction"] = "<a><?b c?></a>";
		};
		for what, document in pairs(refused) do
			it(what, function ()
				local stanza, err = xml.parse(document);
				assert.falsy(stanza);
				assert.matches(" %(line %d+, col %d+%)", err);
			end);
		end

		it("an encoding that is not UTF-8 #ours", function ()
			local stanza, err = xml.parse("<?xml version='1.0' encoding='utf-16'?><a/>");
			assert.is_nil(stanza);
			assert.matches("unknown encoding", err);
		end);
	end);

	it("says what is wrong, and where", function ()
		assert.matches("^mismatched tag %(line 2, col %d+%)", select(2, xml.parse("<a>\n  </b>")));
		assert.matches("^duplicate attribute %(", select(2, xml.parse("<a b='1' b='2'/>")));
		assert.matches("^unbound prefix %(", select(2, xml.parse("<p:a/>")));
		assert.matches("^undefined entity %(", select(2, xml.parse("<a>&x;</a>")));
	end);

	it("passes over comments and instructions if it may", function ()
		assert.equal("<a>xy</a>", tostring(xml.parse("<a>x<!-- b -->y</a>", { allow_comments = true })));
		assert.equal("<a/>", tostring(xml.parse("<?b c?><a/>", { allow_processing_instructions = true })));
		assert.falsy(xml.parse("<a><!-- b --></a>", { allow_processing_instructions = true }));
	end);

	it("takes a declaration, space around the element and self-closing tags", function ()
		assert.equal("<a><b/></a>", tostring(xml.parse("<?xml version='1.0' encoding='UTF-8'?>\n<a ><b></b ></a>\n")));
	end);

	it("makes text of references and CDATA", function ()
		assert.equal("<&>'\" é😀 <b/>",
			xml.parse("<a>&lt;&amp;&gt;&apos;&quot; &#233;&#x1F600; <![CDATA[<b/>]]></a>"):get_text());
	end);

	it("resolves references in attributes", function ()
		assert.equal("<'\"é", xml.parse("<a b='&lt;&apos;&quot;&#xe9;'/>").attr.b);
	end);

	it("normalises the ends of lines, and space in attributes", function ()
		local stanza = xml.parse("<a b='1\r\n\t2&#10;'>\r\n\r</a>");
		assert.equal("\n\n", stanza:get_text());
		assert.equal("1  2\n", stanza.attr.b);
	end);

	it("resolves namespaces", function ()
		local stanza = xml.parse("<a xmlns='u' xmlns:p='v' p:x='1' y='2' xml:lang='de'><b/><p:c/><d xmlns='w'/></a>");
		assert.same({ xmlns = "u", ["v\1x"] = "1", y = "2", ["xml:lang"] = "de" }, stanza.attr);
		assert.equal("u", stanza.tags[1].attr.xmlns);
		assert.equal("v", stanza.tags[2].attr.xmlns);
		assert.equal("w", stanza.tags[3].attr.xmlns);
	end);

	it("takes the default namespace back #ours", function ()
		assert.is_nil(xml.parse("<a xmlns='u'><b xmlns=''/></a>").tags[1].attr.xmlns);
	end);

	it("remembers the prefixes in scope", function ()
		assert.same({ p = "v" }, xml.parse("<a xmlns:p='v'><b/></a>").namespaces);
	end);

	it("takes names of any kind", function ()
		local stanza = xml.parse("<__proto__ constructor='1'><é/></__proto__>");
		assert.equal("1", stanza.attr.constructor);
		assert.equal("é", stanza.tags[1].name);
	end);

	it("parses 10,000 nested elements", function ()
		local text = ("<b>"):rep(10000)..("</b>"):rep(9999).."</b>";
		local depth, element = 0, xml.parse(text);
		while element do
			depth, element = depth + 1, element.tags[1];
		end
		assert.equal(10000, depth);
	end);
end);
