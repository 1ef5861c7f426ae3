--- Options by host. What a host does not set, it has from the global ones, which stand under "*".

local config = { ["*"] = {} };

local function get(host, name)
	local options = config[host];
	local value = options and options[name];
	if value == nil then value = config["*"][name]; end
	return value;
end

--- The option that this very host sets.
local function rawget(host, name)
	return config[host] and config[host][name];
end

local function set(host, name, value)
	if not (host and name) then return false; end
	config[host] = config[host] or {};
	config[host][name] = value;
	return true;
end

local function getconfig()
	return config;
end

return {
	get = get;
	rawget = rawget;
	set = set;
	getconfig = getconfig;
};
