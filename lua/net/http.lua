--- HTTP requests (Prosody's net.http), over what the machine has for it.

local base64 = require "util.encodings".base64;
local basic_resolver = require "net.resolvers.basic";
local http_errors = require "net.http.errors";
local log = require "util.logger".init("http");
local machine = require "bridge.machine";
local new_events = require "util.events".new;
local promise = require "util.promise";
local util_http = require "util.http";
local xpcall = require "util.xpcall".xpcall;

local default_ports = { http = "80", https = "443" };
local default_body_size_limit = 10*1024*1024;

-- The parts of a URL as LuaSocket names them; nil if it is no URL of HTTP.
local function parse_url(url)
	local scheme, authority, rest = tostring(url):match("^(%a[%w+.-]*)://([^/?#]*)([^#]*)");
	scheme = scheme and scheme:lower();
	if not default_ports[scheme] then return nil; end
	local userinfo, address = authority:match("^(.*)@([^@]*)$");
	address = address or authority;
	local host, port = address:match("^(.*):(%d*)$");
	host, port = host or address, port or "";
	if host == "" then return nil; end
	local path, query = rest:match("^([^?]*)%??(.*)$");
	return {
		scheme = scheme;
		host = host:match("^%[(.+)%]$") or host;
		port = port ~= "" and port ~= default_ports[scheme] and port or nil;
		userinfo = userinfo;
		path = path ~= "" and path or "/";
		query = query ~= "" and query or nil;
	};
end

-- A body makes it a POST of a form, unless the options say otherwise.
local function fill_in(request, options)
	request.method = options.method or options.body and "POST" or "GET";
	request.body = options.body;
	request.headers = {
		["Host"] = request.host..(request.port and ":"..request.port or "");
		["User-Agent"] = "Prosody XMPP Server";
		["Connection"] = machine.series ~= "0.12" and "close" or nil;
	};
	if request.userinfo then
		request.headers["Authorization"] = "Basic "..base64.encode(request.userinfo);
	end
	if options.body then
		request.headers["Content-Length"] = ("%d"):format(#options.body);
		request.headers["Content-Type"] = "application/x-www-form-urlencoded";
	end
	for name, value in pairs(options.headers or {}) do request.headers[name] = value; end
end

local function log_traceback(err)
	log("error", "Traceback[http]: %s", debug.traceback(tostring(err), 2));
end

-- What a request may do but once. What throws is logged, as by Prosody's event loop.
local function answer_once(http, request, callback)
	return function (body, code, response)
		if request.answered then return; end
		request.answered = true;
		local event = {
			http = http, url = request.url, request = request, response = response, content = body, code = code,
			callback = callback,
		};
		http.events.fire_event("response", event);
		log("debug", "Request '%s': Calling callback, status %s", request.id, event.code);
		xpcall(callback, log_traceback, event.content, event.code, event.response, request);
	end
end

-- Hands a request to the machine.
local function send(request, options)
	local head_passed_on = false;
	local function on_head(response)
		head_passed_on = true;
		if options.streaming_handler and not request.answered then options.streaming_handler(response); end
	end
	local outgoing = {
		method = request.method, url = request.url, headers = request.headers, body = request.body;
		resolver = basic_resolver.new(request.host, tonumber(request.port or default_ports[request.scheme]), "tcp",
			{ servername = request.host });
		size_limits = function () return { body = request.body_size_limit, head = request.head_size_limit }; end;
		on_head = on_head;
	};
	if not machine.http then
		request.callback("no-http", 0, request);
		return;
	end
	request.abort = machine.http(outgoing, function (response, err)
		if not response then
			request.callback(err or "connection failed", 0, request);
		elseif #response.body > (request.body_size_limit or default_body_size_limit) then
			if not head_passed_on then on_head { code = response.code, headers = response.headers, body = "" }; end
			request.callback("content-length-limit-exceeded", 0, request);
		else
			request.callback(response.body, response.code, response);
		end
	end);
	-- It may have been cancelled while the machine took it.
	if request.cancelled and request.abort then request.abort(); end
end

-- Calls back with body, code, response and request; with what went wrong, 0 and the request if it failed. Returns the
-- request; nil and "invalid-url".
local function request_with_callback(http, url, options, callback)
	local request = parse_url(url);
	if not request then
		callback("invalid-url", 0, nil);
		return nil, "invalid-url";
	end
	request.url, request.http, request.time = url, http, os.time();
	request.id = options and options.id or tostring(request):match("%x+$");

	local event = { http = http, url = url, request = request, options = options, callback = callback };
	local replacement = http.events.fire_event("pre-request", event);
	if replacement then return replacement; end
	request, options = event.request, event.options or {};
	request.url = event.url;
	fill_in(request, options);
	request.callback = answer_once(http, request, event.callback);
	function request.cancel(_, reason)
		if request.answered then return; end
		request.cancelled = true;
		request.callback(reason or "cancelled", 0, request);
		if request.abort then request.abort(); end
	end

	log("debug", "Making %s %s request '%s' to %s", request.scheme:upper(), request.method, request.id,
		options.suppress_url and request.headers["Host"] or request.url);
	send(request, options);
	http.events.fire_event("request", { http = http, request = request, url = request.url });
	return request;
end

-- The promise is rejected with a util.error if the request fails; any status resolves it.
local function request_with_promise(http, url, options)
	return promise.new(function (resolve, reject)
		request_with_callback(http, url, options, function (body, code, response, request)
			if code == 0 then
				reject(http_errors.new(body, { request = response }));
			else
				response.request = request;
				resolve(response);
			end
		end);
	end);
end

local function new(options)
	return {
		options = options;
		events = new_events();
		new = function (more)
			local merged = {};
			for name, value in pairs(options or {}) do merged[name] = value; end
			for name, value in pairs(more or {}) do merged[name] = value; end
			return new(merged);
		end;
		request = function (self, url, request_options, callback)
			if callback then return request_with_callback(self, url, request_options, callback); end
			return request_with_promise(self, url, request_options);
		end;
	};
end

local default = new();

return {
	request = function (url, options, callback) return default:request(url, options, callback); end;
	new = new;
	default = default;
	events = default.events;
	urlencode = util_http.urlencode;
	urldecode = util_http.urldecode;
	formencode = util_http.formencode;
	formdecode = util_http.formdecode;
	features = { sni = true };
};
