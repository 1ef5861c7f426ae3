import type { HttpEncodingsLibrary } from "../api/libraries";
import { bytesToText, textToBytes } from "../native/bytes";

const percent = 0x25;

/** `util.http`. */
export const httpEncodingsLibrary: HttpEncodingsLibrary = {
	urldecode(text) {
		const bytes = textToBytes(text);
		let length = 0;
		for (let at = 0; at < bytes.length; at++) {
			const digits = bytes[at] === percent ? bytes.toString("latin1", at + 1, at + 3) : "";
			const isEscape = /^[\da-f]{2}$/i.test(digits);
			bytes[length++] = isEscape ? parseInt(digits, 16) : bytes[at]!;
			if (isEscape) at += 2;
		}
		return bytesToText(bytes.subarray(0, length));
	},
};
