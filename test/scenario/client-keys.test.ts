import { createECDH, createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { FakeStage } from "./fake-stage";
import { parse } from "./script";
import { Variables, variablesOf } from "../../bridge/scenario/variables";

const { characters } = parse("[Client] Phone\n\tjid: a@localhost\n[Client] Tablet\n\tjid: a@localhost\n"
	+ "[Component] App\n\tjid: app.localhost\n---\nPhone connects");

function bytes(variable: string): Buffer {
	const value = new Variables(characters, new FakeStage()).valueOf(variable);
	const decoded = Buffer.from(value, "base64");
	expect(decoded.toString("base64")).toBe(value);
	return decoded;
}

describe("the keys of clients", () => {
	it("are what a client writes when it enables encrypted pushes, on P-256", () => {
		const point = bytes("Phone's ua-public");
		expect([point.length, point[0]]).toEqual([65, 4]);
		const other = createECDH("prime256v1");
		other.generateKeys();
		expect(other.computeSecret(point)).toHaveLength(32);
		expect(bytes("Phone's auth-secret")).toHaveLength(16);
		const key = createPrivateKey({ key: bytes("Phone's jwt-key"), format: "der", type: "pkcs8" });
		expect(key.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
	});

	it("are each client's own, and the same in every run", () => {
		const values = ["ua-public", "auth-secret", "jwt-key"]
			.flatMap((name) => ["Phone", "Tablet"].map((who) => bytes(`${who}'s ${name}`).toString("base64")));
		expect(new Set(values).size).toBe(6);
		expect(values[2]).toBe("DqOJ1Ccg81hMr9KNWmiBLQ==");
	});

	it("are clients' alone", () => {
		expect([...variablesOf(characters)].filter((name) => name.startsWith("App"))).toEqual(["App's JID"]);
	});
});
