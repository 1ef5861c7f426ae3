import { decodeBase64, encodeBase64 } from "../native/base64";
import type { EncodingsLibrary } from "../api/libraries";
import { nameprep, nodeprep, resourceprep } from "../native/stringprep";
import { bytesToText, hasLoneSurrogate, textToBytes } from "../native/bytes";

/** `util.encodings`. */
export const encodingsLibrary: EncodingsLibrary = {
	base64: {
		encode: (data) => encodeBase64(textToBytes(data)),
		decode(text) {
			const bytes = decodeBase64(textToBytes(text));
			return bytes === undefined ? undefined : bytesToText(bytes);
		},
	},
	stringprep: {
		nodeprep: (text) => nodeprep(text),
		nameprep: (text) => nameprep(text),
		resourceprep: (text) => resourceprep(text),
	},
	utf8: {
		length: (text) => hasLoneSurrogate(text) ? undefined : Buffer.byteLength(text, "utf8"),
		valid: (text) => !hasLoneSurrogate(text),
	},
};
