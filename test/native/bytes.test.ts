import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToText, hasLoneSurrogate, textToBytes } from "../../bridge/native/bytes";

describe("byte strings", () => {
	it("are UTF-8 where they are text", () => {
		expect(bytesToText(Uint8Array.of(0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80))).toBe("aé😀");
		expect(textToBytes("aé😀")).toEqual(Buffer.of(0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80));
	});

	it("keep a byte order mark", () => {
		expect(bytesToText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
	});

	it.each([
		["a byte that starts nothing", [0x61, 0xff, 0x62], "a\udcffb"],
		["a sequence cut short", [0xc3], "\udcc3"],
		["a continuation alone", [0x80, 0xc3, 0xa9], "\udc80é"],
		["an overlong form", [0xc0, 0xaf], "\udcc0\udcaf"],
		["a surrogate", [0xed, 0xa0, 0x80], "\udced\udca0\udc80"],
		["beyond Unicode", [0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
	])("escape %s", (_, bytes, text) => {
		expect(bytesToText(Uint8Array.from(bytes))).toBe(text);
		expect(textToBytes(text)).toEqual(Buffer.from(bytes));
	});

	it("come back from text, whatever they are", () => {
		fc.assert(fc.property(fc.uint8Array(), (bytes) => {
			expect(textToBytes(bytesToText(bytes))).toEqual(Buffer.from(bytes));
		}));
	});

	it("never are valid UTF-8 where a surrogate stands alone", () => {
		expect(hasLoneSurrogate(bytesToText(textToBytes("\ud800")))).toBe(true);
		expect(hasLoneSurrogate(bytesToText(textToBytes("a\udfffb")))).toBe(true);
		expect(hasLoneSurrogate("😀")).toBe(false);
	});
});
