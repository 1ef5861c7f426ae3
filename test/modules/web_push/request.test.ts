import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeJwt, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import webPush from "web-push";
import type { CryptoLibrary } from "../../../bridge/api";
import { HOST_NAMES } from "../../server/hosts";
import { createLab, createRecipient, createServerKey, START, type Lab } from "../push/lab";
import { request_maker } from "../../../modules/mod_web_push/request";

const HOUR = 3600;
const CONTACT = "mailto:push@example.com";
const ENDPOINT = { service: "https://push.example.com" };
const MESSAGE = { urgency: "high", ttl: 259200, topic: "upd" } as const;
const PAYLOAD = "{\"message-count\":1,\"last-message-body\":\"Ünï😀\"}";

const recipient = createRecipient();
const url_safe = (base64: string): string => Buffer.from(base64, "base64").toString("base64url");
/** As a `PushSubscription` has them. */
const REGISTRATION = { p256dh: url_safe(recipient.ua_public), auth: url_safe(recipient.auth_secret) };

interface Made {
	headers: Record<string, string>;
	/** The JWT. */
	token: string;
	/** In base64. */
	body: string;
}

describe.each(HOST_NAMES)("Web Push requests on %s", (host_name) => {
	const server_key = createServerKey();

	function start(lab: Lab = createLab(host_name), crypto: CryptoLibrary = lab.require("util.crypto"), key = server_key) {
		const make = request_maker(lab.require, crypto, { server_key: key, contact_uri: CONTACT });
		return (registration = REGISTRATION, endpoint = ENDPOINT, message: Parameters<typeof make>[2] = MESSAGE): Made | undefined => {
			const made = make(registration, endpoint, message, PAYLOAD);
			if (made === undefined) return undefined;
			const headers = { ...made.headers };
			const token = /^vapid t=([\w-]+\.[\w-]+\.[\w-]+), k=[\w-]{87}$/.exec(headers.Authorization!)![1]!;
			return { headers, token, body: lab.require("util.encodings").base64.encode(made.body) };
		};
	}

	it("have the headers that push services ask for, as those of web-push", () => {
		const { headers } = start()()!;
		expect(headers).toEqual({
			TTL: "259200",
			Urgency: "high",
			Topic: "upd",
			"Content-Type": "application/octet-stream",
			"Content-Encoding": "aes128gcm",
			Authorization: expect.stringMatching(new RegExp(`^vapid t=[^ ,]+, k=${server_key.public_key}$`)) as string,
		});
		const other = webPush.generateRequestDetails({ endpoint: `${ENDPOINT.service}/1`, keys: REGISTRATION }, PAYLOAD, {
			vapidDetails: { subject: CONTACT, publicKey: server_key.public_key, privateKey: createPrivateKey(server_key.private_key).export({ format: "jwk" }).d! },
			TTL: MESSAGE.ttl, urgency: MESSAGE.urgency, topic: MESSAGE.topic,
		});
		const { Authorization, "Content-Length": length, ...others } = other.headers;
		const { Authorization: ours, ...rest } = headers;
		expect(rest).toEqual(Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)])));
		expect(ours!.replace(/t=\S+,/, "")).toBe((Authorization as string).replace(/t=\S+,/, ""));
		expect(Buffer.from(start()()!.body, "base64")).toHaveLength(Number(length));
	});

	it("have no topic where there is none, and a TTL without a fraction", () => {
		const { headers } = start()(REGISTRATION, ENDPOINT, { urgency: "low", ttl: 0 })!;
		expect(headers).not.toHaveProperty("Topic");
		expect(headers).toMatchObject({ TTL: "0", Urgency: "low" });
	});

	it("have a body that only the client can open", () => {
		const { body } = start()()!;
		expect(recipient.open(body).toString()).toBe(PAYLOAD);
		expect(() => createRecipient().open(body)).toThrow();
	});

	it("have a token that verifies by the key beside it: for the service, from the server, for half a day", async () => {
		const { headers, token } = start()()!;
		const [, k] = headers.Authorization!.split("k=") as [string, string];
		const point = Buffer.from(k, "base64url");
		const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString("base64url"));
		const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
		const { payload, protectedHeader } = await jwtVerify(token, key, {
			algorithms: ["ES256"], audience: ENDPOINT.service, currentDate: new Date(START * 1000),
		});
		expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT" });
		expect(payload).toEqual({ aud: "https://push.example.com", sub: CONTACT, iat: START, exp: START + 12 * HOUR });
	});

	it("share a token for one service, with a port of its own where it has one, and no other", () => {
		const make = start();
		const token = (service: string): string => make(REGISTRATION, { service })!.token;
		const other = createRecipient();
		expect(make({ p256dh: other.ua_public, auth: other.auth_secret })!.token).toBe(make()!.token);
		const services = ["https://push.example.com", "https://push.example.com:8443", "https://push.example.org"];
		for (const service of services) {
			expect(decodeJwt(token(service)).aud).toBe(service);
			expect(token(service)).toBe(token(service));
		}
		expect(new Set(services.map(token)).size).toBe(3);
	});

	it("have a token that is good for another hour, whenever they are made", () => {
		const lab = createLab(host_name);
		const make = start(lab);
		const used = new Set<string>();
		for (let hours = 0; hours < 48; hours += 0.5) {
			const now = START + hours * HOUR;
			const { token } = make()!;
			const { exp } = decodeJwt(token);
			expect(exp).toBeGreaterThanOrEqual(now + HOUR);
			expect(exp).toBeLessThanOrEqual(now + 24 * HOUR);
			used.add(token);
			lab.pass(HOUR / 2);
		}
		expect(used.size).toBe(5);
	});

	it("are encrypted anew each time", () => {
		const make = start();
		const bodies = [1, 2, 3].map(() => Buffer.from(make()!.body, "base64"));
		expect(new Set(bodies.map((body) => body.toString("hex", 0, 16))).size).toBe(3);
		expect(new Set(bodies.map((body) => body.toString("hex", 21, 86))).size).toBe(3);
	});

	it.each([
		["a client's key that is none", { ...REGISTRATION, p256dh: "AAAA" }],
		["a client's secret that is none", { ...REGISTRATION, auth: "AAAA" }],
	])("are not made with %s", (_, registration) => {
		const lab = createLab(host_name);
		expect(start(lab)(registration)).toBeUndefined();
		expect(lab.log.filter(({ level }) => level !== "debug")).toEqual([]);
	});

	it.each([
		["none", "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n"],
		["on another curve", generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey
			.export({ format: "pem", type: "pkcs8" }) as string],
		["empty", ""],
	])("are not made with a server's key that is %s", (_, private_key) => {
		expect(start(undefined, undefined, { ...server_key, private_key })()).toBeUndefined();
	});
});
