--- First in, first out, of bounded size.

local setmetatable = setmetatable;

local queue_methods = {};
local queue_mt = { __name = "queue", __index = queue_methods };

--- An empty queue.
-- @param allow_wrapping a full queue drops its oldest item for a new one, instead of refusing it
local function new(size, allow_wrapping)
	-- Items are in slots 1 to `size`, from slot `_first` on and around the end.
	return setmetatable({ size = size, _wraps = allow_wrapping, _items = {}, _first = 1, _count = 0 }, queue_mt);
end

local function slot(self, offset)
	return (self._first + offset - 1) % self.size + 1;
end

function queue_methods:count()
	return self._count;
end

--- True; nil and why if the queue is full.
function queue_methods:push(item)
	if self._count >= self.size then
		if not self._wraps then
			return nil, "queue full";
		end
		self:pop();
	end
	self._items[slot(self, self._count)] = item;
	self._count = self._count + 1;
	return true;
end

--- Removes the oldest item and returns it; nil if there is none.
function queue_methods:pop()
	if self._count == 0 then
		return nil;
	end
	local item = self._items[self._first];
	self._items[self._first] = nil;
	self._first = slot(self, 1);
	self._count = self._count - 1;
	return item;
end

--- The oldest item; nil if there is none.
function queue_methods:peek()
	return self._items[self._first];
end

--- Puts an item in the place of the oldest.
function queue_methods:replace(item)
	if self._count == 0 then
		return self:push(item);
	end
	self._items[self._first] = item;
	return true;
end

local function next_item(self, position)
	if position < self._count then
		return position + 1, self._items[slot(self, position)];
	end
	return nil;
end

--- Iterates over positions and items, oldest first.
function queue_methods:items()
	return next_item, self, 0;
end

--- Iterates over the items, oldest first, and removes them on the way.
function queue_methods:consume()
	return self.pop, self;
end

return { new = new };
