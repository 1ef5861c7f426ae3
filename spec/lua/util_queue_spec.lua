local queue = require "util.queue";

describe("util.queue", function ()
	local q;
	before_each(function ()
		q = queue.new(3);
		q:push("a");
		q:push("b");
	end);

	it("gives items in the order they came", function ()
		assert.equal("a", q:peek());
		assert.equal("a", q:pop());
		assert.equal("b", q:pop());
		assert.is_nil(q:pop());
		assert.is_nil(q:peek());
		assert.equal(0, q:count());
	end);

	it("says when it is full, and changes nothing", function ()
		assert.is_true(q:push("c"));
		local ok, err = q:push("d");
		assert.is_nil(ok);
		assert.equal("queue full", err);
		assert.equal(3, q:count());
		assert.equal("a", q:peek());
	end);

	it("drops the oldest for the newest if it may", function ()
		q = queue.new(2, true);
		for _, item in ipairs { "a", "b", "c" } do assert.is_true(q:push(item)); end
		assert.equal(2, q:count());
		assert.equal("b", q:pop());
		assert.equal("c", q:pop());
	end);

	it("goes round and round", function ()
		for i = 1, 10 do
			q:push(i);
			q:pop();
		end
		assert.equal(2, q:count());
		assert.equal(9, q:pop());
		assert.equal(10, q:pop());
	end);

	it("replaces the oldest", function ()
		assert.is_true(q:replace("x"));
		assert.equal("x", q:pop());
		assert.equal("b", q:pop());
		q:replace("y");
		assert.equal("y", q:peek());
		assert.equal(1, q:count());
	end);

	it("iterates over positions and items, oldest first, and keeps them", function ()
		q:push("c");
		q:pop();
		q:push("d");
		local seen = {};
		for position, item in q:items() do seen[position] = item; end
		assert.same({ "b", "c", "d" }, seen);
		assert.equal(3, q:count());
	end);

	it("is emptied by consuming it", function ()
		local seen = {};
		for item in q:consume() do table.insert(seen, item); end
		assert.same({ "a", "b" }, seen);
		assert.equal(0, q:count());
	end);
end);
