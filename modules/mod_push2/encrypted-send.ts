import type { CryptoLibrary, Push2Match, Require, Stanza } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import { table_maker } from "../push/tables";
import { control_finder } from "../push/text/characters";
import { key_reader } from "../push/webpush/keys";
import { malformed, not_here, too_much, type Reading, type Refusal } from "./refusal";
import { token_algorithm } from "../push/webpush/token";

/** Claims of a token; RFC 8292 knows three, of which the server makes two. */
const most_claims = 16;
/** Bytes of all names and values together. The token travels in a header of HTTP, of which many servers take 8 KB in all. */
const most_claim_bytes = 2048;

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

/** Other names are no claim's, and some mean something to Prosody's JSON. */
function begins_with_letter(name: string): boolean {
	return letters.some((letter) => name.startsWith(letter));
}

/** What the client says in a `<send/>` of the encrypted profile. */
export type EncryptedSend = Pick<Push2Match, "ua_public" | "auth_secret" | "jwt_alg" | "jwt_key" | "jwt_claims">;

export interface EncryptedSendReader {
	/** Reads all but the keys, which takes no cryptography. */
	read(this: void, send: Stanza): Reading<EncryptedSend>;
	/** What is wrong with the keys; nil if nothing is. */
	check_keys(this: void, send: EncryptedSend): Refusal | undefined;
}

/** Reads `<send xmlns="urn:xmpp:push2:send:sce+rfc8291+rfc8292:0"/>`. */
export function encrypted_send_reader(require: Require, crypto: CryptoLibrary): EncryptedSendReader {
	const length = byte_length(require);
	const has_controls = control_finder(require);
	const new_table = table_maker(require);
	const keys = key_reader(require, crypto);

	const read_claims = (send: Stanza): Reading<Record<string, string | undefined>> => {
		const claims = new_table<string>();
		let count = 0;
		let left = most_claim_bytes;
		for (const claim of send.childtags("jwt-claim")) {
			count++;
			if (count > most_claims) return { refusal: too_much("More than 16 jwt-claim elements") };
			const { name } = claim.attr;
			if (name === undefined || name === "") return { refusal: malformed("jwt-claim without a name") };
			const value = claim.get_text();
			if (value === undefined) return { refusal: malformed("jwt-claim that is not text") };
			left -= length(name) + length(value);
			if (left < 0) return { refusal: too_much("More than 2048 bytes of jwt-claim names and values") };
			if (!begins_with_letter(name)) return { refusal: malformed("jwt-claim whose name does not begin with a letter") };
			if (has_controls(name) || has_controls(value)) return { refusal: malformed("Control characters in a jwt-claim") };
			if (claims[name] !== undefined) return { refusal: malformed("jwt-claim given twice") };
			claims[name] = value;
		}
		return { value: claims };
	};

	return {
		read(send) {
			const ua_public = send.get_child_text("ua-public");
			const auth_secret = send.get_child_text("auth-secret");
			if (send.get_child("jwt-alg") === undefined) {
				// "If jwt-alg is specified": else there is no token, and what it would be made of is not needed.
				return { value: { ua_public, auth_secret, jwt_claims: new_table<string>() } };
			}
			const jwt_alg = send.get_child_text("jwt-alg");
			// The profile leaves the algorithm open, but push services take this one only (RFC 8292, 2).
			if (jwt_alg !== token_algorithm) return { refusal: not_here(`jwt-alg other than ${token_algorithm}`) };
			const jwt_key = send.get_child_text("jwt-key");
			if (jwt_key === undefined) return { refusal: malformed("jwt-alg without jwt-key") };
			const claims = read_claims(send);
			if (claims.refusal !== undefined) return claims;
			return { value: { ua_public, auth_secret, jwt_alg, jwt_key, jwt_claims: claims.value } };
		},
		check_keys({ ua_public, auth_secret, jwt_alg, jwt_key }) {
			if (keys.auth_secret(auth_secret) === undefined) return malformed("auth-secret is not 16 bytes in base64");
			if (keys.public_key(ua_public) === undefined) {
				return malformed("ua-public is not an uncompressed point on P-256 in base64");
			}
			if (jwt_alg !== undefined && keys.signing_key(jwt_key) === undefined) {
				return malformed("jwt-key is not a private key on P-256 in PKCS #8");
			}
			return undefined;
		},
	};
}
