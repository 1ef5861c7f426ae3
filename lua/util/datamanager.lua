--- Data on the machine's disk as text, in the format of Prosody's internal storage: a value is a Lua chunk that returns
-- it, a list one that calls `item` with each. Users are nil for a host's own data.

local disk = require "bridge.machine".disk;
local log = require "util.logger".init("datamanager");
local serialize = require "util.serialization".serialize;

local function log_failure(action, store, host, username, err)
	log("error", "%s %s storage ('%s') for user: %s@%s",
		action, store, tostring(err), username or "nil", host or "nil");
end

-- What the stored chunk returns; nil if there is none; nil and a message if it could not be read.
local function run_stored(username, host, store, kind, environment)
	local read, text = pcall(disk.read, host, store, username, kind);
	if not read then
		log_failure("Failed to load", store, host, username, text);
		return nil, "Error reading storage";
	end
	if text == nil then return nil; end
	local chunk, syntax_error = load(text, "="..store, "t", environment);
	if not chunk then
		log_failure("Failed to load", store, host, username, syntax_error);
		return nil, "Error reading storage";
	end
	local ok, data = pcall(chunk);
	if not ok then
		log_failure("Unable to load", store, host, username, data);
		return nil, "Error reading storage";
	end
	return data;
end

-- True, or nil and a message. No text deletes what there was.
local function write(username, host, store, kind, text)
	local ok, err = pcall(disk.write, host, store, username, text, kind);
	if not ok then
		log_failure("Unable to write to", store, host, username, err);
		return nil, "Error saving to storage";
	end
	return true;
end

--- The data; nil if there is none; nil and a message if it could not be read.
local function load_data(username, host, store)
	return run_stored(username, host, store, "keyval", {});
end

--- True, or nil and a message. Nil and an empty table delete what there was. Raises what cannot be serialized.
local function store_data(username, host, store, data)
	if not data then data = {}; end
	local text;
	if next(data) ~= nil then text = "return "..serialize(data)..";\n"; end
	return write(username, host, store, "keyval", text);
end

local function serialize_item(item)
	return "item("..serialize(item)..");\n";
end

--- The list; nil if there is none; nil and a message if it could not be read.
local function list_load(username, host, store)
	local items = {};
	local _, err = run_stored(username, host, store, "list", {
		item = function (item) table.insert(items, item); end;
	});
	if err then return nil, err; end
	return items[1] ~= nil and items or nil;
end

--- Puts a list in place of the stored one. True, or nil and a message. Nil and an empty list delete what there was.
local function list_store(username, host, store, items)
	local texts = {};
	for position, item in ipairs(items or {}) do texts[position] = serialize_item(item); end
	return write(username, host, store, "list", texts[1] and table.concat(texts));
end

--- Adds an item at the end. True, or nil and a message.
local function list_append(username, host, store, item)
	if not item then return; end
	local read, text = pcall(disk.read, host, store, username, "list");
	if not read then
		log_failure("Unable to write to", store, host, username, text);
		return nil, "Error saving to storage";
	end
	return write(username, host, store, "list", (text or "")..serialize_item(item));
end

--- Makes the item at this position the first, dropping those before it. True, or nil and a message.
local function list_shift(username, host, store, first)
	if type(first) ~= "number" or first < 1 then return nil, "invalid-argument"; end
	local items, err = list_load(username, host, store);
	if not items then return items, err; end
	return list_store(username, host, store, table.move(items, first, #items, 1, {}));
end

--- An iterator over the users that have data in this store.
-- @param kind "keyval", by default, or "list"
local function users(host, store, kind)
	local names, position = disk.users(host, store, kind), 0;
	return function ()
		position = position + 1;
		return names[position];
	end
end

local data_path = ".";

--- Names the machine's disk, for getpath; where it really is, the machine says.
local function set_data_path(path)
	data_path = path;
end

local function encode(name, plain)
	return (name:gsub(plain, function (character) return ("%%%02x"):format(character:byte()); end));
end

--- The path of the file in which a directory disk at the data path keeps the data.
-- @param extension "dat" by default
local function getpath(username, host, store, extension)
	local parts = { data_path, host and encode(host, "%W") or "_global", encode(store, "[^_%w]") };
	if username then table.insert(parts, encode(username, "%W")); end
	return table.concat(parts, "/").."."..(extension or "dat");
end

return {
	load = load_data;
	store = store_data;
	users = users;
	list_load = list_load;
	list_open = list_load;
	list_store = list_store;
	list_append = list_append;
	list_shift = list_shift;
	set_data_path = set_data_path;
	getpath = getpath;
};
