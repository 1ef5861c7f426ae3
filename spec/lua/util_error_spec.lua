local errors = require "util.error";
local st = require "util.stanza";

describe("util.error", function ()
	describe("new", function ()
		it("fills in what is not said", function ()
			local err = errors.new({});
			assert.equal("cancel", err.type);
			assert.equal("undefined-condition", err.condition);
			assert.is_nil(err.text);
			assert.same({}, err.context);
			assert.is_string(err.instance_id);
		end);

		it("takes the fields of a table", function ()
			local context = { user = "__proto__" };
			local err = errors.new({ type = "wait", condition = "resource-constraint", text = "Slow down", code = 5 }, context);
			assert.equal("error<wait:resource-constraint:Slow down>", tostring(err));
			assert.equal(5, err.code);
			assert.equal(context, err.context);
		end);

		it("finds templates by name", function ()
			local registry = { full = { type = "wait", condition = "resource-constraint" } };
			assert.equal("resource-constraint", errors.new("full", nil, registry).condition);
			assert.equal("undefined-condition", errors.new("unheard-of", nil, registry).condition);
		end);

		it("leaves an error as it is", function ()
			local err = errors.new({ condition = "gone" });
			assert.equal(err, errors.new(err, { other = true }));
			assert.same({}, err.context);
		end);

		it("gives each error an id of its own", function ()
			assert.not_equal(errors.new({}).instance_id, errors.new({}).instance_id);
		end);
	end);

	describe("is_error", function ()
		it("knows errors, and nothing else", function ()
			assert.is_true(errors.is_error(errors.new({})));
			assert.is_false(errors.is_error({ type = "cancel", condition = "gone" }));
			assert.is_false(errors.is_error("gone"));
			assert.is_false(errors.is_error(nil));
		end);

		it("had another name once", function ()
			assert.equal(errors.is_error, errors.is_err);
		end);
	end);

	describe("coerce", function ()
		it("passes success on with all its values", function ()
			assert.same({ 1, "two", 3 }, { errors.coerce(1, "two", 3) });
		end);

		it("wraps what is no error", function ()
			local ok, err = errors.coerce(nil, "disk full");
			assert.is_nil(ok);
			assert.is_true(errors.is_error(err));
			assert.equal("disk full", err.context.wrapped_error);
		end);

		it("keeps false, and an error as it is", function ()
			local given = errors.new({});
			local ok, err = errors.coerce(false, given);
			assert.is_false(ok);
			assert.equal(given, err);
		end);
	end);

	describe("init", function ()
		local registry = {
			broken = { type = "wait", condition = "internal-server-error", text = "It broke" };
		};

		it("makes errors of one source", function ()
			local mine = errors.init("mine", registry);
			local err = mine.new("broken", { id = 1 });
			assert.equal("mine", err.source);
			assert.equal("It broke", err.text);
			assert.same({ id = 1 }, err.context);
			assert.equal("mine", mine.source);
			assert.equal(registry, mine.registry);
		end);

		it("takes templates in short", function ()
			local mine = errors.init("mine", "urn:mine", { broken = { "wait", "gone", "It broke", "my-broken" } });
			local err = mine.new("broken");
			assert.equal("error<wait:gone:It broke>", tostring(err));
			assert.same({ namespace = "urn:mine", condition = "my-broken" }, err.extra);
		end);

		it("wraps values that are in the registry, and those that are not", function ()
			local mine = errors.init("mine", registry);
			assert.equal("It broke", mine.wrap("broken").text);
			local err = mine.wrap("unheard-of");
			assert.equal("undefined-condition", err.condition);
			assert.equal("unheard-of", err.context.wrapped_error);
			assert.equal(err, mine.wrap(err));
		end);

		it("coerces to its own errors", function ()
			local mine = errors.init("mine", registry);
			assert.same({ 1, 2 }, { mine.coerce(1, 2) });
			local ok, err = mine.coerce(false, "broken");
			assert.falsy(ok);
			assert.equal("It broke", err.text);
			assert.equal("mine", err.source);
		end);
	end);

	describe("from_stanza", function ()
		local request = st.iq({ type = "get", id = "1", to = "service.example", from = "juliet@example.com/balcony" });

		it("reads what an error stanza says", function ()
			local stanza = st.error_reply(request, "modify", "bad-request", "No, no, no");
			local err = errors.from_stanza(stanza, { mine = 1 }, "mine");
			assert.equal("error<modify:bad-request:No, no, no>", tostring(err));
			assert.equal("mine", err.source);
			assert.equal(1, err.context.mine);
			assert.equal(stanza, err.context.stanza);
			assert.equal("service.example", err.context.by);
		end);

		it("names who reported it", function ()
			local stanza = st.error_reply(request, "wait", "internal-server-error", nil, "other.example");
			assert.equal("other.example", errors.from_stanza(stanza).context.by);
		end);

		it("keeps the address that a redirect gives", function ()
			local stanza = st.reply(request);
			stanza.attr.type = "error";
			stanza:tag("error", { type = "cancel" })
				:text_tag("gone", "xmpp:new.example", { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" });
			assert.equal("xmpp:new.example", errors.from_stanza(stanza).extra.uri);
		end);

		it("keeps the application's own element", function ()
			local stanza = st.error_reply(request, "cancel", "conflict");
			stanza:get_child("error"):tag("too-many", { xmlns = "urn:mine" });
			assert.equal("too-many", errors.from_stanza(stanza).extra.tag.name);
		end);

		it("makes do with an error that says nothing #ours", function ()
			local stanza = st.stanza("iq", { type = "error", from = "a.example" });
			local err = errors.from_stanza(stanza);
			assert.equal("cancel", err.type);
			assert.equal("undefined-condition", err.condition);
			assert.equal("a.example", err.context.by);
		end);
	end);
end);
