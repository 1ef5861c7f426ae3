local server = require "boot";
local st = require "util.stanza";

describe("core.moduleapi.stanzas", function ()
	local module, sent;
	lazy_setup(function ()
		server.load("example", function (given) module = given; end);
	end);
	before_each(function ()
		sent = {};
		server.prosody.core_post_stanza = function (origin, stanza)
			table.insert(sent, { origin = origin, stanza = stanza });
			return "posted";
		end;
	end);

	it("sends from the host", function ()
		local stanza = st.message { to = "a@b" };
		assert.equal("posted", module:send(stanza));
		assert.equal(server.prosody.hosts.localhost, sent[1].origin);
		assert.equal(stanza, sent[1].stanza);
	end);

	it("sends from another origin", function ()
		local origin = {};
		module:send(st.message { to = "a@b" }, origin);
		assert.equal(origin, sent[1].origin);
	end);

	it("sends a clone to each address", function ()
		local stanza = st.message({}, "Hi");
		module:broadcast({ "a@b", "__proto__@d" }, stanza);
		local addresses = {};
		for _, sending in ipairs(sent) do
			assert.not_equal(stanza, sending.stanza);
			assert.equal("Hi", sending.stanza:get_child_text("body"));
			table.insert(addresses, sending.stanza.attr.to);
		end
		table.sort(addresses);
		assert.same({ "__proto__@d", "a@b" }, addresses);
		assert.is_nil(stanza.attr.to);
	end);

	it("sends to whom the iterator names", function ()
		module:broadcast({ ["a@b"] = true }, st.message(), pairs);
		assert.equal("a@b", sent[1].stanza.attr.to);
		assert.equal(1, #sent);
	end);
end);
