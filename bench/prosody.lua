--- Runs a module under lua5.4 with real Prosody's libraries: lua5.4 prosody.lua LIBRARIES NAME MODULE MOD_BENCH COLLECTOR
-- NAME is the module's, MODULE the file of the original, or of the Lua build. Takes the commands on standard input that serve.ts takes.
-- The collector of garbage is set as Prosody sets it ("prosody"), or left as it is ("lua").

local libraries, name, module_file, mod_bench, collector = ...;
package.path = libraries.."/?.lua;"..package.path;
package.cpath = libraries.."/?.so;"..package.cpath;

-- Prosody 13.0 says prosody.util.stanza for what is util.stanza in 0.12.
table.insert(package.searchers, 2, function (name)
	local library = name:match("^prosody%.(.+)$");
	return library and function () return require(library); end;
end);

-- The libraries keep the clock that is there when they are loaded: Prosody's own, with what was let pass added.
local passed = 0;
local time = require "util.time";
for _, name in ipairs { "now", "monotonic" } do
	local clock = time[name];
	time[name] = function () return clock() + passed; end;
end

prosody = {
	config_loaded = true;
	platform = "posix";
	hosts = {};
	full_sessions = {};
	bare_sessions = {};
	paths = {};
	events = require "util.events".new();
};

-- The libraries keep the function that is there when they are loaded.
local post_stanza;
function prosody.core_post_stanza(...)
	return post_stanza(...);
end

local host = "localhost";
prosody.hosts[host] = { host = host, type = "local", events = require "util.events".new(), sessions = {}, modules = {} };

local api = require "core.moduleapi";
local multitable = require "util.multitable";
local logger = require "util.logger";
local server = require "net.server";
local timer = require "util.timer";

-- Stored data, in memory.
local function open_store()
	local data = {};
	return {
		get = function (_, user) return data[user]; end;
		set = function (_, user, value) data[user] = value; return true; end;
	};
end

-- Loads a module as core.modulemanager does, save where its data is stored. Nothing that it logs is kept.
local function load_module(name, path)
	local log = logger.init(host..":"..name);
	local module = setmetatable({
		name = name;
		host = host;
		event_handlers = multitable.new();
		open_store = open_store;
		log = function (_, ...) return log(...); end;
	}, { __index = api });
	local environment = setmetatable({ module = module }, { __index = _G });
	module.environment = environment;
	assert(loadfile(path, "t", environment))();
end

local function fire(event, data)
	return prosody.hosts[host].events.fire_event(event, data);
end

local commands = {};

function commands.register(users, devices, ...)
	local enable = ... and table.concat({ ... }, " ");
	fire("bench/register", { users = tonumber(users), devices = tonumber(devices), enable = enable });
	return "done";
end

function commands.push(messages, users, kind, answered)
	local event = {
		messages = tonumber(messages), users = tonumber(users), kind = kind, answered = answered == "true",
		pushes = 0, bytes = 0;
	};
	local start = os.clock();
	fire("bench/push", event);
	return ("%.6f %d %d"):format(os.clock() - start, event.pushes, event.bytes);
end

function commands.memory()
	collectgarbage();
	collectgarbage();
	return ("%d"):format(collectgarbage("count") * 1024);
end

function commands.pass(seconds)
	passed = passed + tonumber(seconds);
	-- Prosody's event loop runs what is due. Something that is always due keeps it from waiting for what is not.
	local due = timer.add_task(0, function () server.setquitting(true); return 0; end);
	server.loop();
	timer.stop(due);
	server.setquitting(false);
	return "done";
end

if collector == "prosody" then
	assert(require "util.startup".init_gc());
end

load_module(name, module_file);
load_module("bench", mod_bench);
post_stanza = prosody.core_post_stanza;

print("ready");
io.stdout:flush();
for line in io.lines() do
	local words = {};
	for word in line:gmatch("%S+") do table.insert(words, word); end
	print(commands[words[1]](table.unpack(words, 2)));
	io.stdout:flush();
end
