--- Accounts. There is no authentication here: whoever logs in has an account.

local storagemanager = require "core.storagemanager";

local hosts = prosody.hosts;

--- Whether somebody is logged in under this name, or has been: then there is data of the account's. A server that
-- knows better sets hosts[host].users, Prosody's table of the host's authentication provider.
local function user_exists(username, host)
	local host_session = hosts[host];
	if not host_session or not host_session.sessions then return false; end
	if host_session.sessions[username] then return true; end
	if host_session.users then return host_session.users.user_exists(username); end
	for _, store in ipairs { "accounts", "roster" } do
		if storagemanager.open(host, store):get(username) then return true; end
	end
	return false;
end

return { user_exists = user_exists };
