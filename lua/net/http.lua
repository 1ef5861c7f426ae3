--- HTTP requests (Prosody's net.http), over what the machine has for it.

local base64 = require "util.encodings".base64;
local http_errors = require "net.http.errors";
local log = require "util.logger".init("http");
local machine = require "bridge.machine";
local new_events = require "util.events".new;
local new_id = require "util.id".short;
local promise = require "util.promise";
local util_http = require "util.http";

local default_ports = { http = "80", https = "443" };

-- The parts of a URL as LuaSocket names them; nil if it is no URL of HTTP.
local function parse_url(url)
	local scheme, authority, rest = tostring(url):match("^(%a[%w+.-]*)://([^/?#]*)([^#]*)");
	scheme = scheme and scheme:lower();
	if not default_ports[scheme] then return nil; end
	local userinfo, address = authority:match("^(.*)@([^@]*)$");
	local host, port = (address or authority):match("^(.-):?(%d*)$");
	if not host or host == "" then return nil; end
	local path, query = rest:match("^([^?]*)%??(.*)$");
	return {
		scheme = scheme;
		host = host;
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

-- What a request may do but once.
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
		callback(event.content, event.code, event.response, request);
	end
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
	request.id = options and options.id or new_id();

	local event = { http = http, url = url, request = request, options = options, callback = callback };
	local replacement = http.events.fire_event("pre-request", event);
	if replacement then return replacement; end
	request, url, options = event.request, event.url, event.options or {};
	fill_in(request, options);
	request.callback = answer_once(http, request, event.callback);
	function request.cancel(_, reason) request.callback(reason or "cancelled", 0, request); end

	log("debug", "Making %s %s request '%s' to %s", request.scheme:upper(), request.method, request.id,
		options.suppress_url and request.headers["Host"] or url);
	if not machine.http then
		request.callback("no-http", 0, request);
		return request;
	end
	local outgoing = { method = request.method, url = url, headers = request.headers, body = request.body };
	machine.http(outgoing, function (response, err)
		if response then
			request.callback(response.body, response.code, response);
		else
			request.callback(err or "connection failed", 0, request);
		end
	end);
	http.events.fire_event("request", { http = http, request = request, url = url });
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
