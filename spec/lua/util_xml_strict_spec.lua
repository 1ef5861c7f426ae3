local xml = require "util.xml";

describe("util.xml", function ()
	local refused = {
		["nothing"] = "";
		["text alone"] = "text";
		["two elements"] = "<a/><b/>";
		["an element that stays open"] = "<a>";
		["tags that do not match"] = "<a></b>";
		["an attribute twice"] = "<a b='1' b='2'/>";
		["an attribute twice by namespace"] = "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>";
		["an attribute without quotes"] = "<a b=1/>";
		["attributes without space"] = "<a b='1'c='2'/>";
		["a bracket in an attribute"] = "<a b='<'/>";
		["a prefix that is not bound"] = "<p:a/>";
		["a prefix bound to nothing"] = "<a xmlns:p=''/>";
		["the prefix xmlns bound"] = "<a xmlns:xmlns='u'/>";
		["an unknown entity"] = "<a>&nbsp;</a>";
		["a bare ampersand"] = "<a>&</a>";
		["a reference to no character"] = "<a>&#0;</a>";
		["the end of CDATA in text"] = "<a>]]></a>";
		["a control character"] = "<a>\1</a>";
		["what is no UTF-8"] = "<a>\255</a>";
		["a name that starts with a digit"] = "<1/>";
		["an encoding that is not UTF-8"] = "<?xml version='1.0' encoding='utf-16'?><a/>";
		["a declaration that comes late"] = " <?xml version='1.0'?><a/>";
		["a document type"] = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
		["a comment"] = "<a><!-- b --></a>";
		["an instruction"] = "<a><?b c?></a>";
	};
	for what, document in pairs(refused) do
		it("refuses "..what, function ()
			local stanza, err = xml.parse(document);
			assert.is_nil(stanza);
			assert.truthy(err:match("%(line %d+, col %d+%)$"));
		end);
	end

	it("says where", function ()
		assert.equal("mismatched tag (line 2, col 3)", select(2, xml.parse("<a>\n  </b>")));
	end);

	it("makes text of references and CDATA", function ()
		assert.equal("<&>'\" é😀 <b/>", xml.parse("<a>&lt;&amp;&gt;&apos;&quot; &#233;&#x1F600; <![CDATA[<b/>]]></a>"):get_text());
	end);

	it("normalises the ends of lines, and space in attributes", function ()
		local stanza = xml.parse("<a b='1\r\n\t2&#10;'>\r\n\r</a>");
		assert.equal("\n\n", stanza:get_text());
		assert.equal("1  2\n", stanza.attr.b);
	end);

	it("resolves namespaces", function ()
		local stanza = xml.parse("<a xmlns='u' xmlns:p='v' p:x='1' y='2' xml:lang='de'><b/><p:c/><d xmlns=''/></a>");
		assert.same({ xmlns = "u", ["v\1x"] = "1", y = "2", ["xml:lang"] = "de" }, stanza.attr);
		assert.equal("u", stanza.tags[1].attr.xmlns);
		assert.equal("v", stanza.tags[2].attr.xmlns);
		assert.is_nil(stanza.tags[3].attr.xmlns);
		assert.same({ p = "v" }, stanza.tags[1].namespaces);
	end);
end);
