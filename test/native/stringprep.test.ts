import { describe, expect, it } from "vitest";
import { nameprep, nodeprep, resourceprep, saslprep } from "../../bridge/native/stringprep";

describe("stringprep", () => {
	it.each([
		["JULIET", "juliet"], ["Faß", "fass"], ["Ⅳ", "iv"], ["Σ", "σ"], ["ς", "σ"], ["\u00AD", ""], ["ſ", "s"],
		["ı", "ı"], ["İ", "i\u0307"], ["ΐ", "ΐ"], ["ﬁ", "fi"], ["א", "א"], ["", ""],
	])("folds %j in nodeprep and nameprep", (text, prepared) => {
		expect(nodeprep(text)).toBe(prepared);
		expect(nameprep(text)).toBe(prepared);
	});

	it.each([
		..."\"&'/:<>@ \0\u007F\u00A0\u200E\uE000\uFDD0\uFFFD", "\uD800", "\u{E0001}",
	])("forbids %j in nodeprep", (text) => {
		expect(nodeprep(`a${text}`)).toBe(undefined);
	});

	it("keeps case and ASCII spaces in resourceprep and saslprep", () => {
		expect(resourceprep("My Phone/ß")).toBe("My Phone/ß");
		expect(resourceprep("a\u00A0b")).toBe("a b");
		expect(saslprep("pass\u2003word")).toBe("pass word");
		expect(saslprep("a\0")).toBe(undefined);
		expect(resourceprep("ﷺ")).toBe("صلى الله عليه وسلم");
	});

	it("lets no text mix directions (RFC 3454, 6)", () => {
		expect(nodeprep("אa")).toBe(undefined);
		expect(nodeprep("א1")).toBe(undefined);
		expect(nodeprep("א1א")).toBe("א1א");
		expect(nodeprep("אב")).toBe("אב");
	});

	it("knows Unicode 3.2 only", () => {
		for (const prep of [nodeprep, nameprep, resourceprep, saslprep]) {
			expect(prep("😀")).toBe("😀");
			expect(prep("😀", true)).toBe(undefined);
			// Letters that became cased, and one whose decomposition was corrected, afterwards.
			expect(prep("\u10A0", true)).toBe("\u10A0");
			expect(prep("\u{2F868}", true)).toBe("\u{2136A}");
		}
		// U+1E9E and U+2C2F came later: they pass as they are.
		expect(nodeprep("\u1E9E\u2C2F")).toBe("\u1E9E\u2C2F");
	});

	it("keeps below 1024 bytes before and after", () => {
		expect(nodeprep("a".repeat(1023))).toBe("a".repeat(1023));
		expect(nodeprep("a".repeat(1024))).toBe(undefined);
		expect(nodeprep("é".repeat(512))).toBe(undefined);
		expect(resourceprep("ﷺ".repeat(300))).toBe(undefined);
	});
});
