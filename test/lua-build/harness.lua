--- Runs a module file in plain Lua, in the environment of lua/, and prints all that goes out and is logged.
-- LUA harness.lua ENVIRONMENT MODULE_FILE. What Prosody has in C is made up: enough for one host and ASCII.

local environment, path = ...;

-- What the libraries of lua/ take from Lua 5.2, for LuaJIT. The module does without.
package.searchers = package.searchers or package.loaders;
local for_libraries = setmetatable({
	pack = table.pack or function (...) return { n = select("#", ...), ... }; end;
	unpack = table.unpack or unpack;
}, { __index = table });

-- LuaJIT's patterns have %z for NUL.
if not pcall(string.find, "", "[\0]") then
	local gsub = string.gsub;
	for _, name in ipairs { "find", "match", "gmatch", "gsub" } do
		local native = string[name];
		string[name] = function (text, pattern, ...)
			local translated = gsub(gsub(pattern, "%z%-", "%%z\1-"), "%z", "%%z");
			return native(text, translated, ...);
		end;
	end
end

local now = 1700000000;
local due = {};

local function printed(value)
	return (tostring(value):gsub("%c", "?"));
end

local stored = {};
package.preload["bridge.machine"] = function ()
	return {
		clock = {
			now = function () return now; end;
			schedule = function (delay, callback)
				local entry = { at = now + delay, callback = callback };
				due[#due + 1] = entry;
				return function () entry.callback = nil; end;
			end;
		};
		disk = {
			read = function (host, store, user, kind) return stored[table.concat({ host, store, user, kind }, "/")]; end;
			write = function (host, store, user, text, kind)
				stored[table.concat({ host, store, user, kind }, "/")] = text;
			end;
			users = function () return {}; end;
		};
		options = {};
		log = function (entry)
			print(entry.level, entry.source, printed(entry.message));
		end;
	};
end;
package.preload["bridge.files"] = function ()
	return {
		read = function (name)
			local file, err = io.open(name, "rb");
			if not file then return nil, err; end
			local text = file:read("*a");
			file:close();
			return text;
		end;
	};
end;

local function prep(text) return text:lower(); end
package.preload["util.encodings"] = function ()
	return {
		utf8 = { valid = function () return true; end; length = function (text) return #text; end };
		stringprep = { nodeprep = prep; nameprep = prep; resourceprep = function (text) return text; end };
		base64 = { encode = function (text) return text; end };
		idna = { to_ascii = prep; to_unicode = prep };
	};
end;
local drawn = 0;
package.preload["util.random"] = function ()
	return { bytes = function (count) drawn = drawn + 1; return ("%0"..count.."d"):format(drawn); end };
end;
package.preload["util.hashes"] = function ()
	return { sha256 = function (text) return "hash-of-"..text; end; sha1 = function (text) return text; end };
end;
package.preload["util.time"] = function ()
	return { now = function () return now + 0.5; end; monotonic = function () return now; end };
end;
package.preload["util.crypto"] = function () return {}; end;
package.preload["util.strbitop"] = function () return {}; end;

-- Libraries come from lua/, with their table.
local function load_file(name)
	local file = io.open(name, "rb");
	if not file then return nil; end
	local text = file:read("*a");
	file:close();
	return assert(load(text, "@"..name, "t", setmetatable({ table = for_libraries }, { __index = _G, __newindex = _G })));
end
table.insert(package.searchers, 2, function (name)
	return load_file(environment.."/"..name:gsub("^prosody%.", ""):gsub("%.", "/")..".lua");
end);
local boot = load_file(environment.."/boot.lua")();

-- As Prosody has it once it has started.
setmetatable(_G, {
	__index = function (_, name) error("read of a global that is not there: "..tostring(name), 2); end;
	__newindex = function (_, name) error("a global is set: "..tostring(name), 2); end;
});

local st = require "util.stanza";

local function sorted(of)
	local names = {};
	for name in pairs(of) do names[#names + 1] = name; end
	table.sort(names, function (a, b) return tostring(a) < tostring(b); end);
	return names;
end

-- A stanza as text, its attributes in order.
local function text_of(stanza)
	if type(stanza) == "string" then return stanza; end
	local attributes, children = {}, {};
	for _, name in ipairs(sorted(stanza.attr)) do
		attributes[#attributes + 1] = (" %s='%s'"):format(name, stanza.attr[name]);
	end
	for _, child in ipairs(stanza) do children[#children + 1] = text_of(child); end
	return ("<%s%s>%s</%s>"):format(stanza.name, table.concat(attributes), table.concat(children), stanza.name);
end

-- Data as text, its keys in order.
local function data_as_text(data)
	if type(data) ~= "table" then return tostring(data); end
	local fields = {};
	for _, name in ipairs(sorted(data)) do fields[#fields + 1] = ("%s=%s"):format(name, data_as_text(data[name])); end
	return "{"..table.concat(fields, " ").."}";
end

local host = prosody.hosts.localhost;
local sent = {};
function prosody.core_post_stanza(_, stanza)
	sent[#sent + 1] = stanza;
	print("sent", text_of(stanza));
end

local function fire(event, data)
	print("result of "..event, host.events.fire_event(event, data));
end

local function session(resource)
	return {
		type = "c2s", username = "juliet", host = "localhost", resource = resource,
		full_jid = "juliet@localhost/"..resource;
		send = function (stanza) print("to "..resource, text_of(stanza)); end;
		log = function (level, message, ...) print(level, resource, message:format(...)); end;
	};
end

local function iq_set(origin, name, attr, child)
	local stanza = st.iq({ type = "set", id = name, from = origin.full_jid }):tag(name, attr);
	if child then stanza:add_child(child); end
	fire("iq-set/self/urn:xmpp:push:0:"..name, { origin = origin, stanza = stanza:reset() });
end

local function message(body)
	return st.message({ type = "chat", from = "romeo@localhost/orchard", to = "juliet@localhost", id = "m" }, body);
end

local function answer(make, ...)
	local app_server = { type = "component", host = "push.localhost" };
	local stanza = make(sent[#sent], ...);
	fire("iq/host", { origin = app_server, stanza = stanza });
end

local function seconds_pass(count)
	now = now + count;
	local waiting = due;
	due = {};
	for _, entry in ipairs(waiting) do
		if entry.at > now then
			due[#due + 1] = entry;
		elseif entry.callback then
			entry.callback();
		end
	end
end

boot.load("cloud_notify", path);

local phone, tablet = session("phone"), session("tablet");
local form = st.stanza("x", { xmlns = "jabber:x:data", type = "submit" })
	:tag("field", { var = "secret" }):text_tag("value", "s"):up():reset();
fire("account-disco-info", { origin = phone, reply = st.stanza("query") });
iq_set(phone, "enable", { xmlns = "urn:xmpp:push:0", node = "n1" });
iq_set(phone, "enable", { xmlns = "urn:xmpp:push:0", jid = "Push.localhost", node = "n1" }, form);
now = now + 1;
iq_set(tablet, "enable", { xmlns = "urn:xmpp:push:0", jid = "push.localhost", node = "n2" });

fire("message/offline/handle", { origin = phone, username = "juliet", stanza = message("Hello") });
answer(st.reply);

host.sessions.juliet = { sessions = { phone = phone, tablet = tablet } };
phone.hibernating = now;
phone.hibernating_watchdog = require "util.watchdog".new(600, function () print("the session ends"); end);
fire("smacks-hibernation-start", { origin = phone, queue = {} });
fire("smacks-hibernation-stanza-queued", { origin = phone, queue = {}, stanza = message("One") });
fire("smacks-hibernation-stanza-queued", { origin = phone, queue = {}, stanza = message("Two") });
seconds_pass(2);
answer(st.error_reply, "cancel", "item-not-found", "Gone");

fire("smacks-ack-delayed", { origin = tablet, queue = { message(), message("Three"), message("Four") } });
seconds_pass(2);

for _, name in ipairs(sorted(stored)) do print("stored", name, data_as_text(load(stored[name])())); end

iq_set(tablet, "disable", { xmlns = "urn:xmpp:push:0", jid = "push.localhost" });
fire("message/offline/handle", { origin = phone, username = "juliet", stanza = message("Nobody") });
boot.reload("cloud_notify");
boot.unload("cloud_notify");
