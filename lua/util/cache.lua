--- A table of bounded size that drops what was set longest ago.

local assert, error, setmetatable, tonumber = assert, error, setmetatable, tonumber;
local m_floor = math.floor;

local cache_methods = {};
local cache_mt = { __name = "cache", __index = cache_methods };

local function check_size(size)
	size = m_floor(assert(tonumber(size), "cache size must be a number"));
	assert(size > 0, "cache size must be greater than zero");
	return size;
end

-- Entries form a ring through `_ring`, which is no entry itself: after it comes the newest, before it the oldest.

local function clear(self)
	local ring = {};
	ring.newer, ring.older = ring, ring;
	self._ring, self._entries, self._count = ring, {}, 0;
end

local function link(ring, entry)
	local head = ring.older;
	entry.newer, entry.older = ring, head;
	ring.older, head.newer = entry, entry;
end

local function unlink(entry)
	entry.newer.older, entry.older.newer = entry.older, entry.newer;
end

local function remove(self, entry)
	unlink(entry);
	self._entries[entry.key] = nil;
	self._count = self._count - 1;
end

-- False if on_evict forbids it. It may also resize the cache, so the caller decides what is to be removed.
local function may_evict(self, entry)
	local on_evict = self._on_evict;
	return on_evict == nil or (on_evict ~= false and on_evict(entry.key, entry.value, self) ~= false);
end

--- Sets a key, which makes it the newest; nil removes it. False if the cache is full and nothing may be dropped.
function cache_methods:set(key, value)
	local entry = self._entries[key];
	if value == nil then
		if entry then
			remove(self, entry);
		end
		return true;
	end
	if entry then
		entry.value = value;
		unlink(entry);
		link(self._ring, entry);
		return true;
	end
	if self._count == self.size then
		local oldest = self._ring.newer;
		if not may_evict(self, oldest) then
			return false;
		end
		if self._count == self.size then
			remove(self, oldest);
		end
	end
	entry = { key = key, value = value };
	self._entries[key] = entry;
	self._count = self._count + 1;
	link(self._ring, entry);
	return true;
end

--- The value of a key, which keeps its age.
function cache_methods:get(key)
	local entry = self._entries[key];
	return entry and entry.value;
end

function cache_methods:count()
	return self._count;
end

--- Iterates over keys and values, newest first.
function cache_methods:items()
	local ring, entry = self._ring, self._ring.older;
	return function ()
		if entry == ring then return nil; end
		local current = entry;
		entry = current.older;
		return current.key, current.value;
	end;
end

--- Iterates over values, newest first.
function cache_methods:values()
	local next_item = self:items();
	return function ()
		local _, value = next_item();
		return value;
	end;
end

--- Key and value of the newest entry.
function cache_methods:head()
	local newest = self._ring.older;
	return newest.key, newest.value;
end

--- Key and value of the oldest entry.
function cache_methods:tail()
	local oldest = self._ring.newer;
	return oldest.key, oldest.value;
end

--- Changes the size, dropping the oldest entries. False, and no change of size, if one of them may not be dropped.
function cache_methods:resize(new_size)
	new_size = check_size(new_size);
	while self._count > new_size do
		local oldest = self._ring.newer;
		if not may_evict(self, oldest) then
			return false;
		end
		remove(self, oldest);
	end
	self.size = new_size;
	return true;
end

cache_methods.clear = clear;

--- The cache as a table to read, write and iterate over. Writing to it throws where set returns false.
function cache_methods:table()
	if not self.proxy_table then
		self.proxy_table = setmetatable({}, {
			__index = function (_, key)
				return self:get(key);
			end;
			__newindex = function (_, key, value)
				if not self:set(key, value) then
					error("failed to insert key into cache - full");
				end
			end;
			__pairs = function ()
				return self:items();
			end;
			__len = function ()
				return self:count();
			end;
		});
	end
	return self.proxy_table;
end

--- An empty cache.
-- @param on_evict called with key, value and cache before an entry is dropped; returning false forbids it, as does
-- false in place of a function
local function new(size, on_evict)
	local cache = setmetatable({ size = check_size(size), _on_evict = on_evict }, cache_mt);
	clear(cache);
	return cache;
end

return { new = new };
