require "boot";
local machine = require "bridge.machine";
local errors = require "util.error";
local http = require "net.http";

describe("net.http", function ()
	describe("request", function ()
		for _, url in ipairs { "", "example.com", "/path", "http://", "http:///path" } do
			it(("calls back that %q is no URL"):format(url), function ()
				local callback = spy.new(function () end);
				local request, err = http.request(url, nil, callback);
				assert.is_nil(request);
				assert.equal("invalid-url", err);
				assert.spy(callback).was_called(1);
				assert.equal("invalid-url", callback.calls[1].vals[1]);
				assert.equal(0, callback.calls[1].vals[2]);
			end);
		end

		it("rejects its promise with an error", function ()
			local reason;
			http.request("no URL"):catch(function (err) reason = err; end);
			assert.is_true(errors.is_error(reason));
			assert.equal("bad-request", reason.condition);
			assert.equal("Invalid URL", reason.text);
		end);

		it("can be answered by who handles pre-request", function ()
			local own = http.new();
			local seen;
			own.events.add_handler("pre-request", function (event)
				seen = event;
				return "replacement";
			end);
			local callback = function () end;
			assert.equal("replacement", own:request("http://example.com/path?query", { method = "PUT" }, callback));
			assert.equal("http://example.com/path?query", seen.url);
			assert.equal("PUT", seen.options.method);
			assert.equal("example.com", seen.request.host);
			assert.equal("/path", seen.request.path);
			assert.equal("query", seen.request.query);
			assert.equal(own, seen.http);
		end);
	end);

	it("encodes and decodes as util.http does", function ()
		local util_http = require "util.http";
		for _, name in ipairs { "urlencode", "urldecode", "formencode", "formdecode" } do
			assert.equal(util_http[name], http[name]);
		end
	end);

	it("makes objects of its own, with events of their own", function ()
		local own = http.new { suppress_errors = true };
		assert.not_equal(http.events, own.events);
		assert.is_true(own.options.suppress_errors);
		assert.is_true(own.new({}).options.suppress_errors);
		assert.equal(http.events, http.default.events);
	end);

	-- Requests leave through the machine.
	describe("over the machine #ours", function ()
		local requests, answers;
		before_each(function ()
			requests, answers = {}, {};
			function machine.http(request, callback)
				table.insert(requests, request);
				table.insert(answers, callback);
			end
		end);
		after_each(function ()
			machine.http = nil;
		end);

		it("is a GET with Prosody's headers", function ()
			http.request("https://example.com/path", nil, function () end);
			assert.equal("GET", requests[1].method);
			assert.equal("https://example.com/path", requests[1].url);
			assert.equal("example.com", requests[1].headers["Host"]);
			assert.equal("Prosody XMPP Server", requests[1].headers["User-Agent"]);
			assert.is_nil(requests[1].body);
		end);

		it("is a POST with a body, unless something else is said", function ()
			http.request("https://example.com/", { body = "ü" }, function () end);
			assert.equal("POST", requests[1].method);
			assert.equal("2", requests[1].headers["Content-Length"]);
			assert.equal("application/x-www-form-urlencoded", requests[1].headers["Content-Type"]);
			http.request("https://example.com/", { method = "PUT", body = "x", headers = { ["Content-Type"] = "text/plain" } },
				function () end);
			assert.equal("PUT", requests[2].method);
			assert.equal("text/plain", requests[2].headers["Content-Type"]);
		end);

		it("names a port that is not the usual one, and who asks", function ()
			http.request("http://user:secret@example.com:8080/", nil, function () end);
			assert.equal("example.com:8080", requests[1].headers["Host"]);
			assert.equal("Basic dXNlcjpzZWNyZXQ=", requests[1].headers["Authorization"]);
			http.request("https://example.com:443/", nil, function () end);
			assert.equal("example.com", requests[2].headers["Host"]);
		end);

		it("calls back with the response", function ()
			local callback = spy.new(function () end);
			http.request("https://example.com/", nil, callback);
			answers[1]({ code = 201, body = "made", headers = { location = "/1" } });
			assert.spy(callback).was_called(1);
			local body, code, response = table.unpack(callback.calls[1].vals);
			assert.equal("made", body);
			assert.equal(201, code);
			assert.equal("/1", response.headers.location);
		end);

		it("tells of requests and responses, which may be changed", function ()
			local own = http.new();
			local told = {};
			own.events.add_handler("request", function (event) table.insert(told, "request "..event.url); end);
			own.events.add_handler("response", function (event)
				table.insert(told, "response "..event.code);
				event.content = "changed";
			end);
			local callback = spy.new(function () end);
			own:request("HTTPS://example.com/", { id = "mine" }, callback);
			answers[1]({ code = 200, body = "original", headers = {} });
			assert.same({ "request HTTPS://example.com/", "response 200" }, told);
			assert.equal("changed", callback.calls[1].vals[1]);
			assert.equal("mine", callback.calls[1].vals[4].id);
		end);

		it("calls back once", function ()
			local callback = spy.new(function () end);
			http.request("https://example.com/", nil, callback);
			answers[1]({ code = 200, body = "", headers = {} });
			answers[1]({ code = 500, body = "", headers = {} });
			assert.spy(callback).was_called(1);
		end);

		it("calls back with what went wrong", function ()
			local callback = spy.new(function () end);
			http.request("https://example.com/", nil, callback);
			answers[1](nil, "connection failed");
			assert.equal("connection failed", callback.calls[1].vals[1]);
			assert.equal(0, callback.calls[1].vals[2]);
		end);

		it("resolves a promise by any response", function ()
			local code, request;
			http.request("https://example.com/"):next(function (response) code, request = response.code, response.request; end);
			answers[1]({ code = 500, body = "", headers = {} });
			assert.equal(500, code);
			assert.equal("https://example.com/", request.url);
		end);

		it("rejects a promise by a failure", function ()
			local reason;
			http.request("https://example.com/"):catch(function (err) reason = err; end);
			answers[1](nil, "connection failed");
			assert.equal("remote-server-not-found", reason.condition);
		end);

		it("can be cancelled", function ()
			local callback = spy.new(function () end);
			http.request("https://example.com/", nil, callback):cancel("enough");
			assert.equal("enough", callback.calls[1].vals[1]);
			assert.equal(0, callback.calls[1].vals[2]);
			answers[1]({ code = 200, body = "", headers = {} });
			assert.spy(callback).was_called(1);
		end);

		it("fails where there is no HTTP", function ()
			machine.http = nil;
			local callback = spy.new(function () end);
			http.request("https://example.com/", nil, callback);
			assert.equal("no-http", callback.calls[1].vals[1]);
		end);
	end);
end);
