local dataforms = require "util.dataforms";
local st = require "util.stanza";

local xmlns_forms = "jabber:x:data";

-- A submitted form: values by variable, in lists.
local function submitted(fields)
	local form = st.stanza("x", { xmlns = xmlns_forms, type = "submit" });
	for var, values in pairs(fields) do
		form:tag("field", { var = var });
		for _, value in ipairs(values) do form:text_tag("value", value); end
		form:up();
	end
	return form;
end

describe("util.dataforms", function ()
	describe("form", function ()
		local layout;
		before_each(function ()
			layout = dataforms.new {
				title = "Settings", instructions = "Fill in",
				{ name = "FORM_TYPE", type = "hidden", value = "urn:example" },
				{ name = "nick", type = "text-single", label = "Nickname", desc = "What you are called", required = true },
				{ name = "colours", type = "list-multi", label = "Colours", options = {
					{ label = "Red", value = "r", default = true }, { label = "Blue", value = "b" }, "g",
				} },
				{ name = "lines", type = "text-multi" },
				{ name = "happy", type = "boolean", value = true },
				{ name = "renamed", var = "{urn:example}renamed", type = "jid-multi" },
				{ type = "fixed", value = "The end" },
			};
		end);

		local function field(form, var)
			return form:get_child_with_attr("field", nil, "var", var);
		end

		local function values(form, var)
			local list = {};
			for value in field(form, var):childtags("value") do table.insert(list, value:get_text()); end
			return list;
		end

		it("asks, with all that people want to know", function ()
			local form = layout:form();
			assert.same({ xmlns = xmlns_forms, type = "form" }, form.attr);
			assert.equal("Settings", form:get_child_text("title"));
			assert.equal("Fill in", form:get_child_text("instructions"));
			local nick = field(form, "nick");
			assert.same({ var = "nick", type = "text-single", label = "Nickname" }, nick.attr);
			assert.equal("What you are called", nick:get_child_text("desc"));
			assert.truthy(nick:get_child("required"));
		end);

		it("offers options, and selects what is default", function ()
			local form = layout:form();
			local options = {};
			for option in field(form, "colours"):childtags("option") do
				table.insert(options, option.attr.label..option:get_child_text("value"));
			end
			assert.same({ "Redr", "Blueb", "gg" }, options);
			assert.same({ "r" }, values(form, "colours"));
		end);

		it("takes values by name", function ()
			local form = layout:form({
				nick = "__proto__", colours = { "b", "g" }, lines = "one\ntwo\r\nthree", happy = false, renamed = { "a@b", "c" },
			}, "result");
			assert.equal("result", form.attr.type);
			assert.same({ "__proto__" }, values(form, "nick"));
			assert.same({ "b", "g" }, values(form, "colours"));
			assert.same({ "one", "two", "three" }, values(form, "lines"));
			assert.same({ "0" }, values(form, "happy"));
			assert.same({ "a@b", "c" }, values(form, "{urn:example}renamed"));
		end);

		it("has the values of its layout where none are given", function ()
			local form = layout:form({}, "result");
			assert.same({ "urn:example" }, values(form, "FORM_TYPE"));
			assert.same({ "1" }, values(form, "happy"));
			assert.same({}, values(form, "nick"));
		end);

		it("is submitted without what is for people", function ()
			local form = layout:form({ nick = "x" }, "submit");
			assert.is_nil(form:get_child("title"));
			assert.is_nil(form:get_child("instructions"));
			local nick = field(form, "nick");
			assert.is_nil(nick.attr.label);
			assert.is_nil(nick:get_child("required"));
			assert.is_nil(field(form, "colours"):get_child("option"));
		end);

		it("is cancelled empty", function ()
			assert.equal("<x", tostring(layout:form({ nick = "x" }, "cancel")):sub(1, 2));
			assert.equal(0, #layout:form({ nick = "x" }, "cancel"));
		end);

		it("writes numbers by their datatype", function ()
			local form = dataforms.new {
				{ name = "count", type = "text-single", datatype = "xs:integer" },
				{ name = "time", type = "text-single", datatype = "xs:dateTime" },
			}:form { count = 50, time = 1136239445 };
			assert.same({ "50" }, values(form, "count"));
			assert.same({ "2006-01-02T22:04:05Z" }, values(form, "time"));
			local validate = field(form, "count"):get_child("validate", "http://jabber.org/protocol/xdata-validate");
			assert.equal("xs:integer", validate.attr.datatype);
			assert.is_nil(validate:get_child("range"));
		end);

		it("says which numbers are allowed", function ()
			local xmlns = "http://jabber.org/protocol/xdata-validate";
			local form = dataforms.new {
				{ name = "low", type = "text-single", datatype = "xs:integer", range_min = 1 },
				{ name = "high", type = "text-single", datatype = "xs:integer", range_max = 9 },
			}:form();
			assert.same({ min = "1" }, field(form, "low"):get_child("validate", xmlns):get_child("range").attr);
			assert.same({ max = "9" }, field(form, "high"):get_child("validate", xmlns):get_child("range").attr);
			local result = dataforms.new { { name = "low", type = "text-single", datatype = "xs:integer" } }:form({}, "result");
			assert.is_nil(field(result, "low"):get_child("validate", xmlns));
		end);

		it("writes numbers as booleans where that is the type", function ()
			local form = dataforms.new { { name = "yes", type = "boolean" }, { name = "no", type = "boolean" } }
				:form { yes = 2, no = 0 };
			assert.same({ "1" }, values(form, "yes"));
			assert.same({ "0" }, values(form, "no"));
		end);

		it("writes fractions where the type has them", function ()
			for _, datatype in ipairs { "xs:double", "xs:decimal" } do
				local form = dataforms.new { { name = "n", type = "text-single", datatype = datatype } }:form { n = 1.5 };
				assert.near(1.5, tonumber(values(form, "n")[1]), 0.00001);
			end
		end);

		it("writes an element as a hidden value", function ()
			local form = dataforms.new { { name = "it", type = "hidden" } }:form { it = st.stanza("inner") };
			assert.truthy(field(form, "it"):get_child("value"):child_with_name("inner"));
		end);

		it("takes options at run time", function ()
			for field_type, selected in pairs { ["list-single"] = { "b" }, ["list-multi"] = { "b", "c" } } do
				local form = dataforms.new { { name = "it", type = field_type } }:form { it = {
					"a", { value = "b", label = "B", default = true }, { value = "c", label = "C", default = true },
				} };
				local options = {};
				for option in field(form, "it"):childtags("option") do
					table.insert(options, option:get_child_text("value"));
				end
				assert.same({ "a", "b", "c" }, options);
				assert.same(selected, values(form, "it"));
			end
		end);

		it("selects a value that is given rather than what is default", function ()
			local form = dataforms.new { {
				name = "it", type = "list-single", options = { { value = "a", default = true }, { value = "b" } },
			} }:form { it = "b" };
			assert.same({ "b" }, values(form, "it"));
		end);

		it("has media (XEP-0221)", function ()
			local form = dataforms.new { { name = "ocr", type = "text-single", media = {
				height = 80, width = 290, { type = "image/jpeg", uri = "http://example.com/ocr.jpeg" },
			} } }:form();
			local media = field(form, "ocr"):get_child("media", "urn:xmpp:media-element");
			assert.same({ xmlns = "urn:xmpp:media-element", height = "80", width = "290" }, media.attr);
			assert.equal("http://example.com/ocr.jpeg", media:get_child_text("uri"));
			assert.equal("image/jpeg", media:get_child("uri").attr.type);
		end);
	end);

	describe("data", function ()
		-- What a field of this type reads from these values.
		local function read(field, values)
			field.name = "it";
			local data, errors = dataforms.new({ field }):data(submitted { it = values });
			return data.it, errors and errors.it;
		end

		it("reads text", function ()
			assert.equal("__proto__", read({ type = "text-single" }, { "__proto__" }));
			assert.equal("hidden", read({ type = "hidden" }, { "hidden" }));
			assert.equal("secret", read({ type = "text-private" }, { "secret" }));
			assert.equal("one\n\ntwo", read({ type = "text-multi" }, { "one", "", "two" }));
			assert.equal("r", read({ type = "list-single" }, { "r" }));
			assert.same({ "r", "g" }, read({ type = "list-multi" }, { "r", "g" }));
		end);

		for text, value in pairs { ["1"] = true, ["true"] = true, ["0"] = false, ["false"] = false } do
			it("reads the boolean "..text, function ()
				assert.equal(value, (read({ type = "boolean" }, { text })));
			end);
		end

		it("says which boolean is none", function ()
			assert.same({ nil, "Invalid boolean representation:maybe" }, { read({ type = "boolean" }, { "maybe" }) });
		end);

		it("prepares addresses, and says which are none", function ()
			assert.equal("juliet@example.com", (read({ type = "jid-single" }, { "Juliet@EXAMPLE.com" })));
			assert.same({ nil, "Invalid JID: @@" }, { read({ type = "jid-single" }, { "@@" }) });
			local jids, err = read({ type = "jid-multi" }, { "a@b", "@@", "C" });
			assert.same({ "a@b", "c" }, jids);
			assert.equal("Invalid JID: @@", err);
			assert.same({ { "a@b" } }, { read({ type = "jid-multi" }, { "a@b" }) });
			assert.is_nil((read({ type = "jid-multi" }, { "@@" })));
		end);

		for _, field_type in ipairs { "text-single", "text-private", "list-single", "list-multi", "jid-multi", "boolean" } do
			it("misses a required "..field_type, function ()
				assert.same({ nil, "Required value missing" }, { read({ type = field_type, required = true }, {}) });
			end);

			it("takes what a required "..field_type.." has", function ()
				local value, err = read({ type = field_type, required = true }, { "1" });
				assert.is_not_nil(value);
				assert.is_nil(err);
			end);

			it("does without "..field_type.." that is not required", function ()
				assert.same({}, { read({ type = field_type }, {}) });
			end);
		end

		describe("validates", function ()
			local integer = { type = "text-single", datatype = "xs:integer", range_min = 1, range_max = 10 };

			it("integers", function ()
				assert.equal(5, (read(integer, { "5" })));
				assert.same({ nil, "not a number" }, { read(integer, { "five" }) });
				assert.same({ nil, "not an integer" }, { read(integer, { "5.5" }) });
				assert.same({ nil, "out of bounds" }, { read(integer, { "0" }) });
				assert.same({ nil, "out of bounds" }, { read(integer, { "11" }) });
				assert.equal(1, (read(integer, { "1" })));
				assert.equal(10, (read(integer, { "10" })));
			end);

			it("integers that may be max", function ()
				local field = { type = "text-single", datatype = "pubsub:integer-or-max" };
				assert.equal("max", (read(field, { "max" })));
				assert.equal(5, (read(field, { "5" })));
				assert.same({ nil, "not a number" }, { read(field, { "min" }) });
			end);

			it("times", function ()
				local field = { type = "text-single", datatype = "xs:dateTime" };
				assert.equal(1136239445, (read(field, { "2006-01-02T22:04:05Z" })));
				assert.same({ nil, "invalid timestamp" }, { read(field, { "soon" }) });
			end);
		end);

		it("tells what was submitted from what was not", function ()
			local layout = dataforms.new { { name = "a", type = "text-single" }, { name = "b", type = "text-single" } };
			local data, errors, present = layout:data(submitted { a = { "1" }, stranger = { "2" } });
			assert.same({ a = "1" }, data);
			assert.is_nil(errors);
			assert.same({ a = true }, present);
		end);

		it("keeps current values of fields that were not submitted", function ()
			local layout = dataforms.new {
				{ name = "a", type = "text-single" }, { name = "b", type = "text-single", required = true },
			};
			local data, errors = layout:data(submitted { a = { "new" } }, { a = "old", b = "kept" });
			assert.same({ a = "new", b = "kept" }, data);
			assert.is_nil(errors);
		end);

		it("misses required fields that were not submitted", function ()
			local layout = dataforms.new { { name = "b", type = "text-single", required = true } };
			assert.same({ b = "Required value missing" }, select(2, layout:data(submitted {})));
		end);

		it("reads fields by their variable", function ()
			local layout = dataforms.new { { name = "short", var = "{urn:x}long", type = "text-single" } };
			assert.same({ short = "1" }, (layout:data(submitted { ["{urn:x}long"] = { "1" } })));
		end);

		it("reads back what form wrote", function ()
			local layout = dataforms.new {
				{ name = "text", type = "text-single" }, { name = "flag", type = "boolean" },
				{ name = "lines", type = "text-multi" }, { name = "list", type = "list-multi" },
			};
			local data = { text = "<&>", flag = false, lines = "a\nb", list = { "x", "y" } };
			assert.same(data, (layout:data(layout:form(data, "submit"))));
		end);
	end);

	describe("get_type", function ()
		it("reads the FORM_TYPE", function ()
			assert.equal("urn:example", dataforms.get_type(submitted { FORM_TYPE = { "urn:example" } }));
			assert.equal("", dataforms.get_type(submitted {}));
		end);

		it("says what is no form", function ()
			assert.same({ nil, "not a stanza object" }, { dataforms.get_type("x") });
			assert.same({ nil, "not a dataform element" }, { dataforms.get_type(st.stanza("x")) });
			assert.same({ nil, "not a dataform element" }, { dataforms.get_type(st.stanza("y", { xmlns = xmlns_forms })) });
		end);
	end);
end);
