-- DNS that says what a test has it say, and connections that leave this machine nowhere but in the log.

local adns = require "net.adns";
local certmanager = require "core.certmanager";
local http = require "net.http";
local json = require "util.json";
local server = require "net.server";
local timer = require "util.timer";

-- By name: for one lookup after the other (the last for all that follow), a list of addresses
local names = {};
-- Seconds until the DNS answers
local delay;
-- By address: the loopback address that it leads to
local routes = {};

local resolver, addclient = adns.resolver, server.addclient;
local sslctx = http.default.options.sslctx;

local function lookup(name, kind)
	local answers = names[name] or {};
	local answer = {};
	for _, address in ipairs(answers[1] or {}) do
		if (kind == "AAAA") == (address:find(":", 1, true) ~= nil) then
			table.insert(answer, { [kind:lower()] = address });
		end
	end
	if kind == "AAAA" and answers[2] then table.remove(answers, 1); end
	return answer;
end

function adns.resolver()
	return { lookup = function (_, callback, name, kind)
		local answer = lookup(name, kind);
		if delay then
			timer.add_task(delay, function () callback(answer); end);
		else
			callback(answer);
		end
	end };
end

function server.addclient(address, ...)
	module:log("info", "connecting to %s", address);
	local route = routes[address] or (address:find("^127%.") and address);
	if not route then return nil, "network unreachable"; end
	return addclient(route, ...);
end

module:hook("fake_net/set", function (event)
	local set = json.decode(event.user);
	names, routes, delay = set.names, set.routes, set.delay;
	return true;
end);

local cafile = os.tmpname();
do
	local file = assert(io.open(cafile, "w"));
	file:write(module:get_option_string("fake_net_trusted"));
	file:close();
	http.default.options.sslctx = assert(certmanager.create_context("fake_net", "client", { cafile = cafile; verify = "peer" }));
	os.remove(cafile);
end

function module.unload()
	adns.resolver, server.addclient = resolver, addclient;
	http.default.options.sslctx = sslctx;
end
