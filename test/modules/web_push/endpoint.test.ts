import fc from "fast-check";
import { isIP } from "node:net";
import { describe, expect, it } from "vitest";
import { endpoint_reader, type EndpointReader } from "../../../modules/mod_web_push/endpoint";
import { HOST_NAMES, World } from "../../server/world";
import type { HostName } from "../../server/world";
import { REFUSED, TAKEN } from "./endpoints";

function load(host_name: HostName, options: Record<string, string> = {}): { read: EndpointReader; errors: string[] } {
	const world = new World(host_name, options);
	let read!: EndpointReader;
	world.load("web_push", (module, _prosody, require) => {
		read = endpoint_reader(module, require);
	});
	return { read, errors: world.log.filter(({ level }) => level === "error").map(({ message }) => message) };
}

describe.each(HOST_NAMES)("an endpoint on %s", (host_name) => {
	const { read } = load(host_name);

	it.each(REFUSED.map(([text, refusal]) => ({ text, refusal, shown: text.slice(0, 70) })))(
		"$shown is refused", ({ text, refusal }) => {
			expect(read(text)).toEqual({ refusal });
		},
	);

	it.each(TAKEN)("%s is taken as it is", (url) => {
		expect(read(url)).toEqual({ value: { url, service: new URL(url).origin, is_internal: false } });
	});

	it("is requested with its scheme and host in lower case, and without the port that https has anyway", () => {
		expect(read("HTTPS://Push.Example.COM:443/Wpush?Token=A")).toEqual({ value: {
			url: "https://push.example.com/Wpush?Token=A", service: "https://push.example.com", is_internal: false,
		} });
	});

	it("may have the ports that are configured, and no others", () => {
		const { read, errors } = load(host_name, { web_push_ports: "{ 8443, 443 }" });
		expect(errors).toEqual([]);
		expect(read("https://push.example.com:8443/x").value?.service).toBe("https://push.example.com:8443");
		expect(read("https://push.example.com/x").value).toBeDefined();
		expect(load(host_name, { web_push_ports: "{ 8443 }" }).read("https://push.example.com/x").refusal)
			.toBe("The endpoint's port is not allowed");
	});

	it.each(["{ \"https\" }", "{ 0 }", "{ 65536 }", "{ 443.5 }", "{ {} }"])("may have port 443 if others are %s", (ports) => {
		const { read, errors } = load(host_name, { web_push_ports: ports });
		expect(errors).toEqual([expect.stringContaining("'web_push_ports'")]);
		expect(read("https://push.example.com/x").value).toBeDefined();
		expect(read("https://push.example.com:444/x").value).toBeUndefined();
	});

	it("is of one of the services that are allowed, if some are", () => {
		const { read } = load(host_name, { web_push_services: "{ \"Push.example.com\", \"*.example.org\" }" });
		const is_allowed = (host: string): boolean => read(`https://${host}/x`).value !== undefined;
		for (const host of ["push.example.com", "PUSH.EXAMPLE.COM", "a.example.org", "b.a.example.org"]) {
			expect(is_allowed(host), host).toBe(true);
		}
		for (const host of ["a.push.example.com", "example.com", "example.org", "badexample.org", "a.example.org.net"]) {
			expect(read(`https://${host}/x`), host).toEqual({ refusal: "The endpoint's push service is not allowed" });
		}
	});

	it.each(["{}", "{ \"https://push.example.com\" }", "{ \"*\" }", "{ \"*.com\" }", "{ 1 }", "{ \"push.*.com\" }"])(
		"is of none if the allowed ones are %s", (services) => {
			const { read, errors } = load(host_name, { web_push_services: services });
			expect(errors.length).toBe(services === "{}" ? 0 : 1);
			expect(read("https://push.example.com/x").refusal).toBe("The endpoint's push service is not allowed");
		},
	);

	it("may be of an internal service: there host and port may be any, as they are configured", () => {
		const { read } = load(host_name, {
			web_push_services: "{ \"push.example.com\" }",
			web_push_internal_services: "{ \"LOCALHOST:5281\", \"127.0.0.1\", \"[::1]:443\", \"push.lan:443\" }",
		});
		for (const service of ["https://localhost:5281", "https://127.0.0.1", "https://[::1]", "https://push.lan"]) {
			expect(read(`${service}/x`)).toEqual({ value: { url: `${service}/x`, service, is_internal: true } });
		}
		expect(read("https://[::1]:443/x").value).toEqual({ url: "https://[::1]/x", service: "https://[::1]", is_internal: true });
		expect(read("https://push.lan:443/x").value?.is_internal).toBe(true);
		for (const authority of ["localhost", "localhost:5282", "127.0.0.1:5281", "[::1]:5281", "127.1", "user@localhost:5281"]) {
			expect(read(`https://${authority}/x`).value, authority).toBeUndefined();
		}
		expect(read("http://localhost:5281/x").value).toBeUndefined();
		expect(read("https://push.example.com/x").value?.is_internal).toBe(false);
	});

	it.each(["{ \"https://localhost\" }", "{ 5281 }", "{ \"\" }", "{ \"user@localhost\" }"])(
		"is of no internal service if those are %s", (services) => {
			const { read, errors } = load(host_name, { web_push_internal_services: services });
			expect(errors).toEqual([expect.stringContaining("'web_push_internal_services'")]);
			expect(read("https://localhost/x").value).toBeUndefined();
		},
	);
});

describe("whatever endpoint is taken", () => {
	const { read } = load("node", { web_push_ports: "{ 443, 8443 }" });
	const pieces = fc.array(fc.constantFrom(
		"https://", "HTTPS:", "//", "/", "\\", "@", ":", ".", "..", "%", "%2e", "%00", "[", "]", "?", "#", ";", "-", "xn--",
		"localhost", "local", "com", "example", "0x7f", "0x", "127", "0177", "1", "0", "443", "8443", "a", "Z", "\u00df", "\u3002",
		"\uff10", "\u2488", "\t", "\n", " ", "\u00ad", "*", "_", "~",
	), { maxLength: 12 }).map((parts) => parts.join(""));
	const authority = fc.array(fc.constantFrom(
		"a", "Z", "0", "9", "x", "0x", "-", "xn--", ".", ".", ".com", ".org", ":443", ":8443", "127", "localhost",
	), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(""));
	const texts = fc.oneof(
		pieces,
		pieces.map((text) => `https://${text}`),
		fc.tuple(authority, pieces).map(([text, rest]) => `https://${text}/${rest}`),
		fc.webUrl({ withQueryParameters: true, withFragments: true }),
		fc.string(),
	);

	it("WHATWG's URL has the same host and port for it, which is no IP address", () => {
		let taken = 0;
		fc.assert(fc.property(texts, (text) => {
			const { value, refusal } = read(text);
			if (value === undefined) {
				expect(refusal).toMatch(/^The endpoint/);
				return;
			}
			taken++;
			for (const url of [text, value.url]) {
				// It checks the letters that `xn--` stands for, too, and then refuses the whole.
				if (!URL.canParse(url)) {
					expect(url).toMatch(/xn--/i);
					continue;
				}
				const parsed = new URL(url);
				expect(parsed.origin).toBe(value.service);
				expect(parsed.hostname).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
				expect(isIP(parsed.hostname)).toBe(0);
				expect(parsed.protocol).toBe("https:");
				expect([parsed.username, parsed.password, parsed.hash]).toEqual(["", "", ""]);
			}
			expect(value.url.startsWith(`${value.service}/`)).toBe(true);
		}), { numRuns: 20_000 });
		expect(taken).toBeGreaterThan(100);
	});
});
