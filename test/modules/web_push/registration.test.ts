import { createECDH } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryDisk } from "../../../bridge/node";
import { child, HOST_NAMES, START } from "../../server/world";
import {
	AUTH, disable, disableAt, enable, enableAt, ENDPOINT, identifierOf, LONG, P256DH, SERVER_KEY, Subscribing,
} from "./subscribing";

const MALFORMED = "modify bad-request: ";
const FAILED = "wait internal-server-error: ";
const TORN = "return { torn";
const at = (name: string): string => `https://push.services.org/send/${name}`;

/** What upstream stores: an endpoint under a name that is always the same. */
const UPSTREAM = `return { ["foo"] = "${ENDPOINT}" };\n`;

const point = Buffer.from(P256DH, "base64url");
const changedPoint = (change: (bytes: Buffer) => Buffer | void): string => {
	const bytes = Buffer.from(point);
	return (change(bytes) ?? bytes).toString("base64url");
};
const COMPRESSED = createECDH("prime256v1").generateKeys("base64url", "compressed");

describe.each(HOST_NAMES)("registrations of mod_web_push on %s", (host) => {
	it("are offered with the public key, as upstream does", () => {
		const set = new Subscribing(host);
		set.phone.send('<iq type="get" id="d"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>');
		set.world.pass(0);
		const query = child(set.phone.take()[0], "query")!;
		expect(query.getChildElements().map((element) => element.toString())).toEqual(expect.arrayContaining([
			'<feature var="urn:xmpp:webpush:0"/>',
			'<x xmlns="jabber:x:data" type="result"><field var="FORM_TYPE" type="hidden">'
				+ "<value>http://jabber.org/protocol/webpush#public-key</value></field>"
				+ `<field var="webpush#public-key" type="text-single"><value>${SERVER_KEY}</value></field></x>`,
		].map((xml) => expect.toSatisfy((found: string) => sameMarkup(found, xml)))));
	});

	describe("what is stored", () => {
		it("is the subscription, and who made it, under a name for the endpoint", () => {
			const set = new Subscribing(host);
			const tablet = set.world.phone("juliet@localhost/tablet", { sasl2: true, client_id: "d4565fa7" });
			expect(set.ask(enable())).toBe("result");
			expect(set.ask(enableAt(at("tablet")), tablet)).toBe("result");
			expect(set.stored()).toEqual({
				[identifierOf(ENDPOINT)]: {
					endpoint: ENDPOINT, p256dh: P256DH, auth: AUTH, timestamp: START, resource: "phone", server_key: SERVER_KEY,
				},
				[identifierOf(at("tablet"))]: {
					endpoint: at("tablet"), p256dh: P256DH, auth: AUTH, timestamp: START, client_id: "d4565fa7", server_key: SERVER_KEY,
				},
			});
			expect(set.phone.session().web_push_identifier).toBe(identifierOf(ENDPOINT));
			expect(set.ended).toEqual([]);
			expect(set.replaced).toEqual([]);
		});

		it("is one registration for an endpoint, whoever makes it, and however it is written", () => {
			const set = new Subscribing(host);
			const tablet = set.world.phone("juliet@localhost/tablet");
			set.ask(enable());
			set.world.pass(5);
			const auth = Buffer.alloc(16, 7).toString("base64url");
			expect(set.ask(enable({
				endpoint: `<endpoint>${ENDPOINT.replace("https://push", "HTTPS://Push").replace("org/", "org:443/")}</endpoint>`,
				auth: `<auth>${auth}</auth>`,
			}), tablet)).toBe("result");
			expect(set.stored()).toEqual({
				[identifierOf(ENDPOINT)]: {
					endpoint: ENDPOINT, p256dh: P256DH, auth, timestamp: START + 5, resource: "tablet", server_key: SERVER_KEY,
				},
			});
			expect(set.replaced).toEqual([`juliet ${identifierOf(ENDPOINT)}`]);
			expect(set.ended).toEqual([]);
		});

		it("has the newest ones of as many devices as are allowed", () => {
			const set = new Subscribing(host, { config: { push_max_devices: "2" } });
			for (const name of ["a", "b", "a", "c"]) {
				expect(set.ask(enableAt(at(name)))).toBe("result");
				set.world.pass(1);
			}
			expect(set.endpoints()).toEqual([at("a"), at("c")]);
			expect(set.ended).toEqual([`juliet ${identifierOf(at("b"))}`]);
		});

		it("may have keys in either alphabet, with padding and white space", () => {
			const set = new Subscribing(host);
			const padded = (text: string): string => Buffer.from(text, "base64url").toString("base64");
			expect(set.ask(enable({
				auth: `<auth> ${padded(AUTH)}\n</auth>`, p256dh: `<p256dh>\t${padded(P256DH)} </p256dh>`,
			}))).toBe("result");
		});
	});

	it.each<[what: string, endpoint: string | undefined, auth: string | undefined, p256dh: string | undefined, why: string]>([
		["no children", "", "", "", "Missing enable child tag 'endpoint'"],
		["no auth", undefined, "", undefined, "Missing enable child tag 'auth'"],
		["no p256dh", undefined, undefined, "", "Missing enable child tag 'p256dh'"],
		["a child of another namespace", undefined, `<auth xmlns="urn:example">${AUTH}</auth>`, undefined, "Missing enable child tag 'auth'"],
		["an empty endpoint", "<endpoint/>", undefined, undefined, "No text in child tag 'endpoint'"],
		["an empty auth", undefined, "<auth></auth>", undefined, "No text in child tag 'auth'"],
		["elements in p256dh", undefined, undefined, `<p256dh><x/>${P256DH}</p256dh>`, "No text in child tag 'p256dh'"],
		["two endpoints", `<endpoint>${ENDPOINT}</endpoint><endpoint>${ENDPOINT}</endpoint>`, undefined, undefined, "More than one child tag 'endpoint'"],
		["auth twice", undefined, `<auth>${AUTH}</auth><auth/>`, undefined, "More than one child tag 'auth'"],
		["p256dh twice", undefined, undefined, `<p256dh>${P256DH}</p256dh><p256dh>${P256DH}</p256dh>`, "More than one child tag 'p256dh'"],
		["an endpoint of another scheme", "<endpoint>http://push.services.org/x</endpoint>", undefined, undefined, "The endpoint does not begin with https://"],
		["an endpoint inside", "<endpoint>https://127.0.0.1/x</endpoint>", undefined, undefined, "The endpoint's host is no domain name"],
		["an endpoint that is too long", `<endpoint>https://push.services.org/${LONG}</endpoint>`, undefined, undefined, "The endpoint is too long, or no text"],
		["an auth that is too short", undefined, `<auth>${Buffer.alloc(15).toString("base64url")}</auth>`, undefined, "auth is not 16 bytes in base64"],
		["an auth that is too long", undefined, `<auth>${LONG}</auth>`, undefined, "auth is not 16 bytes in base64"],
		["an auth that is no base64", undefined, "<auth>no base64!</auth>", undefined, "auth is not 16 bytes in base64"],
		...([
			["of the curve's infinity", "AA"],
			["off the curve", changedPoint((bytes) => void (bytes[64]! ^= 1))],
			["of another kind", changedPoint((bytes) => void (bytes[0] = 6))],
			["compressed", COMPRESSED],
			["with a byte too many", changedPoint((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
			["of zeros", changedPoint((bytes) => void bytes.fill(0, 1))],
			["too long", LONG],
		] as const).map(([which, text]): [string, undefined, undefined, string, string] => [
			`a point ${which}`, undefined, undefined, `<p256dh>${text}</p256dh>`, "p256dh is not an uncompressed point on P-256 in base64",
		]),
	])("are refused for %s", (_, endpoint, auth, p256dh, why) => {
		const set = new Subscribing(host);
		const changed = { endpoint, auth, p256dh };
		const request = enable(Object.fromEntries(Object.entries(changed).filter(([, part]) => part !== undefined)));
		expect(set.request(request).map((answer) => child(child(answer, "error"), "text")?.getText())).toEqual([why]);
		expect(set.ask(request)).toBe(MALFORMED + why);
		expect(set.stored()).toEqual({});
		expect(set.phone.session().web_push_identifier).toBeUndefined();
	});

	it("are refused for a client id of any length", () => {
		const set = new Subscribing(host);
		const tablet = set.world.phone("juliet@localhost/tablet", { sasl2: true, client_id: LONG });
		expect(set.ask(enable(), tablet)).toBe("modify policy-violation: Client id of more than 1023 bytes");
		expect(set.stored()).toEqual({});
	});

	describe("that are disabled", () => {
		it("are gone, one by its endpoint, on all sessions", () => {
			const set = new Subscribing(host);
			const tablet = set.world.phone("juliet@localhost/tablet");
			for (const name of ["a", "b"]) set.ask(enableAt(at(name)));
			set.ask(enableAt(at("b")), tablet);
			expect(set.ask(disableAt("https://PUSH.services.org:443/send/b"))).toBe("result");
			expect(set.endpoints()).toEqual([at("a")]);
			expect(set.ended).toEqual([`juliet ${identifierOf(at("b"))}`]);
			expect(set.phone.session().web_push_identifier).toBeUndefined();
			expect(tablet.session().web_push_identifier).toBeUndefined();
		});

		it("are all that the client made, and the one in use on its session", () => {
			const set = new Subscribing(host);
			const client = { sasl2: true, client_id: "d4565fa7" };
			const tablet = set.world.phone("juliet@localhost/tablet", client);
			for (const name of ["phone 1", "phone 2", "both"]) set.ask(enableAt(at(name.replace(" ", ""))));
			set.ask(enableAt(at("tablet")), tablet);
			set.ask(enableAt(at("both")), tablet);
			// The phone's session still has what the tablet has made its own.
			expect(set.ask(disable())).toBe("result");
			expect(set.endpoints()).toEqual([at("tablet")]);
			expect(set.ask(disable(), set.world.phone("juliet@localhost/other", client))).toBe("result");
			expect(set.endpoints()).toEqual([]);
			expect(set.ended.sort()).toEqual(["phone1", "phone2", "both", "tablet"].map((name) => `juliet ${identifierOf(at(name))}`).sort());
		});

		it("may be none", () => {
			const set = new Subscribing(host);
			const nurse = set.world.phone("nurse@localhost/phone");
			set.ask(enable());
			expect(set.ask(disableAt(at("unknown")))).toBe("result");
			expect(set.ask(disableAt("not an endpoint"))).toBe("result");
			expect(set.ask(disableAt(ENDPOINT), nurse)).toBe("result");
			expect(set.ask(disable(), nurse)).toBe("result");
			expect(set.endpoints()).toEqual([ENDPOINT]);
			expect(set.ended).toEqual([]);
		});

		it("can be one that would not be registered any more", () => {
			const disk = createMemoryDisk();
			new Subscribing(host, { disk }).ask(enable());
			const set = new Subscribing(host, { disk, config: { web_push_services: '{ "other.services.org" }' } });
			expect(set.ask(enable())).toContain(MALFORMED);
			expect(set.ask(disableAt(ENDPOINT))).toBe("result");
			expect(set.stored()).toEqual({});
		});

		it.each([
			["an empty endpoint", "<endpoint/>", "No text in child tag 'endpoint'"],
			["two endpoints", `<endpoint>${ENDPOINT}</endpoint><endpoint>${at("b")}</endpoint>`, "More than one child tag 'endpoint'"],
		])("are left as they are for %s", (_, content, why) => {
			const set = new Subscribing(host);
			set.ask(enable());
			expect(set.ask(disable(content))).toBe(MALFORMED + why);
			expect(set.endpoints()).toEqual([ENDPOINT]);
		});
	});

	describe("where the store", () => {
		it("cannot be read, are left as they are", () => {
			const set = new Subscribing(host);
			const { disk } = set.world.machine;
			disk.write("localhost", "web_push", "juliet", TORN);
			for (const request of [enable(), disable(), disableAt(ENDPOINT)]) expect(set.ask(request)).toBe(FAILED);
			expect(disk.read("localhost", "web_push", "juliet")).toBe(TORN);
		});

		it("cannot be written, stay as they were", () => {
			const disk = createMemoryDisk();
			let full = false;
			const set = new Subscribing(host, {
				disk: {
					...disk,
					write: (...args) => {
						if (full) throw new Error("ENOSPC");
						disk.write(...args);
					},
				},
			});
			set.ask(enable());
			full = true;
			expect(set.ask(enableAt(at("b")))).toBe(FAILED);
			expect(set.ask(disable())).toBe(FAILED);
			expect(set.phone.session().web_push_identifier).toBe(identifierOf(ENDPOINT));
			expect(set.ended).toEqual([]);
			full = false;
			expect(set.ask(disable())).toBe("result");
			expect(set.stored()).toEqual({});
		});
	});

	describe("that are stored and cannot be used", () => {
		const good = `["endpoint"] = "${ENDPOINT}"; ["p256dh"] = "${P256DH}"; ["auth"] = "${AUTH}"; ["timestamp"] = 1; ["server_key"] = "${SERVER_KEY}";`;
		const other = identifierOf(at("other"));
		const entry = (content: string, identifier = other): string => `["${identifier}"] = ${content};`;
		const changed = (from: string, to: string): string =>
			entry(`{ ${good.replace(ENDPOINT, at("other")).replace(from, to)} }`);

		it.each([
			["upstream's", UPSTREAM],
			["no table", 'return "text";\n'],
			["a number", `return { ${entry("5")} };`],
			["true", `return { ${entry("true")} };`],
			["an empty table", `return { ${entry("{}")} };`],
			["a list", 'return { "a"; { "b" }; };'],
			["a registration under another name", `return { ${entry(`{ ${good} }`)} };`],
			["a registration for another key", `return { ${changed(SERVER_KEY, "another")} };`],
			["a registration for no key", `return { ${changed(`["server_key"] = "${SERVER_KEY}";`, "")} };`],
			["a time that is text", `return { ${changed("= 1;", '= "1";')} };`],
			["a time that is none", `return { ${changed("= 1;", "= -1;")} };`],
			["a client id that is a table", `return { ${changed("= 1;", '= 1; ["client_id"] = {};')} };`],
			["a key that is a number", `return { ${changed(`"${AUTH}"`, "12")} };`],
		])("are passed over, and dropped with the next write: %s", (_, stored) => {
			const disk = createMemoryDisk();
			disk.write("localhost", "web_push", "juliet", stored);
			const set = new Subscribing(host, { disk });
			expect(set.registrations.all("juliet")).toEqual([]);
			expect(disk.read("localhost", "web_push", "juliet")).toBe(stored);
			expect(set.ask(enable())).toBe("result");
			expect(Object.keys(set.stored())).toEqual([identifierOf(ENDPOINT)]);
			expect(set.world.errors()).toEqual([]);
		});

		it("do not take the others with them", () => {
			const disk = createMemoryDisk();
			disk.write("localhost", "web_push", "juliet", `return { ["foo"] = "${ENDPOINT}"; 7; ${entry(`{ ${good} }`, identifierOf(ENDPOINT))} };`);
			const set = new Subscribing(host, { disk });
			expect(set.registrations.all("juliet")!.map(({ registration }) => registration.endpoint)).toEqual([ENDPOINT]);
			expect(set.world.log.filter(({ message }) => message.includes("Passed over 2 push registrations of 'juliet'"))).toHaveLength(1);
		});
	});

	it("leave no secret in the log", () => {
		const set = new Subscribing(host);
		set.ask(enable());
		set.ask(enable({ auth: "" }));
		set.ask(enable());
		set.ask(disableAt(ENDPOINT));
		const log = set.world.log.filter(({ message }) => !message.startsWith("Received")).map(({ message }) => message).join("\n");
		expect(log).toContain(`Web Push enabled for juliet@localhost/phone (${identifierOf(ENDPOINT).slice(0, 8)} at https://push.services.org)`);
		expect(log).toContain(`Web Push disabled for juliet@localhost/phone (${identifierOf(ENDPOINT).slice(0, 8)})`);
		for (const secret of ["send/juliet", AUTH, P256DH, identifierOf(ENDPOINT)]) expect(log).not.toContain(secret);
	});
});

/** Whether two texts are the same but for the order of attributes. */
function sameMarkup(a: string, b: string): boolean {
	const parts = (text: string): string => text.split(/[\s/>]+/).sort().join(" ");
	return parts(a) === parts(b);
}
