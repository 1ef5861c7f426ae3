import { describe, expect, it } from "vitest";
import { encodingsLibrary as encodings } from "../../bridge/node/encodings";
import { httpEncodingsLibrary as http } from "../../bridge/node/http-encodings";

describe("urldecode", () => {
	it("reads escapes of either case, byte by byte", () => {
		expect(http.urldecode("a%20b%2Fc%2f%c3%BC")).toBe("a b/c/ü");
		expect(http.urldecode("ü%F0%9F%8c%B9")).toBe("ü🌹");
	});

	it("reads each escape once", () => {
		expect(http.urldecode("%2541%%34")).toBe("%41%4");
	});

	it("leaves alone what is no escape", () => {
		expect(http.urldecode("100% +%zz%4")).toBe("100% +%zz%4");
		expect(http.urldecode("%")).toBe("%");
		expect(http.urldecode("")).toBe("");
	});

	it("keeps bytes that are no text", () => {
		const bytes = encodings.base64.decode("gP8=")!;
		expect(http.urldecode("%80%ff")).toBe(bytes);
		expect(http.urldecode(bytes)).toBe(bytes);
		expect(encodings.base64.encode(http.urldecode("%C3a"))).toBe(Buffer.of(0xc3, 0x61).toString("base64"));
	});
});
