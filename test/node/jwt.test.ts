import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createJwt } from "../../bridge/node/jwt";
import { createTestMachine } from "./machine";

const { clock } = createTestMachine();
const jwt = createJwt(clock);

describe("JSON web tokens", () => {
	const token = jwt.sign("secret", { sub: "juliet", exp: 5 });

	it("are signed with HMAC", () => {
		expect(token.split(".")[0]).toBe("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
		const signed = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from('{"name":"é"}').toString("base64url")}`;
		const signature = createHmac("sha256", Buffer.of(0xc3, 0xa9)).update(signed).digest("base64url");
		expect(jwt.sign("é", { name: "é" })).toBe(`${signed}.${signature}`);
	});

	it("are good for who has the secret", () => {
		const [ok, payload] = jwt.verify("secret", token);
		expect(ok).toBe(true);
		expect(payload).toEqual({ sub: "juliet", exp: 5 });
	});

	it("are refused otherwise", () => {
		const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
		const [header, payload, signature] = token.split(".");
		expect([...jwt.verify("other", token)]).toEqual([false, "signature-mismatch"]);
		const forged = `${header}.${part({ sub: "romeo" })}.${signature}`;
		expect([...jwt.verify("secret", forged)]).toEqual([false, "signature-mismatch"]);
		expect([...jwt.verify("secret", `${header}.${payload}.${signature}A`)]).toEqual([false, "signature-mismatch"]);
		expect([...jwt.verify("secret", "no token")]).toEqual([undefined, "invalid-encoding"]);
		expect([...jwt.verify("secret", `${header}.${payload}`)]).toEqual([undefined, "invalid-encoding"]);
		expect([...jwt.verify("secret", `e30x.${payload}.${signature}`)]).toEqual([undefined, "invalid-header"]);
		expect([...jwt.verify("secret", `${part({ alg: "none" })}.${payload}.${signature}`)])
			.toEqual([undefined, "unsupported-algorithm"]);
	});
});
