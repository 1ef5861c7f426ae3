--- Items: what modules tell each other about, such as features. A module's items go with it.

local api = {};

function api:add_item(key, value)
	self.items = self.items or {};
	self.items[key] = self.items[key] or {};
	table.insert(self.items[key], value);
	self:fire_event("item-added/"..key, { source = self, item = value });
end

--- The item, if it was there; of equal ones the last.
function api:remove_item(key, value)
	local items = self.items and self.items[key] or {};
	for i = #items, 1, -1 do
		if items[i] == value then
			table.remove(items, i);
			self:fire_event("item-removed/"..key, { source = self, item = value });
			return value;
		end
	end
end

function api:get_host_items(key)
	return require "core.modulemanager".get_items(key, self.host) or {};
end

--- Calls back with { source = …, item = … } for each item, now (unless existing is false) and in the future.
function api:handle_items(key, added, removed, existing)
	self:hook("item-added/"..key, added);
	self:hook("item-removed/"..key, removed);
	if existing == false then return; end
	for _, other in pairs(require "core.modulemanager".get_modules(self.host)) do
		for _, item in ipairs(other.module.items and other.module.items[key] or {}) do
			added { source = other.module, item = item };
		end
	end
end

function api:add_feature(feature)
	self:add_item("feature", feature);
end

function api:add_identity(category, identity_type, name)
	self:add_item("identity", { category = category, type = identity_type, name = name });
end

function api:add_extension(form)
	self:add_item("extension", form);
end

-- What a module file defines, without an item given: its globals.
local function globals_of(module)
	local globals = {};
	for name, value in pairs(module.environment) do
		if name ~= "module" then globals[name] = value; end
	end
	return globals;
end

--- Offers an implementation; mod_auth_example provides "auth" by the name of "example".
function api:provides(kind, item)
	item = item or globals_of(self);
	if not item.name then
		local prefix = kind:gsub("%-", "_").."_";
		item.name = self.name:sub(1, #prefix) == prefix and self.name:sub(#prefix + 1) or self.name;
	end
	item._provided_by = self.name;
	self:add_item(kind.."-provider", item);
end

return api;
