--- Hosts: made, announced, and taken away.

local config = require "core.configmanager";
local new_events = require "util.events".new;
local log = require "util.logger".init("hostmanager");

local hosts = prosody.hosts;

local host_mt = {};
function host_mt:__tostring()
	return ("%s %q"):format(self.type == "component" and "Component" or "VirtualHost", self.host);
end

-- A host is an origin of stanzas too: what is sent to it goes on its way.
local function send(stanza)
	return prosody.core_route_stanza(nil, stanza);
end

local function close(host_session, reason)
	log("debug", "Attempt to close host session %s with reason: %s", host_session.host, reason);
end

--- Makes a host and fires host-activated; nil and what is wrong.
-- @param host_config its options, by default those that are set: a component's have `component_module`
local function activate(host, host_config)
	if hosts[host] then return nil, "The host "..host.." is already activated"; end
	host_config = host_config or config.getconfig()[host];
	if not host_config then
		return nil, "Couldn't find the host "..tostring(host).." defined in the current config";
	end
	local host_type = host_config.component_module and "component" or "local";
	hosts[host] = setmetatable({
		host = host;
		type = host_type;
		events = new_events();
		modules = {};
		s2sout = {};
		sessions = host_type == "local" and {} or nil;
		send = send;
		close = close;
	}, host_mt);
	log("debug", "Activated host: %s", host);
	prosody.events.fire_event("host-activated", host);
	return true;
end

--- Ends a host's sessions, unloads its modules and fires host-deactivated; nil and what is wrong.
local function deactivate(host, reason)
	local host_session = hosts[host];
	if not host_session then return nil, "The host "..tostring(host).." is not activated"; end
	log("info", "Deactivating host: %s", host);
	prosody.events.fire_event("host-deactivating", { host = host, host_session = host_session, reason = reason });
	if type(reason) ~= "table" then
		reason = { condition = "host-gone", text = tostring(reason or "This server has stopped serving "..host) };
	end
	for _, user in pairs(host_session.sessions or {}) do
		for _, session in pairs(user.sessions) do session:close(reason); end
	end
	local modulemanager = require "core.modulemanager";
	for name in pairs(host_session.modules) do modulemanager.unload(host, name); end
	hosts[host] = nil;
	prosody.events.fire_event("host-deactivated", host);
	return true;
end

return {
	activate = activate;
	deactivate = deactivate;
};
