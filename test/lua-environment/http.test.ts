import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { HttpRequest, Machine } from "../../bridge/api";
import { bootEnvironment, createMachine } from "./environment";

const REQUEST = `function request(url, options)
		outcome = nil;
		require "net.http".request(url, options):next(function (response)
			outcome = response.code..response.body..response.headers["retry-after"];
		end, function (err)
			outcome = err.type.." "..err.condition.." "..tostring(err.text);
		end);
		return outcome;
	end`;

describe("net.http", () => {
	it("says that there is no HTTP on a machine without", () => {
		const { run } = bootEnvironment();
		run(REQUEST);
		expect(run('return request "https://push.example/x"'))
			.toBe("cancel service-unavailable no HTTP on this machine");
		expect(run(`local body, code;
			require "net.http".request("https://push.example/x", {}, function (b, c) body, code = b, c; end);
			return body..code`)).toBe("no-http0");
	});

	it.each(["", "push.example", "ftp://push.example/", "https://", "https:///x"])("refuses the URL %j", (url) => {
		const { run } = bootEnvironment();
		run(REQUEST);
		expect(run("return request(...)", url)).toBe("modify bad-request Invalid URL");
		expect(run('return select(2, require "net.http".request((...), nil, function () end))', url))
			.toBe("invalid-url");
	});

	it("makes requests over what the machine has", () => {
		const requests: Pick<HttpRequest, "method" | "url" | "headers" | "body">[] = [];
		const http: Machine["http"] = (request, answer) => {
			const { method, url, headers, body } = request;
			requests.push({ method, url, headers: { ...headers }, body });
			if (request.url.endsWith("/fails")) answer(undefined, "connection failed");
			else answer({ code: 429, body: "slow", headers: { "retry-after": "10" } });
		};
		const { run } = bootEnvironment(createMachine({ http }));
		run(REQUEST);
		expect(run(`local options = { body = "\\0\\255", headers = { TTL = "60" } };
			return request("https://me:pw@push.example:8443/x?y#z", options)`))
			.toBe("429slow10");
		expect(requests).toEqual([{
			method: "POST", url: "https://me:pw@push.example:8443/x?y#z", body: "\0\udcff",
			headers: {
				"Authorization": "Basic bWU6cHc=", "Connection": "close", "Content-Length": "2", "Content-Type": "application/x-www-form-urlencoded",
				"Host": "push.example:8443", "TTL": "60", "User-Agent": "Prosody XMPP Server",
			},
		}]);
		expect(run('return request "http://push.example/fails"'))
			.toBe("cancel remote-server-not-found Connection failed");
		expect(requests[1]).toMatchObject({ method: "GET", headers: { Host: "push.example" } });
	});

	it("answers once, although the request was cancelled", () => {
		let finish: (() => void) | undefined;
		const http: Machine["http"] = (_request, answer) => {
			finish = () => answer({ code: 200, body: "late", headers: {} });
		};
		const { run } = bootEnvironment(createMachine({ http }));
		run(`answers = {};
			local http = require "net.http";
			http.request("http://push.example/", {}, function (body) table.insert(answers, body); end):cancel()`);
		finish!();
		expect(run("return table.concat(answers, ' ')")).toBe("cancelled");
	});

	it("tells the machine that a request was cancelled, and logs what callbacks throw", () => {
		let aborted = 0;
		let finish: (() => void) | undefined;
		const http: Machine["http"] = (_request, answer) => {
			finish = () => answer({ code: 200, body: "", headers: {} });
			return () => void aborted++;
		};
		const { run, machine } = bootEnvironment(createMachine({ http }));
		run('require "net.http".request("http://push.example/", {}, function () error "on purpose" end):cancel()');
		expect(aborted).toBe(1);
		run('answered = require "net.http".request("http://push.example/", {}, function () end)');
		finish!();
		run("answered:cancel()");
		expect(aborted).toBe(1);
		expect(machine.logged.filter(({ level }) => level === "error"))
			.toMatchObject([{ source: "http", message: expect.stringContaining("on purpose") }]);
	});

	it("reads no more than the request allows, and passes on the head of what is larger", () => {
		let finish: (() => void) | undefined;
		const http: Machine["http"] = ({ size_limits }, answer) => {
			finish = () => answer({ code: 410, body: "x".repeat(size_limits().body! + 1), headers: { "x-a": "b" } });
		};
		const { run } = bootEnvironment(createMachine({ http }));
		run(`seen = {};
			local function add(...) table.insert(seen, table.concat({ ... }, " ")); end
			local request = require "net.http".request("http://push.example/", {
				streaming_handler = function (head) add(head.code, head.headers["x-a"]); end;
			}, function (body, code) add(body, code); end);
			request.body_size_limit = 10;`);
		finish!();
		expect(run("return table.concat(seen, '; ')")).toBe("410 b; content-length-limit-exceeded 0");
	});

	it.each([
		["http://10.0.0.1/x", "10.0.0.1 80 10.0.0.1"],
		["https://u:p@10.0.0.1:443?x", "10.0.0.1 443 10.0.0.1"],
		["https://[::1]", "::1 443 ::1"],
		["https://Push.example:8443#x", "Push.example 8443 Push.example:8443"],
	])("takes %s apart", (url, parts) => {
		const { run } = bootEnvironment(createMachine({ http: () => undefined }));
		expect(run(`local basic, before = require "net.resolvers.basic";
			before, basic.new = basic.new, function (host, port) seen = host.." "..port; return before(host, port); end;
			return require "net.http".request((...), nil, print).headers.Host`, url)).toBe(parts.split(" ")[2]);
		expect(run("return seen")).toBe(parts.replace(/ \S+$/, ""));
	});

	it("is logged with its URL unless that is suppressed", () => {
		const { run, machine } = bootEnvironment(createMachine({ http: () => undefined }));
		run(`for _, suppress_url in ipairs { true, false } do
			require "net.http".request("https://push.example/secret", { suppress_url = suppress_url, id = "1" }, print);
		end`);
		expect(machine.logged.filter(({ source }) => source === "http").map(({ message }) => message)).toEqual([
			"Making HTTPS GET request '1' to push.example", "Making HTTPS GET request '1' to https://push.example/secret",
		]);
	});

	it("asks the resolver of the moment for addresses", () => {
		const given: unknown[] = [];
		const http: Machine["http"] = ({ resolver }) => {
			resolver.next((...address) => given.push(address.filter((part) => typeof part !== "object")));
		};
		const { run } = bootEnvironment(createMachine({ http }));
		run(`local basic, http = require "net.resolvers.basic", require "net.http";
			local before = basic.new;
			function basic.new(host, port, conn_type, extra)
				asked = table.concat({ host, port, conn_type, extra.servername }, " ");
				return { next = function (_, callback) callback("tcp4", "192.0.2.1", port, extra, false); end };
			end
			http.request("https://[::1]:8443/", nil, print);
			basic.new = before;
			http.request("https://[::1]:8443/", nil, print);`);
		expect(run("return asked")).toBe("::1 8443 tcp ::1");
		expect(given).toEqual([["tcp4", "192.0.2.1", 8443, false], ["tcp6", "::1", 8443, false]]);
	});

	it("lets handlers see and replace requests", () => {
		const { run } = bootEnvironment();
		run(REQUEST);
		expect(run(`local events = require "net.http".events;
			events.add_handler("pre-request", function (event)
				local response = { body = "here", code = 200, headers = { ["retry-after"] = "" } };
				event.callback("here", 200, response, {});
				return {};
			end);
			return request "http://push.example/"`)).toBe("200here");
	});
});

describe("util.http", () => {
	it("encodes and decodes", () => {
		const { run } = bootEnvironment();
		run('http = require "util.http"');
		expect(run('return http.urlencode("This & that = ü")')).toBe("This%20%26%20that%20%3d%20%c3%bc");
		expect(run('return http.urldecode("a%2Fb%2fc%zz")')).toBe("a/b/c%zz");
		expect(run('return http.formencode { { name = "one two", value = "1" }, { name = "&", value = "2" } }'))
			.toBe("one+two=1&%26=2");
		expect(run('local form = http.formdecode("one+two=1&%26=2+3"); return form["one two"]..form[2].name..form["&"]'))
			.toBe("1&2 3");
		expect(run('return http.contains_token("foo, Bar", "bar")')).toBe(true);
		expect(run('return http.contains_token("fooo", "foo")')).toBe(false);
		expect(run('return http.normalize_path("foo/")..http.normalize_path("foo", true)..http.normalize_path("")'))
			.toBe("/foo/foo//");
	});
});

describe("util.jwt", () => {
	it("signs and verifies with a shared secret (RFC 7519)", () => {
		const { run } = bootEnvironment();
		run('jwt = require "util.jwt"; token = jwt.sign("secret", { sub = "juliet" })');
		const signed = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqdWxpZXQifQ";
		expect(run("return token"))
			.toBe(`${signed}.${createHmac("sha256", "secret").update(signed).digest("base64url")}`);
		expect(run('return select(2, jwt.verify("secret", token)).sub')).toBe("juliet");
		expect(run('local ok, err = jwt.verify("other", token); return tostring(ok)..err'))
			.toBe("falsesignature-mismatch");
		expect(run('local ok, err = jwt.verify("secret", "x"); return tostring(ok)..err')).toBe("nilinvalid-encoding");
		expect(run('local ok, err = jwt.verify("secret", "e30.e30.e30"); return tostring(ok)..err'))
			.toBe("nilunsupported-algorithm");
	});

	it.each([["HS512", '"secret"', '"secret"'], ["ES256", "pair:private_pem()", "pair:public_pem()"]])(
		"signs and verifies with %s", (algorithm, privateKey, publicKey) => {
			const { run, machine } = bootEnvironment();
			run(`pair = require "util.crypto".generate_p256_keypair();
				sign, verify = require "util.jwt".init("${algorithm}", ${privateKey}, ${publicKey});
				token = sign { sub = "juliet" };`);
			expect(run("local ok, payload = verify(token); return ok and payload.exp - payload.iat")).toBe(3600);
			expect(run('local ok, err = verify(token:sub(1, -10)); return tostring(ok)..err'))
				.toBe("falsesignature-mismatch");
			machine.clock.advance(3601);
			expect(run("local ok, err = verify(token); return tostring(ok)..err")).toBe("niltoken-expired");
		});
});
