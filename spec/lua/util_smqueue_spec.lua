local smqueue = require "util.smqueue";

describe("util.smqueue", function ()
	local q;
	before_each(function ()
		q = smqueue.new(3);
		for _, stanza in ipairs { "a", "b", "c" } do q:push(stanza); end
	end);

	it("has room for at least one", function ()
		assert.has_error(function () smqueue.new(0); end);
		assert.has_error(function () smqueue.new(-1); end);
	end);

	it("returns what an acknowledgement covers, and counts it once", function ()
		assert.same({ "a", "b" }, q:ack(2));
		assert.equal(1, q:count_unacked());
		assert.equal(2, q:count_acked());
		assert.same({}, q:ack(2));
		assert.same({ "c" }, q:ack(3));
	end);

	it("refuses acknowledgements that go back, or ahead", function ()
		q:ack(2);
		assert.same({ nil, "tail" }, { q:ack(1) });
		assert.same({ nil, "head" }, { q:ack(4) });
		assert.equal(2, q:count_acked());
	end);

	it("counts more than it keeps", function ()
		q:push("d");
		assert.equal(4, q:count_unacked());
		assert.equal(4, #q);
		assert.same({ "b", "c", "d" }, q:table());
		assert.is_false(q:resumable());
	end);

	it("can be resumed again once what was lost is acknowledged", function ()
		q:push("d");
		q:push("e");
		assert.same({}, q:ack(2));
		assert.is_true(q:resumable());
		assert.same({ "c", "d" }, q:ack(4));
		assert.same({ "e" }, q:table());
	end);

	it("iterates over what a resumption sends again", function ()
		q:ack(1);
		local seen = {};
		for position, stanza in q:resume() do seen[position] = stanza; end
		assert.same({ "b", "c" }, seen);
		assert.is_true(q:resumable());
	end);

	it("is emptied by consuming it", function ()
		local seen = {};
		for stanza in q:consume() do table.insert(seen, stanza); end
		assert.same({ "a", "b", "c" }, seen);
		assert.same({}, q:table());
	end);
end);
