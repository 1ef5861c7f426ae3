-- Lets the process that started this server drive it: makes hosts, accounts and modules for a scenario and takes them
-- away again, and tells when everything that arrived has been worked off, and which stanzas the host sent to other
-- servers, none of which is there. It dials that process, and does what comes over this one connection, a line of JSON a command; when
-- the connection ends, so does the server.
--
-- It changes nothing that happens on a host, save that nothing leaves this machine: names of other servers are not looked up,
-- only localhost is found, and connections to addresses other than those of loopback are refused.

module:set_global();

local adns = require "net.adns";
local async = require "util.async";
local configmanager = require "core.configmanager";
local hostmanager = require "core.hostmanager";
local json = require "util.json";
local lfs = require "lfs";
local logger = require "util.logger";
local modulemanager = require "core.modulemanager";
local portmanager = require "core.portmanager";
local server = require "net.server";
local time = require "util.time";
local usermanager = require "core.usermanager";

local HOST = "localhost";

local port = assert(module:get_option_number("prosody_push_port"), "prosody_push_port is not set");
local secret = assert(module:get_option_string("prosody_push_secret"), "prosody_push_secret is not set");
local folder = assert(module:get_option_string("prosody_push_folder"), "prosody_push_folder is not set");

local c2s_sessions = module:shared("/*/c2s/sessions");
local component_sessions = module:shared("/*/component/sessions");
local resumption_tokens = module:shared("/*/smacks/resumption-tokens");

-- Not public, and read as Prosody's own console would: functions have their upvalues as fields (util.startup).
local timers = server.add_task.timers;
local shared_data = require "core.moduleapi".shared.shared_data;

local conn;
local stopping = false;

-- Its port opens with the first component otherwise; who drives this server is to know it from the start.
modulemanager.load("*", "component");

function adns.resolver()
	local resolver = {};
	function resolver.lookup(_, callback, name, record_type)
		local answer;
		if name == HOST and record_type == "A" then answer = { { a = "127.0.0.1" } }; end
		server.add_task(0, function () callback(answer); end);
	end
	return resolver;
end

-- What the simulated server says where nobody is.
local addclient = server.addclient;
function server.addclient(address, ...)
	if address ~= "::1" and not address:match("^127%.%d+%.%d+%.%d+$") then return nil, "connection refused"; end
	return addclient(address, ...);
end

--- Log

local function send(message)
	conn:write(json.encode(message).."\n");
end

local function send_log_entry(source, level, message)
	-- Writing to the connection is logged, too.
	if conn and source ~= conn.id then
		send({ log = { at = time.now(), source = source, level = level, message = message } });
	end
end

local function watch_log()
	logger.add_simple_sink(send_log_entry);
end

module:hook("logging-reloaded", watch_log);

--- Stanzas without a way to go

-- Prosody calls this for localhost whenever that is activated, and takes the handler away with the host. It comes just
-- before those of mod_s2s (-1, -10): a module that takes the stanza itself, or adds to it, has done so by then.
function module.add_host(host_module)
	host_module:hook("route/remote", function (event)
		local stanza = event.stanza;
		local to, from = stanza.attr.to, stanza.attr.from;
		-- What clients send is theirs.
		if conn and to and from == host_module.host then
			send({ undelivered = { to = to, from = from, xml = tostring(stanza) } });
		end
	end, -0.5);
end

--- Rest

-- How often a socket, other than the control connection's, was found readable or writable
local socket_turns = 0;

-- There is nothing public to tell; the method does what it did.
local function count_turns(interface, method)
	local original = interface[method];
	interface[method] = function (self, ...)
		if self ~= conn then socket_turns = socket_turns + 1; end
		return original(self, ...);
	end;
end

-- Calls back when all that had arrived at this server's sockets has been worked off, and what was written has left it.
--
-- net.server_epoll takes turns: it runs the timers that are due, then asks once which sockets can be read or written and
-- sees to these (13.0), or does so until there is none (0.12). Both are level-triggered: a socket of which only a part was
-- read comes up again. What is put off goes into timers of no delay: the next step of a promise or of async.waiter, and
-- what LuaSocket had read beyond what was asked for. So a timer that finds no other due, and no socket seen to since it
-- ran last, has found the server at rest; but for timers that ran in the same turn before it, and may have written. If so,
-- a socket is writable in the next turn. Hence two such turns in a row.
local function when_at_rest(callback)
	local quiet_turns = 0;
	local turns_before;
	server.add_task(0, function ()
		local due = timers:peek();
		if (due and due <= time.monotonic()) or socket_turns ~= turns_before then
			quiet_turns = 0;
		else
			quiet_turns = quiet_turns + 1;
		end
		turns_before = socket_turns;
		if quiet_turns < 2 then return 0; end
		callback();
	end);
end

local function wait_for_rest()
	local wait, done = async.waiter();
	when_at_rest(done);
	wait();
end

--- Clean up

local function copy(t)
	local copied = {};
	for key, value in pairs(t) do copied[key] = value; end
	return copied;
end

local function count(t)
	local n = 0;
	for _ in pairs(t) do n = n + 1; end
	return n;
end

-- What there is while no host is active
local baseline;

local function count_handlers()
	local counts = {};
	for event, handlers in pairs(prosody.events._event_map) do
		counts[event] = count(handlers);
	end
	return counts;
end

local function take_baseline()
	baseline = {
		modules = copy(modulemanager.get_modules("*"));
		timers = copy(timers.items);
		handlers = count_handlers();
	};
end

-- While there are hosts still: what a session's end leads to may take some turns, in which a module needs its host.
local function close_connections()
	local reason = { condition = "host-gone"; text = "The scenario is over" };
	for _, session in pairs(copy(prosody.full_sessions)) do session:close(reason); end
	-- Who has not bound a resource is in none of the host's tables.
	for _, session in pairs(copy(c2s_sessions)) do session:close(reason); end
	wait_for_rest();
	for _, session in pairs(copy(component_sessions)) do session:close(reason); end
	wait_for_rest();
end

local function deactivate_hosts()
	close_connections();
	local hosts = copy(prosody.hosts);
	for host in pairs(hosts) do
		assert(hostmanager.deactivate(host));
	end
	wait_for_rest();
	-- A module that is loaded again would find its table, unless it happened to be collected.
	for path in pairs(copy(shared_data)) do
		if hosts[path:match("^/([^/]*)")] then shared_data[path] = nil; end
	end
end

-- Takes away what the hosts' modules left behind beside the hosts.
local function return_to_baseline()
	for name in pairs(copy(modulemanager.get_modules("*"))) do
		if not baseline.modules[name] then modulemanager.unload("*", name); end
	end
	local own = {};
	for _, field in ipairs({ "_readtimeout"; "_writetimeout"; "_pausefor" }) do
		if conn[field] then own[conn[field]] = true; end
	end
	for id in pairs(copy(timers.items)) do
		if not baseline.timers[id] and not own[id] then server.timer.stop(id); end
	end
end

local function expect_empty(t, what)
	if next(t) ~= nil then error(("%d %s left"):format(count(t), what), 0); end
end

local function expect_baseline()
	expect_empty(prosody.hosts, "hosts");
	expect_empty(prosody.full_sessions, "sessions");
	expect_empty(prosody.bare_sessions, "accounts' sessions");
	expect_empty(c2s_sessions, "clients' connections");
	expect_empty(component_sessions, "components' connections");
	expect_empty(resumption_tokens, "resumable streams");
	for name in pairs(modulemanager.get_modules("*")) do
		if not baseline.modules[name] then error(("the global mod_%s is left"):format(name), 0); end
	end
	local handlers = count_handlers();
	for event in pairs(handlers) do
		local before = baseline.handlers[event] or 0;
		if handlers[event] ~= before then
			error(("%d handlers of the global event %s instead of %d left"):format(handlers[event], event, before), 0);
		end
	end
end

--- Commands

local commands = {};

-- As assert, without a position in this file
local function must(ok, err)
	if not ok then error(tostring(err), 0); end
end

local function expect_loaded(host)
	for name in modulemanager.get_modules_for_host(host) do
		if not modulemanager.is_loaded(host, name) and not modulemanager.is_loaded("*", name) then
			error(("mod_%s does not load on %s"):format(name, host), 0);
		end
	end
end

local function load_modules(names)
	expect_loaded(HOST);
	for _, name in ipairs(names) do
		local ok, err = modulemanager.load(HOST, name);
		if not ok and err ~= "module-already-loaded" then
			error(("mod_%s does not load: %s"):format(name, err), 0);
		end
	end
end

-- Once after the start, before anything else: no host is active then.
function commands.clear()
	deactivate_hosts();
	-- It does not forget the commands that a host's modules gave it: each scenario gets it anew.
	modulemanager.unload("*", "admin_shell");
	take_baseline();
	expect_baseline();
end

-- Reads the configuration anew and activates its hosts.
function commands.begin(request)
	local ok, _, err = configmanager.load(prosody.config_file);
	if not ok then error(("the configuration has an error: %s"):format(err), 0); end
	must(hostmanager.activate(HOST));
	for _, account in ipairs(request.accounts) do
		must(usermanager.create_user(account.username, account.password, HOST));
	end
	for _, component in ipairs(request.components) do
		must(hostmanager.activate(component));
		expect_loaded(component);
	end
	load_modules(request.modules);
end

-- After a restart, which Prosody's own start has activated the hosts in
function commands.load(request)
	load_modules(request.modules);
end

commands["end"] = function ()
	deactivate_hosts();
	return_to_baseline();
	expect_baseline();
end

function commands.barrier()
	wait_for_rest();
end

function commands.fire(request)
	prosody.hosts[HOST].events.fire_event(request.event, { user = request.user });
end

function commands.reload(request)
	local ok, err = modulemanager.reload(HOST, request.module);
	if not ok then error(("mod_%s does not reload: %s"):format(request.module, err), 0); end
end

function commands.memory()
	collectgarbage();
	collectgarbage();
	return collectgarbage("count") * 1024;
end

local function write_what_is_left()
	local ok;
	repeat
		ok = conn:onwritable();
	until not ok or not conn.writebuffer or #conn.writebuffer == 0;
end

-- What Prosody does on SIGTERM. A signal would have it done in the middle of anything: what is said while the connection is
-- written to, as it is after an answer, would be lost.
function commands.shutdown()
	-- 13.0 leaves its event loop then, whatever there is to be written.
	module:hook("server-stopped", write_what_is_left, -1000);
	server.add_task(0, function ()
		prosody.main_thread:run(function ()
			prosody.unlock_globals();
			prosody.shutdown("Received SIGTERM");
			prosody.lock_globals();
		end);
	end);
end

local thread = async.runner(function (request)
	local ok, result = xpcall(commands[request.command], function (err)
		module:log("debug", "%s failed: %s", request.command, debug.traceback(tostring(err)));
		return tostring(err);
	end, request);
	if ok then
		send({ id = request.id, result = result });
	else
		send({ id = request.id, error = result });
	end
end);

--- Connection

local function remove(path)
	if lfs.symlinkattributes(path, "mode") == "directory" then
		for name in lfs.dir(path) do
			if name ~= "." and name ~= ".." then remove(path.."/"..name); end
		end
		lfs.rmdir(path);
	else
		os.remove(path);
	end
end

-- Whoever started this server is gone, however it ended. Nobody wants a proper shutdown, nor what was stored.
local function vanish()
	if stopping then return; end
	remove(folder);
	os.exit(1);
end

local listener = { ondisconnect = vanish, onfail = vanish };

function listener.onconnect()
	local active = portmanager.get_active_services();
	send({
		secret = secret;
		version = prosody.version;
		listening = { c2s = active:get("c2s") ~= nil, component = active:get("component") ~= nil };
	});
	watch_log();
end

local received = "";

function listener.onincoming(_, data)
	received = received..data;
	while true do
		local line, rest = received:match("^([^\n]*)\n(.*)$");
		if not line then break; end
		received = rest;
		thread:run(assert(json.decode(line)));
	end
end

function listener.onreadtimeout()
	return true;
end

module:hook("server-stopping", function ()
	stopping = true;
end, 1000);

module:hook("server-started", function ()
	conn = server.addclient("127.0.0.1", port, listener);
	if not conn then vanish(); end
	local interface = getmetatable(conn).__index;
	count_turns(interface, "onreadable");
	count_turns(interface, "onwritable");
	-- Takes the place of both while a connection gets encrypted: ours to a push service.
	count_turns(interface, "tlshandshake");
end);
