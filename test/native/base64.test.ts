import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "../../bridge/native/base64";

const decode = (text: string): Buffer | undefined => {
	const bytes = decodeBase64(Buffer.from(text, "latin1"));
	return bytes && Buffer.from(bytes);
};

describe("base64", () => {
	it("comes back as it was, whatever it is", () => {
		fc.assert(fc.property(fc.uint8Array(), (bytes) => {
			expect(decode(encodeBase64(bytes))).toEqual(Buffer.from(bytes));
		}));
	});

	it("is of the bytes alone that a view shows", () => {
		const view = new Uint8Array(Uint8Array.from([0, 1, 2, 3, 4]).buffer, 1, 3);
		expect(encodeBase64(view)).toBe("AQID");
		expect(decodeBase64(Buffer.from("xAQIDx").subarray(1, 5))).toEqual(Buffer.of(1, 2, 3));
	});

	// Each text with a space in it takes another way than without.
	it.each([
		["", ""], ["AQ", ""], ["AQI", ""], ["AQIDB", "\x01\x02\x03"], ["AQ=", "\x01"], ["AQ==", "\x01"], ["AQ====", "\x01"],
		["AQI==", "\x01\x02"], ["AQID==", "\x01\x02\x03"], ["AQIDB==", "\x01\x02\x03"], ["=", ""], ["A==", ""], ["AQ==AQ==", "\x01\x01"],
		["AR==", "\x01"],
	])("%j is as Prosody reads it", (text, bytes) => {
		expect(decode(text)).toEqual(Buffer.from(bytes, "latin1"));
		expect(decode(` ${text}`)).toEqual(Buffer.from(bytes, "latin1"));
		expect(decode(`${text}\n`)).toEqual(Buffer.from(bytes, "latin1"));
		expect(decode(`${text}\0AAAA`)).toEqual(Buffer.from(bytes, "latin1"));
	});

	it.each(["!", "AQ-_", "AQID!", "é", "AQID=!"])("%j is none", (text) => {
		expect(decode(text)).toBeUndefined();
	});
});
