import {
	createCipheriv, createDecipheriv, getCipherInfo, timingSafeEqual, type CipherGCM, type CipherGCMTypes, type DecipherGCM,
} from "node:crypto";

/** What comes out, or what OpenSSL says against it. */
export type Outcome = Uint8Array | string;

const TAG_LENGTH = 16;
/** The longest that OpenSSL takes. */
const IV_LIMIT = 128;

/** As OpenSSL 3 has them, without the line of its source that they come from. */
const CIPHER_OPERATION_FAILED = "error:1C800066:Provider routines::cipher operation failed";
const FAILED_TO_GET_PARAMETER = "error:1C800067:Provider routines::failed to get parameter";
const INVALID_TAG = "error:1C80006E:Provider routines::invalid tag";
/** What luaossl makes of a refusal without a reason. */
const NO_REASON = "oops: no OpenSSL errors set";

/**
 * A cipher of luaossl's (`openssl.cipher`) in Galois/Counter Mode, in the states that OpenSSL has for it: what is not
 * begun, or has ended, takes no more text, and a tag stays until there is another, whatever begins. Three things nobody should build on
 * are otherwise: luaossl goes on with text after a decryption whose tag was wrong, has a tag that it refused (`setTag` after an encryption)
 * overwrite the one that was made, and fails for want of memory at `getTag(-1)`.
 */
export class OpensslCipher {
	/** What text goes through, and what makes the tag: of a text that is decrypted, by encrypting it again. */
	#running?: { readonly text: CipherGCM | DecipherGCM; readonly tag: CipherGCM };
	#encrypts = false;
	#ivLength: number;
	readonly #tag = Buffer.alloc(TAG_LENGTH);
	#tagLength = 0;

	private constructor(readonly name: CipherGCMTypes, readonly keyLength: number, ivLength: number) {
		this.#ivLength = ivLength;
	}

	/** By OpenSSL's name; nil if this is none in Galois/Counter Mode. */
	static of(name: string): OpensslCipher | undefined {
		const known = getCipherInfo(name);
		if (known?.mode !== "gcm") return undefined;
		return new OpensslCipher(known.name as CipherGCMTypes, known.keyLength, known.ivLength!);
	}

	/** What is wrong with a key, if anything is. */
	keyProblem({ length }: Uint8Array): string | undefined {
		return length === this.keyLength ? undefined : `${length}: invalid key length (should be ${this.keyLength})`;
	}

	/** What is wrong with an IV, if anything is: almost any length will do. */
	ivProblem({ length }: Uint8Array): string | undefined {
		return length > 0 && length <= IV_LIMIT ? undefined : `${length}: invalid IV length (should be ${this.#ivLength})`;
	}

	/** With a key and an IV that have no problem. */
	encrypt(key: Uint8Array, iv: Uint8Array): void {
		const cipher = createCipheriv(this.name, key, iv);
		this.#begin(true, iv, { text: cipher, tag: cipher });
	}

	/** With a key and an IV that have no problem. */
	decrypt(key: Uint8Array, iv: Uint8Array): void {
		// Node's own comparison wants the tag earlier than luaossl does, and longer.
		this.#begin(false, iv, { text: createDecipheriv(this.name, key, iv), tag: createCipheriv(this.name, key, iv) });
	}

	#begin(encrypts: boolean, iv: Uint8Array, running: { text: CipherGCM | DecipherGCM; tag: CipherGCM }): void {
		this.#encrypts = encrypts;
		this.#ivLength = iv.length;
		this.#running = running;
	}

	update(input: Uint8Array): Outcome {
		if (input.length === 0) return input;
		if (this.#running === undefined) return CIPHER_OPERATION_FAILED;
		const { text, tag } = this.#running;
		const output = text.update(input);
		if (text !== tag) tag.update(output);
		return output;
	}

	final(input: Uint8Array): Outcome {
		const output = this.update(input);
		if (typeof output === "string") return output;
		if (this.#running === undefined || (!this.#encrypts && this.#tagLength === 0)) return NO_REASON;
		const { tag } = this.#running;
		this.#running = undefined;
		tag.final();
		const own = tag.getAuthTag();
		if (this.#encrypts) this.#keepTag(own);
		const length = this.#tagLength;
		return timingSafeEqual(own.subarray(0, length), this.#tag.subarray(0, length)) ? output : NO_REASON;
	}

	getTag(length: number): Outcome {
		if (!this.#encrypts || this.#tagLength === 0 || length < 1 || length > TAG_LENGTH) return INVALID_TAG;
		return this.#tag.subarray(0, length);
	}

	setTag(tag: Uint8Array): Outcome {
		if (tag.length > TAG_LENGTH) return FAILED_TO_GET_PARAMETER;
		if (tag.length === 0 || this.#encrypts) return INVALID_TAG;
		this.#keepTag(tag);
		return tag;
	}

	#keepTag(tag: Uint8Array): void {
		this.#tag.set(tag);
		this.#tagLength = tag.length;
	}
}
