--- What a server does around pushes: clients register, messages come in, and what is sent is serialised and answered.
-- It runs in Fengari and under real Prosody's libraries; work.ts does the same on Node.

local st = require "util.stanza";
local parse_xml = require "util.xml".parse;

local sent = {};

function prosody.core_post_stanza(_, stanza)
	sent[#sent + 1] = stanza;
end

local app_server = { type = "component", host = "push.localhost", send = function () end };
local sender = {
	type = "c2s", username = "romeo", host = module.host, full_jid = "romeo@"..module.host.."/orchard",
	send = function () end, log = function () end;
};

local function username_of(number)
	return ("user%d"):format(number);
end

-- XEP-0357, section 5.
local function enable_element(node)
	return st.stanza("enable", { xmlns = "urn:xmpp:push:0", jid = app_server.host, node = node });
end

--- Registers devices of users as their clients do: by an element as XML with `{user}` for the user's name, or XEP-0357's.
local function register(event)
	for user = 1, event.users do
		local jid = username_of(user).."@"..module.host;
		for device = 1, event.devices do
			local origin = {
				type = "c2s", username = username_of(user), host = module.host, resource = "d"..device,
				full_jid = jid.."/d"..device, send = function () end, log = function () end;
			};
			local xml = event.enable and event.enable:gsub("{user}", origin.username);
			local enable = xml and assert(parse_xml(xml)) or enable_element(origin.full_jid);
			local stanza = st.iq({ type = "set", id = "enable", from = origin.full_jid }):add_child(enable);
			module:fire_event("iq-set/self/"..enable.attr.xmlns..":enable", { origin = origin, stanza = stanza });
		end
	end
end

-- Writes what was sent as text, and has the app server answer it.
local function deliver(answered)
	local written = sent;
	sent = {};
	local bytes = 0;
	for _, stanza in ipairs(written) do
		bytes = bytes + #tostring(stanza);
		if answered then
			local event = { origin = app_server, stanza = st.reply(stanza) };
			module:fire_event("iq/host", event);
		end
	end
	return #written, bytes;
end

local offline = { chat = "message/offline/handle", groupchat = "message/bare/groupchat" };
local last = 0;

--- Sends messages to users 1 to `users` in turn, who are all offline. Counts the pushes, and their bytes, in the event.
local function push(event)
	for _ = 1, event.messages do
		last = last % event.users + 1;
		local username = username_of(last);
		local stanza = st.message({
			to = username.."@"..module.host, from = sender.full_jid, type = event.kind, id = "message";
		}, "Hello");
		module:fire_event(offline[event.kind], { username = username, origin = sender, stanza = stanza });
		local pushes, bytes = deliver(event.answered);
		event.pushes, event.bytes = event.pushes + pushes, event.bytes + bytes;
	end
end

-- Answers go by their ids, as mod_iq has it.
module:hook("iq/host", function (event)
	return module:fire_event("iq-"..event.stanza.attr.type.."/host/"..event.stanza.attr.id, event);
end);

module:hook("bench/register", register);
module:hook("bench/push", push);
