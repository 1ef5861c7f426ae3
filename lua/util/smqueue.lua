--- The unacknowledged stanzas of a stream (XEP-0198). All are counted, but only the last so many are kept.

local queue = require "util.queue";

local assert, setmetatable = assert, setmetatable;
local t_insert = table.insert;

local smqueue = {};

local smqueue_mt = { __name = "smqueue", __index = smqueue };

--- An empty queue that keeps at most `size` items.
local function new(size)
	assert(size > 0, "the size of a queue must be greater than zero");
	-- How many were pushed, and how many of them were acknowledged.
	return setmetatable({ _head = 0, _tail = 0, _queue = queue.new(size, true) }, smqueue_mt);
end

function smqueue:push(item)
	self._head = self._head + 1;
	assert(self._queue:push(item));
end

--- Acknowledges the first `count` items ever pushed. Returns the list of those that had not been, as far as kept;
-- nil and `tail` if more have been acknowledged before, nil and `head` if not so many were pushed.
function smqueue:ack(count)
	if count < self._tail then
		return nil, "tail";
	elseif count > self._head then
		return nil, "head";
	end
	self._tail = count;
	local acked = {};
	for _ = 1, self._queue:count() - self:count_unacked() do
		t_insert(acked, self._queue:pop());
	end
	return acked;
end

function smqueue:count_unacked()
	return self._head - self._tail;
end

function smqueue:count_acked()
	return self._tail;
end

--- Whether all unacknowledged items are still there.
function smqueue:resumable()
	return self._queue:count() >= self:count_unacked();
end

--- Iterates over positions and the unacknowledged items that are kept, oldest first.
function smqueue:resume()
	return self._queue:items();
end

--- The same without positions, removing the items on the way.
function smqueue:consume()
	return self._queue:consume();
end

--- The items as a list, oldest first.
function smqueue:table()
	local list = {};
	for position, item in self:resume() do
		list[position] = item;
	end
	return list;
end

smqueue_mt.__len = smqueue.count_unacked;

function smqueue_mt:__freeze()
	return { head = self._head, tail = self._tail };
end

return {
	new = new;
	smqueue = smqueue;
};
