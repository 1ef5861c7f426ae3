--- Stores of a module's host.

local api = {};

function api:open_store(name, store_type)
	if self.host == "*" then return nil, "global-storage-not-supported"; end
	return require "core.storagemanager".open(self.host, name or self.name, store_type);
end

return api;
