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
		const requests: HttpRequest[] = [];
		const http: Machine["http"] = (request, answer) => {
			requests.push({ ...request, headers: { ...request.headers } });
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
				"Authorization": "Basic bWU6cHc=", "Content-Length": "2", "Content-Type": "application/x-www-form-urlencoded",
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
