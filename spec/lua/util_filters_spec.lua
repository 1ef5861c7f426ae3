local filters = require "util.filters";

describe("util.filters", function ()
	local session;
	before_each(function ()
		session = {};
	end);

	local function append(suffix)
		return function (data) return data..suffix; end;
	end

	it("runs filters by priority", function ()
		filters.add_filter(session, "stanzas/in", append("c"), -1);
		filters.add_filter(session, "stanzas/in", append("b"));
		filters.add_filter(session, "stanzas/in", append("a"), 1);
		assert.equal("abc", session.filter("stanzas/in", ""));
	end);

	it("runs filters of one priority in the order added", function ()
		for _, letter in ipairs { "a", "b", "c" } do
			filters.add_filter(session, "stanzas/in", append(letter));
		end
		assert.equal("abc", session.filter("stanzas/in", ""));
	end);

	it("leaves data of other types alone", function ()
		filters.add_filter(session, "stanzas/in", append("x"));
		assert.equal("data", session.filter("stanzas/out", "data"));
	end);

	it("tells filters the session", function ()
		local seen;
		filters.add_filter(session, "bytes/in", function (data, whose) seen = whose; return data; end);
		session.filter("bytes/in", "");
		assert.equal(session, seen);
	end);

	it("stops at a filter that drops the data", function ()
		local after = spy.new(append(""));
		filters.add_filter(session, "x", function () return nil; end);
		filters.add_filter(session, "x", after, -1);
		assert.is_nil(session.filter("x", "data"));
		assert.spy(after).was_not_called();
	end);

	it("adds a filter once", function ()
		local filter = append("a");
		filters.add_filter(session, "x", filter);
		filters.add_filter(session, "x", filter);
		assert.equal("a", session.filter("x", ""));
	end);

	it("removes a filter, and passes over one that is not there", function ()
		local filter = append("a");
		assert.is_nil(filters.remove_filter(session, "x", filter));
		filters.add_filter(session, "x", filter);
		assert.is_true(filters.remove_filter(session, "x", filter));
		assert.is_nil(filters.remove_filter(session, "x", filter));
		assert.equal("", session.filter("x", ""));
	end);

	it("lets a filter remove itself while it runs #ours", function ()
		local function once(data)
			filters.remove_filter(session, "x", once);
			return data.."1";
		end
		filters.add_filter(session, "x", once, 1);
		filters.add_filter(session, "x", append("2"));
		assert.equal("12", session.filter("x", ""));
		assert.equal("2", session.filter("x", ""));
	end);

	it("keeps sessions apart", function ()
		local other = {};
		filters.add_filter(session, "x", append("1"));
		filters.add_filter(other, "x", append("2"));
		assert.equal("1", session.filter("x", ""));
		assert.equal("2", other.filter("x", ""));
	end);

	it("tells of new sessions, as long as someone wants to know", function ()
		local hook = spy.new(function () end);
		filters.add_filter_hook(hook);
		local filter = filters.initialize(session);
		assert.equal("data", filter("x", "data"));
		filters.remove_filter_hook(hook);
		filters.initialize({});
		assert.spy(hook).was_called(1);
		assert.spy(hook).was_called_with(match.is_ref(session));
	end);
end);
