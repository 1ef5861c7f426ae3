--- Opens stores, as Prosody's core.storagemanager: "internal" by default, others where modules provide them.

local config = require "core.configmanager";
local datamanager = require "util.datamanager";
local log = require "util.logger".init("storagemanager");

local hosts = prosody.hosts;

-- Prosody's own files: keyval stores.
local keyval = {};
local keyval_mt = { __index = keyval };

function keyval:get(username)
	return datamanager.load(username, self.host, self.store);
end

function keyval:set(username, data)
	return datamanager.store(username, self.host, self.store, data);
end

function keyval:users()
	return datamanager.users(self.host, self.store);
end

local function internal_driver(host)
	return {
		name = "internal";
		open = function (_, store, store_type)
			if store_type ~= nil and store_type ~= "keyval" then return nil, "unsupported-store"; end
			return setmetatable({ host = host, store = store }, keyval_mt);
		end;
	};
end

-- Stands in for what cannot be stored: every method fails.
local null_driver = setmetatable({
	name = "null";
	open = function (self) return self; end;
}, {
	__index = function ()
		return function () return false, "no data storage active"; end
	end;
});

local function get_driver(host, store)
	local storage = config.get(host, "storage");
	local name = type(storage) == "table" and storage[store] or type(storage) == "string" and storage
		or config.get(host, "default_storage") or "internal";
	if name == "internal" then return internal_driver(host), name; end
	if name == "null" then return null_driver, name; end
	for _, driver in ipairs(require "core.modulemanager".get_items("storage-provider", host)) do
		if driver.name == name then return driver, name; end
	end
	log("warn", "No module provides the storage %q, falling back to null driver for %s storage on %s",
		name, store, host);
	return null_driver, "null";
end

-- A table of keys for each user, kept whole in a keyval store.
local map = {};
local map_mt = { __index = map };

-- Stands for nil in set_keys.
map.remove = {};

function map:get(username, key)
	local data, err = self.keyval_store:get(username);
	if data == nil then return nil, err; end
	return data[key];
end

function map:set(username, key, value)
	if value == nil then value = self.remove; end
	return self:set_keys(username, { [key] = value });
end

function map:set_keys(username, values)
	local data, err = self.keyval_store:get(username);
	if data == nil and err then return nil, err; end
	data = data or {};
	for key, value in pairs(values) do
		if value == self.remove then value = nil; end
		data[key] = value;
	end
	return self.keyval_store:set(username, data);
end

--- The key's values by user.
function map:get_all(key)
	if type(key) ~= "string" or key == "" then
		return nil, "get_all only supports non-empty string keys";
	end
	local values;
	for username in self.keyval_store:users() do
		local value = self:get(username, key);
		if value then
			values = values or {};
			values[username] = value;
		end
	end
	return values;
end

function map:delete_all(key)
	if type(key) ~= "string" or key == "" then
		return nil, "delete_all only supports non-empty string keys";
	end
	local last_err;
	for username in self.keyval_store:users() do
		local ok, err = self:set(username, key, nil);
		if not ok then last_err = err; end
	end
	if last_err then return nil, last_err; end
	return true;
end

local open;

local function open_unsupported(host, store, store_type, driver_name)
	if store_type == "map" then
		return setmetatable({ keyval_store = open(host, store, "keyval") }, map_mt);
	end
	log("debug", "Storage driver %s does not support store %s (%s), falling back to null driver",
		driver_name, store, store_type or "<nil>");
	return null_driver;
end

--- The store; nil and a message. Fires store-opened, whose handlers may put another in its place.
function open(host, store, store_type)
	local driver, driver_name = get_driver(host, store);
	local opened, err = driver:open(store, store_type);
	if not opened and err == "unsupported-store" then
		opened = open_unsupported(host, store, store_type, driver_name);
	end
	if not opened then return nil, err; end
	local event = { host = host, store_name = store, store_type = store_type, store = opened };
	hosts[host].events.fire_event("store-opened", event);
	return event.store, event.store_err;
end

return {
	open = open;
	get_driver = get_driver;
};
