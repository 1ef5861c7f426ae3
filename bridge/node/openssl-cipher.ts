import type { OpensslCipher as Cipher, OpensslCipherLibrary } from "../api/libraries";
import { bytesToText, textToBytes } from "../native/bytes";
import { OpensslCipher, type Outcome } from "../native/openssl-cipher";
import { multi } from "./multi";

type Results = LuaMultiReturn<[string | undefined, string?]>;

function results(outcome: Outcome): Results {
	return typeof outcome === "string" ? multi(undefined, outcome) : multi(bytesToText(outcome));
}

function joined(texts: readonly string[]): Buffer {
	return Buffer.concat(texts.map(textToBytes));
}

function check(problem: string | undefined): void {
	if (problem !== undefined) throw new Error(problem);
}

class NodeOpensslCipher implements Cipher {
	readonly #cipher: OpensslCipher;

	constructor(cipher: OpensslCipher) {
		this.#cipher = cipher;
	}

	encrypt(key: string, iv: string): this {
		this.#cipher.encrypt(...this.#checked(key, iv));
		return this;
	}

	decrypt(key: string, iv: string): this {
		this.#cipher.decrypt(...this.#checked(key, iv));
		return this;
	}

	update(...texts: string[]): Results {
		return results(this.#cipher.update(joined(texts)));
	}

	final(...texts: string[]): Results {
		return results(this.#cipher.final(joined(texts)));
	}

	getTag(length: number): Results {
		if (!Number.isInteger(length)) throw new Error("number has no integer representation");
		return results(this.#cipher.getTag(length));
	}

	setTag(tag: string): Results {
		return results(this.#cipher.setTag(textToBytes(tag)));
	}

	#checked(key: string, iv: string): [key: Buffer, iv: Buffer] {
		const bytes: [Buffer, Buffer] = [textToBytes(key), textToBytes(iv)];
		check(this.#cipher.keyProblem(bytes[0]));
		check(this.#cipher.ivProblem(bytes[1]));
		return bytes;
	}
}

/** luaossl's `openssl.cipher`. */
export const opensslCipherLibrary: OpensslCipherLibrary = {
	new(type) {
		const cipher = OpensslCipher.of(type);
		if (cipher === undefined) throw new Error(`${type}: invalid cipher type`);
		return new NodeOpensslCipher(cipher);
	},
};
