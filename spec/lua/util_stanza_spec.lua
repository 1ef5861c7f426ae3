local st = require "util.stanza";

local xmlns_stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";

describe("util.stanza", function ()
	describe("building", function ()
		it("makes an element with its attributes", function ()
			local stanza = st.stanza("message", { to = "juliet@example.com", type = "chat" });
			assert.equal("message", stanza.name);
			assert.same({ to = "juliet@example.com", type = "chat" }, stanza.attr);
			assert.equal("<message/>", tostring(st.stanza("message")));
		end);

		it("goes down by tag and up by up", function ()
			local stanza = st.stanza("a"):tag("b"):tag("c"):up():tag("d"):up():up():tag("e");
			assert.equal("<a><b><c/><d/></b><e/></a>", tostring(stanza));
		end);

		it("stays at the top however often it goes up", function ()
			local stanza = st.stanza("a"):up():up():tag("b"):up():up():up():tag("c");
			assert.equal("<a><b/><c/></a>", tostring(stanza));
		end);

		it("knows whether it is at the top, and returns there", function ()
			local stanza = st.stanza("a");
			assert.is_true(stanza:at_top());
			stanza:tag("b"):tag("c");
			assert.is_false(stanza:at_top());
			assert.is_true(stanza:reset():at_top());
			assert.is_true(stanza:tag("d"):up():at_top());
		end);

		it("adds text, but none for nothing", function ()
			assert.equal("<a>text</a>", tostring(st.stanza("a"):text("text")));
			assert.equal("<a/>", tostring(st.stanza("a"):text(""):text(nil)));
		end);

		it("adds elements that hold text", function ()
			local stanza = st.stanza("a"):text_tag("b", "one", { n = "1" }):text_tag("c"):text_tag("d", "");
			assert.equal("<a><b n='1'>one</b><c/><d/></a>", tostring(stanza));
			assert.is_true(stanza:at_top());
		end);

		it("has short cuts", function ()
			assert.equal("<iq><query xmlns='jabber:iq:roster'/></iq>", tostring(st.stanza("iq"):query("jabber:iq:roster")));
			assert.equal("<message><body>Hi</body><x/></message>", tostring(st.stanza("message"):body("Hi"):tag("x")));
		end);

		it("adds children where the point is, or directly", function ()
			local stanza = st.stanza("a"):tag("b");
			stanza:add_child(st.stanza("c"));
			stanza:add_direct_child(st.stanza("d"));
			assert.equal("<a><b><c/></b><d/></a>", tostring(stanza));
		end);

		it("lists all children, and the elements among them", function ()
			local stanza = st.stanza("a"):text("1"):tag("b"):up():text("2");
			assert.equal(3, #stanza);
			assert.equal(1, #stanza.tags);
			assert.equal(stanza[2], stanza.tags[1]);
		end);

		describe("refuses", function ()
			local function refuses(what, build, message)
				it(what, function ()
					assert.has_error(build, message);
				end);
			end

			refuses("names that are no text", function () st.stanza(1); end,
				"invalid tag name: expected string, got number");
			refuses("no name", function () st.stanza(); end, "invalid tag name: expected string, got nil");
			refuses("empty names", function () st.stanza(""); end, "invalid tag name: empty string");
			for _, name in ipairs { "a b", "a<", "a>", "a&", "a'", 'a"' } do
				refuses("the name "..name, function () st.stanza(name); end, "invalid tag name: contains invalid characters");
			end
			refuses("names with control characters", function () st.stanza("a\1"); end,
				"invalid tag name: contains control characters");
			refuses("names that are no UTF-8", function () st.stanza("\255"); end,
				"invalid tag name: contains invalid utf8");
			refuses("attributes that are no table", function () st.stanza("a", "b"); end,
				"invalid attributes: expected table, got string");
			refuses("attribute names that are no text", function () st.stanza("a", { "b" }); end,
				"invalid attribute name: expected string, got number");
			refuses("attribute names with a space", function () st.stanza("a", { ["b c"] = "" }); end,
				"invalid attribute name: contains invalid characters");
			refuses("attribute values that are no text", function () st.stanza("a", { b = 1 }); end,
				"invalid attribute value: expected string, got number");
			refuses("attribute values with control characters", function () st.stanza("a", { b = "\0" }); end,
				"invalid attribute value: contains control characters");
			refuses("attribute values that are no UTF-8", function () st.stanza("a", { b = "\192\128" }); end,
				"invalid attribute value: contains invalid utf8");
			refuses("text that is none", function () st.stanza("a"):text(5); end,
				"invalid text value: expected string, got number");
			refuses("text with control characters", function () st.stanza("a"):text("\8"); end,
				"invalid text value: contains control characters");
			refuses("text that is no UTF-8", function () st.stanza("a"):text("\237\160\128"); end,
				"invalid text value: contains invalid utf8");
			refuses("children that are no stanzas", function () st.stanza("a"):add_child({ name = "b" }); end,
				"invalid text value: expected string, got table");
			for _, byte in ipairs { 20, 27, 31 } do
				refuses(("control character %d #ours"):format(byte), function ()
					st.stanza("a"):text(string.char(byte));
				end, "invalid text value: contains control characters");
			end
		end);

		it("takes tabs, ends of lines, and any name", function ()
			assert.equal("\t\r\n", st.stanza("a"):text("\t\r\n"):get_text());
			assert.equal("<__proto__ constructor='é'/>", tostring(st.stanza("__proto__", { constructor = "é" })));
		end);
	end);

	describe("serialising", function ()
		it("escapes text and attributes", function ()
			assert.equal("<a b='&lt;&gt;&amp;&apos;&quot;'>&lt;&gt;&amp;&apos;&quot;</a>",
				tostring(st.stanza("a", { b = "<>&'\"" }):text("<>&'\"")));
		end);

		it("does not repeat the parent's namespace", function ()
			local stanza = st.stanza("a", { xmlns = "u" }):tag("b", { xmlns = "u" }):up():tag("c", { xmlns = "v" });
			assert.equal("<a xmlns='u'><b/><c xmlns='v'/></a>", tostring(stanza));
		end);

		it("declares prefixes for attributes of a namespace", function ()
			assert.equal("<a xmlns:ns1='u' ns1:b='1'/>", tostring(st.stanza("a", { ["u\1b"] = "1" })));
		end);

		it("writes the opening tag alone", function ()
			assert.equal("<a b='1'>", st.stanza("a", { b = "1" }):tag("c"):top_tag());
		end);
	end);

	describe("searching", function ()
		local stanza;
		before_each(function ()
			stanza = st.message({ to = "a@b" })
				:tag("body"):text("one"):up()
				:tag("x", { xmlns = "u", a = "1" }):text_tag("deep", "two"):up()
				:tag("x", { xmlns = "v", a = "2" }):up();
		end);

		it("finds a child by name and namespace", function ()
			assert.equal("one", stanza:get_child("body"):get_text());
			assert.equal("1", stanza:get_child("x", "u").attr.a);
			assert.equal("2", stanza:get_child("x", "v").attr.a);
			assert.equal("2", stanza:get_child(nil, "v").attr.a);
			assert.is_nil(stanza:get_child("x"));
			assert.is_nil(stanza:get_child("__proto__"));
		end);

		it("takes the parent's namespace for a child that has none", function ()
			local parent = st.stanza("a", { xmlns = "u" }):text_tag("b", "inherited");
			assert.equal("inherited", parent:get_child_text("b"));
			assert.is_nil(parent:get_child("b", "u"));
		end);

		it("reads a child's text", function ()
			assert.equal("one", stanza:get_child_text("body"));
			assert.is_nil(stanza:get_child_text("subject"));
			assert.is_nil(stanza:get_child_text("x", "u"));
		end);

		it("reads a child's attribute #ours", function ()
			assert.equal("2", stanza:get_child_attr("x", "v", "a"));
			assert.is_nil(stanza:get_child_attr("x", "w", "a"));
		end);

		it("finds a child by an attribute", function ()
			assert.equal("u", stanza:get_child_with_attr("x", "u", "a", "1").attr.xmlns);
			assert.is_nil(stanza:get_child_with_attr("x", "u", "a", "2"));
			assert.truthy(stanza:get_child_with_attr("x", "u", "a", 1, tonumber));
		end);

		it("finds by name or namespace alone", function ()
			assert.equal("u", stanza:child_with_name("x").attr.xmlns);
			assert.equal("x", stanza:child_with_ns("v").name);
			assert.is_nil(stanza:child_with_name("y"));
			assert.is_nil(stanza:child_with_ns("w"));
		end);

		it("iterates over children", function ()
			stanza:text("end");
			local kinds = {};
			for child in stanza:children() do table.insert(kinds, type(child)); end
			assert.same({ "table", "table", "table", "string" }, kinds);
			local names = {};
			for child in stanza:childtags() do table.insert(names, child.name); end
			assert.same({ "body" }, names);
			for child in stanza:childtags("x", "v") do assert.equal("2", child.attr.a); end
		end);

		it("has text only where there are no elements", function ()
			assert.equal("", st.stanza("a"):get_text());
			assert.is_nil(stanza:get_text());
		end);

		for path, expected in pairs {
			["@to"] = "a@b", ["body#"] = "one", ["{u}x@a"] = "1", ["{u}x/{u}deep#"] = nil, ["{u}x/deep#"] = "two",
			["{v}/@a"] = nil, ["absent"] = nil, ["{w}x@a"] = nil, ["body@absent"] = nil, ["absent/deep#"] = nil,
		} do
			it("follows the path "..path, function ()
				assert.equal(expected, stanza:find(path));
			end);
		end

		it("finds elements by a path", function ()
			assert.equal(stanza.tags[2], stanza:find("{u}x"));
			assert.equal(stanza.tags[2].tags[1], stanza:find("{u}x/deep"));
			assert.equal(stanza.tags[2], stanza:find("{u}"));
			assert.is_nil(stanza:find("{w}x/deep"));
		end);

		it("finds attributes of a namespace by a path #ours", function ()
			stanza = st.stanza("a", { ["u\1b"] = "1" });
			assert.equal("1", stanza:find("@{u}b"));
			stanza.namespaces = { p = "u" };
			assert.equal("1", stanza:find("@p:b"));
			assert.is_nil(stanza:find("@q:b"));
		end);
	end);

	describe("changing", function ()
		it("maps elements, removing those that become nil", function ()
			local stanza = st.stanza("a"):text("1"):tag("b"):up():text("2"):tag("c"):up();
			stanza:maptags(function (child)
				return child.name == "b" and st.stanza("d") or nil;
			end);
			assert.equal("<a>1<d/>2</a>", tostring(stanza));
			assert.equal(1, #stanza.tags);
		end);

		it("notices that elements are not where they should be", function ()
			local stanza = st.stanza("a"):tag("b"):up();
			stanza[1] = nil;
			assert.error_matches(function () stanza:maptags(function (child) return child; end); end, "[Ii]nvalid stanza state");
		end);

		it("removes children by name and namespace", function ()
			local stanza = st.stanza("a"):tag("b"):up():tag("b", { xmlns = "u" }):up():tag("c"):up();
			stanza:remove_children("b");
			assert.equal("<a><b xmlns='u'/><c/></a>", tostring(stanza));
			stanza:remove_children(nil, "u");
			assert.equal("<a><c/></a>", tostring(stanza));
			assert.equal(1, #stanza.tags);
		end);

		it("removes children of its own namespace where none is named", function ()
			local stanza = st.stanza("a", { xmlns = "u" }):tag("b", { xmlns = "u" }):up():tag("b", { xmlns = "v" }):up();
			stanza:remove_children("b");
			assert.equal("<a xmlns='u'><b xmlns='v'/></a>", tostring(stanza));
		end);
	end);

	describe("copying", function ()
		it("clones, sharing nothing", function ()
			local original = st.stanza("a", { b = "1" }):tag("c"):text("x");
			local copy = st.clone(original);
			assert.equal(tostring(original), tostring(copy));
			copy.attr.b = "2";
			copy.tags[1].attr.d = "3";
			copy:text("y");
			assert.equal("<a b='1'><c>x</c></a>", tostring(original));
			assert.is_true(copy:at_top());
		end);

		it("clones the prefixes in scope", function ()
			local original = st.stanza("a", nil, { p = "u" });
			assert.same({ p = "u" }, st.clone(original).namespaces);
		end);

		it("stands for its data when it is serialised", function ()
			local serialize = require "util.serialization".new { preset = "compact", freeze = true };
			assert.matches('name="a"', serialize(st.stanza("a")), 1, true);
			assert.equal(nil, serialize(st.stanza("a")):find("last_add", 1, true));
		end);

		it("clones the top alone", function ()
			assert.equal("<a b='1'/>", tostring(st.clone(st.stanza("a", { b = "1" }):tag("c"), true)));
		end);

		it("clones nothing but stanzas", function ()
			assert.has_error(function () st.clone("a"); end, "bad argument to clone: expected stanza, got string");
			assert.has_error(function () st.clone({}); end, "bad argument to clone: expected stanza, got table");
		end);

		it("is stored as plain data, and restored", function ()
			local original = st.stanza("a", { xmlns = "u", ["v\1b"] = "1" }):text("x"):tag("c"):text("é"):up():text("y");
			local data = st.preserialize(original);
			assert.is_nil(getmetatable(data));
			assert.same({ name = "a", attr = { xmlns = "u", ["v\1b"] = "1" }, "x", { name = "c", attr = {}, "é" }, "y" }, data);
			local restored = st.deserialize(data);
			assert.is_true(st.is_stanza(restored));
			assert.same(original.attr, restored.attr);
			assert.equal(3, #restored);
			assert.equal("é", restored:get_child_text("c"));
			assert.equal(restored[2], restored.tags[1]);
		end);

		it("restores attributes as they were stored long ago", function ()
			assert.equal("1", st.deserialize({ name = "a", attr = { ["u|b"] = "1" } }).attr["u\1b"]);
		end);

		it("restores nothing from nothing", function ()
			assert.falsy((st.deserialize(nil)));
		end);

		it("restores nothing that could not be built", function ()
			assert.has_error(function () st.deserialize({ name = "a b", attr = {} }); end);
			assert.has_error(function () st.deserialize({ name = "a", attr = {}, "\0" }); end);
		end);
	end);

	it("knows stanzas", function ()
		assert.is_true(st.is_stanza(st.stanza("a")));
		assert.is_false(st.is_stanza({ name = "a", attr = {}, tags = {} }));
		assert.is_false(st.is_stanza("<a/>"));
		assert.is_false(st.is_stanza(nil));
	end);

	describe("stanzas", function ()
		it("are messages, with a body if there is one", function ()
			assert.equal("<message/>", tostring(st.message()));
			assert.equal("<message to='a@b'><body>Hi</body></message>", tostring(st.message({ to = "a@b" }, "Hi")));
		end);

		it("are presences", function ()
			assert.equal("<presence to='a@b'/>", tostring(st.presence({ to = "a@b" })));
		end);

		it("are iqs, with an id and a type", function ()
			assert.equal("iq", st.iq({ type = "get", id = "1" }).name);
			assert.has_error(function () st.iq({ type = "get" }); end, "iq stanzas require an id attribute");
			assert.has_error(function () st.iq({ id = "1" }); end, "iq stanzas require a type attribute");
		end);
	end);

	describe("reply", function ()
		local request;
		before_each(function ()
			request = st.iq({ type = "get", id = "1", from = "a@b/c", to = "d", ["xml:lang"] = "en" });
		end);

		it("turns the addresses round", function ()
			assert.same({ type = "result", id = "1", from = "d", to = "a@b/c" }, st.reply(request).attr);
		end);

		it("keeps the type of a message", function ()
			assert.equal("chat", st.reply(st.message({ type = "chat", id = "1" })).attr.type);
		end);

		it("answers nothing but stanzas", function ()
			assert.has_error(function () st.reply("x"); end, "bad argument to reply: expected stanza, got string");
		end);
	end);

	describe("error_reply", function ()
		local request = st.iq({ type = "get", id = "1", from = "a@b/c", to = "d" });

		it("says what is wrong", function ()
			local reply = st.error_reply(request, "cancel", "item-not-found", "Nobody <here>");
			assert.same({ type = "error", id = "1", from = "d", to = "a@b/c" }, reply.attr);
			assert.equal("<error type='cancel'><item-not-found xmlns='"..xmlns_stanzas.."'/>"
				.."<text xmlns='"..xmlns_stanzas.."'>Nobody &lt;here&gt;</text></error>", tostring(reply.tags[1]));
		end);

		it("says who says so, if it is not the addressee", function ()
			assert.equal("e", st.error_reply(request, "wait", "gone", nil, "e").tags[1].attr.by);
			assert.is_nil(st.error_reply(request, "wait", "gone", nil, "d").tags[1].attr.by);
		end);

		it("takes an error as util.error makes it", function ()
			local reply = st.error_reply(request, {
				type = "modify", condition = "gone", text = "Moved", extra = { uri = "xmpp:new.example" }, context = { by = "e" },
			});
			assert.equal("e", reply.tags[1].attr.by);
			assert.equal("xmpp:new.example", reply.tags[1]:get_child_text("gone", xmlns_stanzas));
			assert.same({ "modify", "gone", "Moved" }, { reply:get_error() });
		end);

		it("has the application's own condition", function ()
			local reply = st.error_reply(request, {
				type = "cancel", condition = "conflict", extra = { namespace = "urn:mine", condition = "too-many" },
			});
			assert.truthy(reply.tags[1]:get_child("too-many", "urn:mine"));
		end);

		it("has the application's own element", function ()
			local own = st.stanza("too-many", { xmlns = "urn:mine" });
			local reply = st.error_reply(request, { type = "cancel", condition = "conflict", extra = { tag = own } });
			assert.equal(own, reply.tags[1]:get_child("too-many", "urn:mine"));
		end);

		it("can be added to, inside of the error", function ()
			local reply = st.error_reply(request, "cancel", "conflict"):tag("more", { xmlns = "urn:mine" });
			assert.truthy(reply.tags[1]:get_child("more", "urn:mine"));
		end);

		it("answers nothing but stanzas", function ()
			assert.has_error(function () st.error_reply("x", "wait", "gone"); end,
				"bad argument to error_reply: expected stanza, got string");
		end);

		it("never answers an error", function ()
			assert.has_error(function () st.error_reply(st.error_reply(request, "wait", "gone"), "wait", "gone"); end,
				"bad argument to error_reply: got stanza of type error which must not be replied to");
		end);
	end);

	describe("get_error", function ()
		it("reads type, condition, text and the application's own element", function ()
			local stanza = st.stanza("iq", { type = "error" })
				:tag("error", { type = "wait" })
					:tag("own", { xmlns = "urn:mine" }):up()
					:text_tag("text", "Later", { xmlns = xmlns_stanzas })
					:tag("resource-constraint", { xmlns = xmlns_stanzas });
			local error_type, condition, text, extra = stanza:get_error();
			assert.equal("wait", error_type);
			assert.equal("resource-constraint", condition);
			assert.equal("Later", text);
			assert.equal("own", extra.name);
		end);

		it("makes do without a condition, or without an error", function ()
			local stanza = st.stanza("iq"):tag("error", { type = "wait" });
			assert.equal("undefined-condition", select(2, stanza:get_error()));
			assert.is_nil((st.stanza("iq"):get_error()));
		end);
	end);

	describe("add_error #ours", function ()
		it("adds the same as error_reply, to any element", function ()
			local stanza = st.stanza("x", { from = "a" }):add_error("wait", "gone", "Later", "b");
			assert.same({ "wait", "gone", "Later" }, { stanza:get_error() });
			assert.equal("b", stanza:get_child("error").attr.by);
			assert.is_true(stanza:at_top());
		end);
	end);

	it("escapes text for others", function ()
		assert.equal("&lt;&amp;&gt;&apos;&quot;é", st.xml_escape("<&>'\"é"));
	end);

	describe("for people", function ()
		it("is indented, except for text", function ()
			local stanza = st.stanza("a"):tag("b"):text_tag("c", "x"):up():tag("d");
			assert.equal("<a>\n\t<b>\n\t\t<c>x</c>\n\t</b>\n\t<d/>\n</a>", tostring(stanza:indent()));
			assert.equal("<a>\n  <b>\n    <c>x</c>\n  </b>\n  <d/>\n</a>", tostring(stanza:indent(1, "  ")));
			assert.equal("<a><b><c>x</c></b><d/></a>", tostring(stanza));
		end);

		it("has colours, which change nothing else", function ()
			local stanza = st.stanza("a"):tag("c"):text("x & y");
			assert.equal(tostring(stanza), (stanza:pretty_print():gsub("\27%[[%d;]*m", "")));
		end);
	end);

	describe("10,000 nested elements", function ()
		local deep, text;
		lazy_setup(function ()
			deep = st.stanza("a");
			for _ = 1, 10000 do deep:tag("b"); end
			deep:text("bottom"):reset();
			text = "<a>"..("<b>"):rep(10000).."bottom"..("</b>"):rep(10000).."</a>";
		end);

		it("are serialised", function ()
			assert.is_true(text == tostring(deep));
		end);

		it("are cloned #ours", function ()
			assert.is_true(text == tostring(st.clone(deep)));
		end);

		it("are stored and restored", function ()
			assert.is_true(text == tostring(st.deserialize(st.preserialize(deep))));
		end);
	end);
end);
