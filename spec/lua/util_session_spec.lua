local session = require "util.session";
local st = require "util.stanza";

describe("util.session", function ()
	local conn, written;
	before_each(function ()
		written = {};
		conn = {
			ip = function () return "192.0.2.1"; end;
			write = function (_, data) table.insert(written, data); return true; end;
		};
	end);

	it("starts without authentication", function ()
		local new = session.new("c2s");
		assert.equal("c2s_unauthed", new.type);
		assert.equal("c2s", new.base_type);
	end);

	it("gives ids by type, another for each", function ()
		local one, two = session.set_id(session.new("c2s")), session.set_id(session.new("c2s"));
		assert.matches("^c2s%x+$", one.id);
		assert.not_equal(one.id, two.id);
	end);

	it("logs under its id", function ()
		local new = session.set_logger(session.set_id(session.new("c2s")));
		assert.is_function(new.log);
	end);

	it("knows where the connection comes from", function ()
		local new = session.set_conn(session.new("c2s"), conn);
		assert.equal(conn, new.conn);
		assert.equal("192.0.2.1", new.ip);
	end);

	describe("send", function ()
		local function connected()
			return session.set_send(session.set_conn(session.set_logger(session.set_id(session.new("c2s"))), conn));
		end

		it("writes stanzas and text", function ()
			local new = connected();
			assert.is_true(new.send(st.stanza("a")));
			assert.is_true(new.send("text"));
			assert.same({ "<a/>", "text" }, written);
		end);

		it("goes through the filters", function ()
			local filters = require "util.filters";
			local new = connected();
			filters.add_filter(new, "stanzas/out", function (stanza) return stanza.name ~= "b" and stanza or nil; end);
			filters.add_filter(new, "bytes/out", function (bytes) return bytes:upper(); end);
			new.send(st.stanza("a"));
			new.send(st.stanza("b"));
			assert.same({ "<A/>" }, written);
		end);

		it("tells that nothing could be written", function ()
			conn.write = function () return nil, "closed"; end
			local ok, err = connected().send("text");
			assert.is_false(ok);
			assert.equal("closed", err);
		end);

		it("discards without a connection", function ()
			local new = session.set_send(session.set_logger(session.set_id(session.new("c2s"))));
			assert.is_false(new.send(st.stanza("a")));
		end);
	end);
end);
