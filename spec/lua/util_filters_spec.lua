local filters = require "util.filters";

describe("util.filters", function ()
	local function append(suffix)
		return function (data) return data..suffix; end;
	end

	it("runs filters by priority, then in the order added", function ()
		local session = {};
		filters.add_filter(session, "stanzas/in", append("b"));
		filters.add_filter(session, "stanzas/in", append("c"));
		filters.add_filter(session, "stanzas/in", append("d"), -1);
		filters.add_filter(session, "stanzas/in", append("a"), 1);
		assert.equal("abcd", session.filter("stanzas/in", ""));
		assert.equal("", session.filter("stanzas/out", ""));
	end);

	it("stops at a filter that drops the data", function ()
		local session = {};
		filters.add_filter(session, "x", function () return nil; end);
		filters.add_filter(session, "x", append("never"));
		assert.is_nil(session.filter("x", "data"));
	end);

	it("adds a filter once, and removes it", function ()
		local session, filter = {}, append("a");
		filters.add_filter(session, "x", filter);
		filters.add_filter(session, "x", filter, 5);
		assert.equal("a", session.filter("x", ""));
		assert.is_true(filters.remove_filter(session, "x", filter));
		assert.is_nil(filters.remove_filter(session, "x", filter));
		assert.equal("", session.filter("x", ""));
	end);

	it("lets a filter remove itself while it runs", function ()
		local session = {};
		local function once(data)
			filters.remove_filter(session, "x", once);
			return data.."1";
		end
		filters.add_filter(session, "x", once);
		filters.add_filter(session, "x", append("2"));
		assert.equal("12", session.filter("x", ""));
		assert.equal("2", session.filter("x", ""));
	end);

	it("tells of new sessions", function ()
		local seen = {};
		local function hook(session) table.insert(seen, session); end
		filters.add_filter_hook(hook);
		local session = {};
		filters.initialize(session);
		filters.remove_filter_hook(hook);
		filters.initialize({});
		assert.same({ session }, seen);
	end);
end);
