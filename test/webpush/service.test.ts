import { describe, expect, it } from "vitest";
import { createPrivateKey, sign } from "node:crypto";
import { generateKeyPair, SignJWT, exportJWK, importJWK } from "jose";
import webpush from "web-push";
import { now, ORIGIN, requestTo, serviceThat, SERVER_KEYS, SUBJECT } from "./requests";
import type { PushRequest, PushService } from "../../bridge/webpush/service";

const PAYLOAD = "{\"message-count\":1,\"last-message-body\":\"Grüße\"}";

function messageIn(text: string | undefined): Record<string, unknown> {
	return JSON.parse(text!) as Record<string, unknown>;
}

/** What a service says to the request that web-push makes, changed. */
function answerTo(change: (request: PushRequest) => PushRequest, service = serviceThat()): string {
	const request = requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 60 });
	return service.receive(change(request), now()).entry.answer!;
}

function withHeader(name: string, value: string | undefined): (request: PushRequest) => PushRequest {
	return (request) => {
		const headers: PushRequest["headers"] = { ...request.headers };
		if (value === undefined) delete headers[name];
		else headers[name] = value;
		return { ...request, headers };
	};
}

function withBody(body: Buffer): (request: PushRequest) => PushRequest {
	return (request) => ({ ...request, body });
}

/** Changes one byte of the body that it makes a copy of. */
function withByte(at: number, change: (byte: number) => number): (request: PushRequest) => PushRequest {
	return (request) => {
		const body = Buffer.from(request.body);
		body[at] = change(body[at]!);
		return { ...request, body };
	};
}

describe("a request that web-push made", () => {
	it("is taken, and the browser gets what it says", () => {
		const service = serviceThat();
		const request = requestTo(service.subscribe(SERVER_KEYS.publicKey), PAYLOAD, { TTL: 60, urgency: "high", topic: "abc_-1" });
		const { entry, message, response, problem } = service.receive(request, now());
		expect(problem).toBeUndefined();
		expect(response).toEqual({ status: 201, headers: { location: `${ORIGIN}/message/1`, ttl: "60" }, body: "" });
		expect(messageIn(message)).toEqual({
			"message-count": 1,
			"last-message-body": "Grüße",
			"$headers": { ttl: "60", urgency: "high", topic: "abc_-1" },
			"$claims": { aud: ORIGIN, sub: SUBJECT, exp: expect.any(Number) as number },
		});
		expect(entry).toMatchObject({
			kind: "http", to: "Browser", method: "POST", answer: "201", payload: { "message-count": 1 }, vapid: { aud: ORIGIN },
		});
		expect(Buffer.from(entry.body, "base64")).toEqual(request.body);
	});

	it("may have no body: the browser is only woken", () => {
		const service = serviceThat();
		const request = withHeader("content-encoding", undefined)(requestTo(service.subscribe(undefined), undefined, { TTL: 0 }));
		const { message, entry } = service.receive(request, now());
		expect(entry.answer).toBe("201");
		expect(entry).not.toHaveProperty("payload");
		expect(Object.keys(messageIn(message))).toEqual(["$headers", "$claims"]);
	});

	it("may say something that is no object", () => {
		const service = serviceThat();
		const { message } = service.receive(requestTo(service.subscribe(undefined), "Hello", { TTL: 0 }), now());
		expect(messageIn(message)).toMatchObject({ $payload: "Hello" });
	});

	it("may say something that is no text: its bytes are not taken for others", () => {
		const service = serviceThat();
		const subscription = service.subscribe(undefined);
		const payloadOf = (bytes: number[]): unknown => service.receive(requestTo(subscription, Buffer.from(bytes), { TTL: 0 }), now()).entry.payload;
		expect(payloadOf([0x22, 0xff, 0x22])).toBe("not UTF-8: Iv8i");
		expect(payloadOf([0x22, 0xfe, 0x22])).toBe("not UTF-8: Iv4i");
		expect(payloadOf([0x22, 0xc3, 0xbc, 0x22])).toBe("ü");
	});

	it("has the largest body", () => {
		const service = serviceThat();
		const subscription = service.subscribe(undefined);
		// web-push adds 103 bytes.
		expect(service.receive(requestTo(subscription, "x".repeat(4096 - 103), { TTL: 0 }), now()).entry.answer).toBe("201");
		expect(service.receive(requestTo(subscription, "x".repeat(4097 - 103), { TTL: 0 }), now()).entry.answer)
			.toBe("413 body: more than 4096 bytes");
	});
});

describe("a service refuses", () => {
	const token = ({ der = false, crit }: { der?: boolean; crit?: string[] }): string => {
		const { publicKey, privateKey } = SERVER_KEYS;
		const point = Buffer.from(publicKey, "base64url");
		const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString("base64url"));
		const key = createPrivateKey({ format: "jwk", key: { kty: "EC", crv: "P-256", d: privateKey, x, y } });
		const parts = [{ typ: "JWT", alg: "ES256", crit }, { aud: ORIGIN, exp: Math.floor(now()) + 60, sub: SUBJECT }];
		const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
		const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: der ? "der" : "ieee-p1363" });
		return `${signed}.${signature.toString("base64url")}`;
	};
	it("nothing of a token that is as it should be", () => {
		expect(answerTo(withHeader("authorization", `vapid t=${token({})}, k=${SERVER_KEYS.publicKey}`))).toBe("201");
	});

	const unsigned = (token: string): string => token.replace(/\.[^.]*$/, `.${"A".repeat(86)}`);
	const cases: [what: string, change: (request: PushRequest) => PushRequest, answer: string][] = [
		["another path", (request) => ({ ...request, url: `${request.url}x` }), "404 there is no such subscription"],
		["another origin", (request) => ({ ...request, url: request.url.replace("4431", "4432") }), "404 there is no such subscription"],
		["another method", (request) => ({ ...request, method: "PUT" }), "405 expected POST, got PUT"],
		["no Authorization", withHeader("authorization", undefined), "401 no Authorization"],
		["another scheme", withHeader("authorization", "WebPush abc"), "401 Authorization: expected vapid t=TOKEN, k=KEY"],
		["no key", withHeader("authorization", "vapid t=a.b.c"), "401 Authorization: expected vapid t=TOKEN, k=KEY"],
		["two tokens", (request) => withHeader("authorization", request.headers.authorization!.replace(/t=\S+/, "$& $&"))(request),
			"401 Authorization: expected vapid t=TOKEN, k=KEY"],
		["a key that is none", withHeader("authorization", "vapid t=a.b.c, k=abc"),
			"403 Authorization: k is no point on P-256, uncompressed, in base64url"],
		["a key that is not on the curve", withHeader("authorization", `vapid t=a.b.c, k=${Buffer.alloc(65, 4).toString("base64url")}`),
			"403 Authorization: k is no point on P-256, uncompressed, in base64url"],
		["a signature in DER", withHeader("authorization", `vapid t=${token({ der: true })}, k=${SERVER_KEYS.publicKey}`),
			"403 Authorization: k did not sign t"],
		["what must be understood", withHeader("authorization", `vapid t=${token({ crit: ["x"] })}, k=${SERVER_KEYS.publicKey}`),
			"403 Authorization: the token's header is not of a JWT signed with ES256"],
		["what is no token", withHeader("authorization", `vapid t=a.b, k=${SERVER_KEYS.publicKey}`), "403 Authorization: t is no token"],
		["a signature of nobody's", (request) => {
			const [, token] = /t=([^,]+)/.exec(request.headers.authorization!)!;
			return withHeader("authorization", `vapid t=${unsigned(token!)}, k=${SERVER_KEYS.publicKey}`)(request);
		}, "403 Authorization: k did not sign t"],
		["another's key", (request) => {
			const other = webpush.generateVAPIDKeys().publicKey;
			return withHeader("authorization", request.headers.authorization!.replace(/k=.*/, `k=${other}`))(request);
		}, "403 Authorization: k did not sign t"],
		["no TTL", withHeader("ttl", undefined), "400 no TTL"],
		["a TTL that is no number", withHeader("ttl", "1h"), "400 TTL: expected seconds"],
		["a TTL below zero", withHeader("ttl", "-1"), "400 TTL: expected seconds"],
		["a TTL without end", withHeader("ttl", "9999999999"), "400 TTL: expected seconds"],
		["an unknown urgency", withHeader("urgency", "urgent"), "400 Urgency: expected one of very-low, low, normal, high"],
		["a long topic", withHeader("topic", "x".repeat(33)), "400 Topic: expected up to 32 characters of base64url"],
		["a topic of other characters", withHeader("topic", "a.b"), "400 Topic: expected up to 32 characters of base64url"],
		["an empty topic", withHeader("topic", ""), "400 Topic: expected up to 32 characters of base64url"],
		["a body in the clear", (request) => withHeader("content-encoding", undefined)(withBody(Buffer.from(PAYLOAD))(request)),
			"400 Content-Encoding: expected aes128gcm"],
		["the draft's encoding", withHeader("content-encoding", "aesgcm"), "400 Content-Encoding: expected aes128gcm"],
		["an encoding of nothing", withBody(Buffer.alloc(0)), "400 Content-Encoding without a body"],
		["a stub", withBody(Buffer.alloc(102)), "400 body: too short for aes128gcm"],
		["a key of another length", withByte(20, () => 33), "400 body: no key of the sender, an uncompressed point on P-256"],
		["a compressed key", withByte(21, () => 2), "400 body: no key of the sender, an uncompressed point on P-256"],
		["a record that is as large as records are", (request) => {
			const body = Buffer.from(request.body);
			body.writeUInt32BE(body.length - 86, 16);
			return withBody(body)(request);
		}, "400 body: more than a single record"],
		["records that are too small", (request) => withByte(18, () => 0)(withByte(19, () => 18)(request)), "400 body: more than a single record"],
	];
	it.each(cases)("%s", (_, change, answer) => {
		expect(answerTo(change)).toBe(answer);
		const push = (() => {
			const service = serviceThat();
			return service.receive(change(requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 60 })), now());
		})();
		expect(push.response!.status).toBe(Number(answer.slice(0, 3)));
		expect(push.response!.headers).toEqual(answer.startsWith("405") ? { allow: "POST" } : {});
		expect(push).toMatchObject({ problem: `refused with ${answer.replace(" ", ": ")}` });
		expect(push).not.toHaveProperty("message");
	});

	it("what the trace has in the clear all the same", () => {
		const service = serviceThat();
		const request = withHeader("ttl", undefined)(requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 60 }));
		expect(service.receive(request, now()).entry).toMatchObject({
			answer: "400 no TTL", payload: { "message-count": 1 }, vapid: { aud: ORIGIN },
		});
		const elsewhere = requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 60 });
		expect(service.receive({ ...elsewhere, url: `${elsewhere.url}x` }, now()).entry).toMatchObject({
			answer: "404 there is no such subscription", payload: { "message-count": 1 }, vapid: { aud: ORIGIN },
		});
		const { entry } = service.receive(withHeader("authorization", undefined)(request), now());
		expect(entry).toMatchObject({ answer: "401 no Authorization", payload: { "message-count": 1 } });
		expect(entry).not.toHaveProperty("vapid");
	});

	it("the first key that signs nothing that is taken", () => {
		const service = serviceThat();
		const { endpoint, ...keys } = service.subscribe(undefined);
		const { publicKey, privateKey } = webpush.generateVAPIDKeys();
		const others = requestTo({ endpoint, ...keys }, PAYLOAD, { TTL: 0, vapidDetails: { subject: SUBJECT, publicKey, privateKey } });
		expect(service.receive(withHeader("ttl", undefined)(others), now()).entry.answer).toBe("400 no TTL");
		expect(service.receive(requestTo({ endpoint, ...keys }, PAYLOAD, { TTL: 0 }), now()).entry.answer).toBe("201");
	});

	/** The answer to a token with these claims, signed with jose. */
	async function answerToClaims(claims: Record<string, unknown>, header = { alg: "ES256", typ: "JWT" }): Promise<string> {
		const point = Buffer.from(SERVER_KEYS.publicKey, "base64url");
		const key = await importJWK({
			kty: "EC", crv: "P-256", d: SERVER_KEYS.privateKey,
			x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url"),
		}, "ES256");
		const said = Object.entries({ aud: ORIGIN, exp: Math.floor(now()) + 3600, sub: SUBJECT, ...claims });
		const token = await new SignJWT(Object.fromEntries(said.filter(([, value]) => value !== undefined)))
			.setProtectedHeader(header).sign(key);
		return answerTo(withHeader("authorization", `vapid t=${token}, k=${SERVER_KEYS.publicKey}`));
	}

	it.each([
		["none that is wrong", {}, "201"],
		["a day", { exp: Math.floor(now()) + 86400 }, "201"],
		["an XMPP address", { sub: "xmpp:localhost" }, "201"],
		["a page", { sub: "https://example.org/contact" }, "201"],
		["another audience", { aud: "https://localhost" }, `403 Authorization: aud is "https://localhost", expected "${ORIGIN}"`],
		["the endpoint as audience", { aud: `${ORIGIN}/` }, `403 Authorization: aud is "${ORIGIN}/", expected "${ORIGIN}"`],
		["no audience", { aud: undefined }, `403 Authorization: aud is undefined, expected "${ORIGIN}"`],
		["no end", { exp: undefined }, "403 Authorization: exp is no number"],
		["an end as text", { exp: "3000000000" }, "403 Authorization: exp is no number"],
		["an end that has come", { exp: Math.floor(now()) - 1 }, "403 Authorization: exp has passed"],
		["more than a day", { exp: Math.floor(now()) + 86420 }, "403 Authorization: exp is more than 24 hours ahead"],
		["another time of issue", { iat: Math.floor(now()) + 60 }, "403 Authorization: iat is no time that has come"],
		["no contact", { sub: undefined }, "403 Authorization: sub is undefined, expected a contact (mailto:, https: or xmpp:)"],
		["a bare domain", { sub: "localhost" }, "403 Authorization: sub is \"localhost\", expected a contact (mailto:, https: or xmpp:)"],
		["nobody's mail", { sub: "mailto:" }, "403 Authorization: sub is \"mailto:\", expected a contact (mailto:, https: or xmpp:)"],
	])("claims with %s", async (_, claims, answer) => {
		expect(await answerToClaims(claims)).toBe(answer);
	});

	it("another kind of token", async () => {
		expect(await answerToClaims({}, { alg: "ES256", typ: "at+jwt" })).toMatch(/^403 .*header/);
	});

	it("a token signed with another kind of key", async () => {
		const { privateKey } = await generateKeyPair("ES384", { extractable: true });
		expect((await exportJWK(privateKey)).crv).toBe("P-384");
		const token = await new SignJWT({ aud: ORIGIN, sub: SUBJECT }).setExpirationTime("1h")
			.setProtectedHeader({ alg: "ES384", typ: "JWT" }).sign(privateKey);
		expect(answerTo(withHeader("authorization", `vapid t=${token}, k=${SERVER_KEYS.publicKey}`))).toMatch(/^403 .*header/);
	});
});

describe("the key of a subscription", () => {
	const other = webpush.generateVAPIDKeys();
	const others = (service: PushService, published: string | undefined): string => {
		const request = requestTo(service.subscribe(published), PAYLOAD, {
			TTL: 0, vapidDetails: { subject: SUBJECT, publicKey: other.publicKey, privateKey: other.privateKey },
		});
		return service.receive(request, now()).entry.answer!;
	};
	const refusal = "403 Authorization: another key than that of the subscription";

	it("is the one that was published when it was first asked for", () => {
		const service = serviceThat();
		service.subscribe(SERVER_KEYS.publicKey);
		expect(others(service, other.publicKey)).toBe(refusal);
		expect(service.receive(requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 0 }), now()).entry.answer).toBe("201");
	});

	it("is the first that signs a request, if none was published", () => {
		const service = serviceThat();
		expect(service.receive(requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 0 }), now()).entry.answer).toBe("201");
		expect(others(service, undefined)).toBe(refusal);
	});

	it("is none that a browser would not take", () => {
		const der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
		expect(others(serviceThat(), der)).toBe("201");
	});
});

describe("a subscription", () => {
	it("is the same in every run, and another for every name", () => {
		expect(serviceThat().subscribe(undefined)).toEqual(serviceThat().subscribe(undefined));
		const [one, two] = ["Browser", "Phone"].map((name) => serviceThat(undefined, name).subscribe(undefined));
		for (const field of ["endpoint", "p256dh", "auth"] as const) expect(one![field]).not.toBe(two![field]);
	});

	it("reads nothing that is for another one", () => {
		const service = serviceThat();
		const { endpoint } = service.subscribe(undefined);
		const { p256dh, auth } = serviceThat(undefined, "Phone").subscribe(undefined);
		const push = service.receive(requestTo({ endpoint, p256dh, auth }, PAYLOAD, { TTL: 0 }), now());
		expect(push.entry.answer).toBe("201");
		expect(push.problem).toBe("dropped by the browser: its keys do not decrypt the body");
		expect(push).not.toHaveProperty("message");
		expect(push.entry).not.toHaveProperty("payload");
	});
});

describe("a service that was told how to answer", () => {
	it("does, and the browser gets the request all the same", () => {
		const service = serviceThat({ with: "status", status: 429, retry_after: 10 });
		const request = requestTo(service.subscribe(undefined), PAYLOAD, { TTL: 0 });
		const push = service.receive(request, now());
		expect(push.response).toEqual({ status: 429, headers: { "retry-after": "10" }, body: "" });
		expect(push.entry.answer).toBe("429");
		expect(messageIn(push.message)).toMatchObject({ "message-count": 1 });
		service.answer({ with: "status", status: 410 });
		expect(service.receive(request, now()).response).toEqual({ status: 410, headers: {}, body: "" });
		service.answer({ with: "nothing" });
		const silent = service.receive(request, now());
		expect(silent.response).toBeUndefined();
		expect(silent.entry.answer).toBe("none");
		expect(silent.message).toBeDefined();
	});

	it("refuses what is wrong however it was told to answer", () => {
		expect(answerTo(withHeader("ttl", undefined), serviceThat({ with: "status", status: 503 }))).toBe("400 no TTL");
	});

	it("has no answers of stanzas", () => {
		expect(() => serviceThat().answer({ with: "result" })).toThrow("The push service Browser answers with HTTP statuses, not with stanzas");
	});
});
