--- Data on the machine's disk as text, in the format of Prosody's internal storage: a Lua chunk that returns it.

local disk = require "bridge.machine".disk;
local log = require "util.logger".init("datamanager");
local serialize = require "util.serialization".serialize;

local function log_failure(action, store, host, username, err)
	log("error", "%s %s storage ('%s') for user: %s@%s",
		action, store, tostring(err), username or "nil", host or "nil");
end

--- The data; nil if there is none; nil and a message if it could not be read. Users are nil for a host's own data.
local function load_data(username, host, store)
	local read, text = pcall(disk.read, host, store, username);
	if not read then
		log_failure("Failed to load", store, host, username, text);
		return nil, "Error reading storage";
	end
	if text == nil then return nil; end
	local chunk, syntax_error = load(text, "="..store, "t", {});
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

--- True, or nil and a message. Nil and an empty table delete what there was. Raises what cannot be serialized.
local function store_data(username, host, store, data)
	if not data then data = {}; end
	local text;
	if next(data) ~= nil then text = "return "..serialize(data)..";\n"; end
	local ok, err = pcall(disk.write, host, store, username, text);
	if not ok then
		log_failure("Unable to write to", store, host, username, err);
		return nil, "Error saving to storage";
	end
	return true;
end

--- An iterator over the users that have data in this store.
local function users(host, store)
	local names, position = disk.users(host, store), 0;
	return function ()
		position = position + 1;
		return names[position];
	end
end

return {
	load = load_data;
	store = store_data;
	users = users;
};
