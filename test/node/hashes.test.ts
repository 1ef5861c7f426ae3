import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createId } from "../../bridge/node/id";
import { createRandom } from "../../bridge/node/random";
import { createTestMachine } from "./machine";
import { createUuid } from "../../bridge/node/uuid";
import { encodingsLibrary as encodings } from "../../bridge/node/encodings";
import { hashesLibrary as hashes } from "../../bridge/node/hashes";

describe("hashes", () => {
	it("are those of the text in UTF-8", () => {
		expect(hashes.sha1("abc", true)).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
		expect(hashes.sha256("é", true)).toBe(createHash("sha256").update(Buffer.of(0xc3, 0xa9)).digest("hex"));
		expect(hashes.sha512("", true)).toBe(createHash("sha512").digest("hex"));
		expect(hashes.hmac_sha256("key", "The quick brown fox jumps over the lazy dog", true))
			.toBe("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
	});

	it("are those of bytes that are no text", () => {
		const bytes = encodings.base64.decode("gP8=")!;
		expect(hashes.sha256(bytes, true)).toBe(createHash("sha256").update(Buffer.of(0x80, 0xff)).digest("hex"));
	});

	it("are bytes unless they are to be hexadecimal", () => {
		expect(encodings.base64.encode(hashes.sha256("abc"))).toBe("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
		expect(encodings.base64.encode(hashes.hmac_sha256("k", "d", false)))
			.toBe(Buffer.from(hashes.hmac_sha256("k", "d", true), "hex").toString("base64"));
	});
});

describe("randomness", () => {
	it("is the machine's", () => {
		expect(createRandom(createTestMachine()).bytes(3)).toBe("\0\x01\x02");
		const bytes = createRandom(createTestMachine()).bytes(256);
		const expected = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
		expect(encodings.base64.encode(bytes)).toBe(expected.toString("base64"));
	});

	it("makes ids that are fit for URLs", () => {
		const id = createId(createTestMachine());
		expect(id.short()).toBe("AAECAwQFBgcI");
		expect([id.short(), id.medium(), id.long()].map(({ length }) => length)).toEqual([12, 24, 36]);
	});

	it("makes UUIDs of version 4", () => {
		const uuid = createUuid(createTestMachine());
		expect(uuid.generate()).toBe("00010203-0405-4060-8090-0b0c0d0e0f10");
		expect(uuid.generate()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
	});
});

describe("encodings", () => {
	it("have base64 of text and of bytes", () => {
		expect(encodings.base64.encode("é")).toBe("w6k=");
		expect(encodings.base64.encode("\udcff")).toBe("/w==");
		expect(encodings.base64.decode("w6k=")).toBe("é");
		expect(encodings.base64.decode(" w6\nk=")).toBe("é");
		expect(encodings.base64.decode("not base64!")).toBeUndefined();
		expect(encodings.base64.decode("-_")).toBeUndefined();
	});

	it("have the profiles of stringprep", () => {
		expect(encodings.stringprep.nodeprep("Juliet")).toBe("juliet");
		expect(encodings.stringprep.nodeprep("a b")).toBeUndefined();
		expect(encodings.stringprep.nameprep("EXAMPLE.com")).toBe("example.com");
		expect(encodings.stringprep.resourceprep("Phone")).toBe("Phone");
	});

	it("measure UTF-8 in bytes", () => {
		expect(encodings.utf8.length("aé😀")).toBe(7);
		expect(encodings.utf8.length("\udcff")).toBeUndefined();
		expect(encodings.utf8.valid("é")).toBe(true);
		expect(encodings.utf8.valid("\udcff")).toBe(false);
	});
});
