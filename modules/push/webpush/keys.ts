import type { CryptoKey, CryptoLibrary, Require } from "../../../bridge/api";
import { byte_length } from "../text/bytes";

/** The key that payloads are encrypted for. */
export interface RecipientKey {
	key: CryptoKey;
	/** The uncompressed point, as a byte string. */
	raw: string;
}

/** The key that tokens are signed with. */
export interface SigningKey {
	/** PKCS #8. */
	pem: string;
	/** The uncompressed point, in base64. */
	public_base64: string;
}

/** Reads keys as clients write them. All is nil that is missing or not exactly what it is to be; nothing throws. */
export interface KeyReader {
	/** @param text `<ua-public/>`: an uncompressed point on P-256 (RFC 8291, 3.1), in base64 of either alphabet */
	public_key(this: void, text: string | undefined): RecipientKey | undefined;
	/**
	 * @param text `<auth-secret/>`: 16 bytes (RFC 8291, 3.2), in base64 of either alphabet
	 * @returns the byte string
	 */
	auth_secret(this: void, text: string | undefined): string | undefined;
	/** @param text `<jwt-key/>`: a private key on P-256, as a PEM file of PKCS #8 without its first and last line */
	signing_key(this: void, text: string | undefined): SigningKey | undefined;
}

const curve = "P-256";
/** Of an uncompressed point. */
export const point_bytes = 65;
/** What an uncompressed point begins with (SEC 1, 2.3.3). */
const uncompressed = String.fromCharCode(4);
const auth_secret_bytes = 16;

/** Bytes of what is looked at at all. A key with all that PKCS #8 can say of it has some 500. */
const longest_text = 1024;
const white_space: readonly string[] = [" ", "\t", "\r", "\n"];

export function key_reader(require: Require, crypto: CryptoLibrary): KeyReader {
	const { base64 } = require("util.encodings");
	const length = byte_length(require);

	/** What base64 stands for, which may lack its padding, and have white space in it. */
	const decode = (text: string): string | undefined => {
		if (length(text) >= longest_text) return undefined;
		let plain = text;
		for (const character of white_space) plain = plain.replaceAll(character, "");
		const bytes = base64.decode(`${plain}==`);
		if (bytes === undefined) return undefined;
		const encoded = base64.encode(bytes);
		// What the decoder passes over, such as what follows padding, is not written again.
		return plain === encoded || plain === encoded.replaceAll("=", "") ? bytes : undefined;
	};

	/** A byte string cannot be measured. Its base64 can: of each three bytes there are four characters. */
	const has_length = (bytes: string, count: number): boolean => {
		const encoded = base64.encode(bytes);
		const padding = encoded.endsWith("==") ? 2 : encoded.endsWith("=") ? 1 : 0;
		return length(encoded) * 3 === (count + padding) * 4;
	};

	/** So many bytes, in base64 of either alphabet. */
	const decode_bytes = (text: string | undefined, count: number): string | undefined => {
		if (text === undefined) return undefined;
		const bytes = decode(text.replaceAll("-", "+").replaceAll("_", "/"));
		return bytes !== undefined && has_length(bytes, count) ? bytes : undefined;
	};

	return {
		public_key(text) {
			const raw = decode_bytes(text, point_bytes);
			if (raw === undefined || !raw.startsWith(uncompressed)) return undefined;
			const key = crypto.import_public_ec_raw(raw, curve);
			return key === undefined ? undefined : { key, raw };
		},
		auth_secret: (text) => decode_bytes(text, auth_secret_bytes),
		signing_key(text) {
			const der = text !== undefined ? decode(text) : undefined;
			if (der === undefined) return undefined;
			const pem = `-----BEGIN PRIVATE KEY-----\n${base64.encode(der)}\n-----END PRIVATE KEY-----\n`;
			try {
				const key = crypto.import_private_pem(pem);
				const point = key?.public_raw();
				if (key === undefined || point === undefined) return undefined;
				// Of a key on another curve this is no point, and of another kind none that verifies what it signs.
				const public_key = crypto.import_public_ec_raw(point, curve);
				if (public_key === undefined) return undefined;
				if (!crypto.ecdsa_sha256_verify(public_key, pem, crypto.ecdsa_sha256_sign(key, pem))) return undefined;
				// Uncompressed, even if the file has it compressed.
				const raw = public_key.public_raw();
				return raw === undefined ? undefined : { pem, public_base64: base64.encode(raw) };
			} catch {
				// Keys of some kinds have no public point, and sign nothing by ECDSA.
				return undefined;
			}
		},
	};
}
