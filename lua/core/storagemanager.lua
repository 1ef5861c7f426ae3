--- Opens stores, as Prosody's core.storagemanager: "internal" by default, others where modules provide them.

local config = require "core.configmanager";
local datamanager = require "util.datamanager";
local modulemanager = require "core.modulemanager";
local log = require "util.logger".init("storagemanager");

local hosts = prosody.hosts;

-- The data manager as it was, before its users were led to the stores that hosts are configured to have.
local olddm = {};
for name, member in pairs(datamanager) do olddm[name] = member; end

-- Drivers that modules provide, by host and name.
local provided = {};

--- Lets the host's modules provide drivers.
local function initialize_host(host)
	local drivers = provided[host] or {};
	provided[host] = drivers;
	local events = hosts[host].events;
	events.add_handler("item-added/storage-provider", function (event)
		drivers[event.item.name] = event.item;
	end);
	events.add_handler("item-removed/storage-provider", function (event)
		drivers[event.item.name] = nil;
	end);
end

prosody.events.add_handler("host-activated", initialize_host, 101);
prosody.events.add_handler("host-deactivated", function (host) provided[host] = nil; end);
for host in pairs(hosts) do
	initialize_host(host);
	for _, driver in ipairs(modulemanager.get_items("storage-provider", host) or {}) do
		provided[host][driver.name] = driver;
	end
end

-- Prosody's own files: keyval stores.
local keyval = {};
local keyval_mt = { __index = keyval };

function keyval:get(username)
	return olddm.load(username, self.host, self.store);
end

function keyval:set(username, data)
	return olddm.store(username, self.host, self.store, data);
end

function keyval:users()
	return olddm.users(self.host, self.store);
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

--- A driver by its name, of which mod_storage_NAME provides the one; nil, with what is wrong logged, if there is none.
local function load_driver(host, name)
	if name == "null" then return null_driver; end
	local driver = provided[host] and provided[host][name];
	if driver then return driver; end
	if name == "internal" then return internal_driver(host); end
	local ok, err = modulemanager.load(host, "storage_"..name);
	if not ok then log("error", "Failed to load storage driver plugin %s on %s: %s", name, host, err); end
	return provided[host] and provided[host][name];
end

local function get_driver(host, store)
	local storage = config.get(host, "storage");
	local name = type(storage) == "table" and storage[store] or type(storage) == "string" and storage
		or config.get(host, "default_storage") or "internal";
	local driver = load_driver(host, name);
	if driver then return driver, name; end
	log("warn", "Falling back to null driver for %s storage on %s", store, host);
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

-- Stores that are both: values whole, and by their keys.
local combined = {};
local combined_mt = { __index = combined };

function combined:get(username)
	return self.keyval_store:get(username);
end

function combined:set(username, data)
	return self.keyval_store:set(username, data);
end

function combined:items()
	return self.keyval_store:users();
end

function combined:get_key(username, key)
	return self.map_store:get(username, key);
end

function combined:set_key(username, key, value)
	return self.map_store:set(username, key, value);
end

function combined:set_keys(username, values)
	return self.map_store:set_keys(username, values);
end

function combined:get_key_from_all(key)
	return self.map_store:get_all(key);
end

function combined:delete_key_from_all(key)
	return self.map_store:delete_all(key);
end

-- Handlers of this may put another store in its place.
local function fire_opened(host, store, store_type, opened)
	local event = { host = host, store_name = store, store_type = store_type, store = opened };
	hosts[host].events.fire_event("store-opened", event);
	return event.store, event.store_err;
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

local function open_combined(host, store)
	local driver, driver_name = get_driver(host, store);
	local keyval_store, err = driver:open(store, "keyval");
	if not keyval_store and err == "unsupported-store" then
		keyval_store = open_unsupported(host, store, "keyval", driver_name);
	end
	if not keyval_store then return nil, err; end
	local map_store;
	map_store, err = driver:open(store, "map");
	if not map_store and err == "unsupported-store" then
		map_store = setmetatable({ keyval_store = keyval_store }, map_mt);
	end
	if not map_store then return nil, err; end
	return setmetatable({ keyval_store = keyval_store, map_store = map_store, remove = map_store.remove }, combined_mt);
end

--- The store; nil and a message. Fires store-opened, whose handlers may put another in its place.
-- @param store_type "keyval" by default, "map", "keyval+" for both in one, or what drivers know
function open(host, store, store_type)
	local opened, err;
	if store_type == "keyval+" then
		opened, err = open_combined(host, store);
	else
		local driver, driver_name = get_driver(host, store);
		opened, err = driver:open(store, store_type);
		if not opened and err == "unsupported-store" then
			opened = open_unsupported(host, store, store_type, driver_name);
		end
	end
	if not opened then return nil, err; end
	return fire_opened(host, store, store_type, opened);
end

-- Modules of old use the data manager, and mean the configured store.

function datamanager.load(username, host, store)
	return open(host, store):get(username);
end

function datamanager.store(username, host, store, data)
	return open(host, store):set(username, data);
end

function datamanager.users(host, store, store_type)
	return open(host, store, store_type):users();
end

return {
	initialize_host = initialize_host;
	load_driver = load_driver;
	get_driver = get_driver;
	open = open;
	olddm = olddm;
};
