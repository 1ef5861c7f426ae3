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

	it("are what a strict decoder makes of each sequence", () => {
		const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
		/** Escapes byte by byte what the decoder does not take, the longest sequence first. */
		const slowly = (bytes: Uint8Array): string => {
			let text = "";
			for (let at = 0; at < bytes.length;) {
				const length = [4, 3, 2, 1].find((count) => {
					try {
						return at + count <= bytes.length && [...strict.decode(bytes.subarray(at, at + count))].length === 1;
					} catch {
						return false;
					}
				});
				text += length === undefined
					? String.fromCharCode(0xdc00 + bytes[at]!) : strict.decode(bytes.subarray(at, at + length));
				at += length ?? 1;
			}
			return text;
		};
		const byte = fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
			0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff);
		fc.assert(fc.property(fc.array(byte, { maxLength: 12 }), (values) => {
			const bytes = Uint8Array.from(values);
			const text = bytesToText(bytes);
			expect(text).toBe(slowly(bytes));
			expect(textToBytes(text)).toEqual(Buffer.from(bytes));
		}), { numRuns: 2000 });
	});

	it("come back when there are many, and together with text", () => {
		const many = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at * 7919 >> 3 & 0xff));
		expect(textToBytes(bytesToText(many))).toEqual(many);
		const parts = [many.subarray(0, 20_000), Buffer.from("é☎😀"), many.subarray(20_000), Buffer.of(0xc3), Buffer.of(0xa9)];
		expect(textToBytes(parts.map(bytesToText).join(""))).toEqual(Buffer.concat(parts));
	});

	it("never are valid UTF-8 where a surrogate stands alone", () => {
		expect(hasLoneSurrogate(bytesToText(textToBytes("\ud800")))).toBe(true);
		expect(hasLoneSurrogate(bytesToText(textToBytes("a\udfffb")))).toBe(true);
		expect(hasLoneSurrogate("😀")).toBe(false);
	});
});
