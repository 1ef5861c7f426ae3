import { gcm } from "@noble/ciphers/aes.js";
import { parse, type Element } from "ltx";

/** As the scenarios and tests here give it to the server. */
export const KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";

/** What is encrypted in a push. */
export interface Encrypted {
	/** In base64. */
	iv: string;
	/** In base64, the tag last. */
	data: string;
	type?: string;
}

function find(element: Element, name: string): Element | undefined {
	if (element.name === name && element.attrs.xmlns === "tigase:push:encrypt:0") return element;
	for (const child of element.getChildElements()) {
		const found = find(child, name);
		if (found) return found;
	}
	return undefined;
}

/** Undefined if nothing in a stanza is encrypted. */
export function encrypted_in(stanza: Element | string): Encrypted | undefined {
	const element = find(typeof stanza === "string" ? parse(stanza) : stanza, "encrypted");
	if (!element) return undefined;
	const { iv, type } = element.attrs as Record<string, string>;
	return { iv: iv!, data: element.getText(), ...(type !== undefined && { type }) };
}

/**
 * Decrypts as a client does that checks the tag, by an implementation that shares nothing with the hosts' (OpenSSL).
 * @param key in base64
 * @returns the JSON text, which must be UTF-8
 * @throws if the tag is wrong, or the vector has not the length that RFC 5116 asks for
 */
export function open({ iv, data }: Encrypted, key = KEY): string {
	const vector = Buffer.from(iv, "base64");
	if (vector.length !== 12) throw new Error(`an IV of ${vector.length} bytes`);
	const text = gcm(Buffer.from(key, "base64"), vector).decrypt(Buffer.from(data, "base64"));
	return new TextDecoder("utf-8", { fatal: true }).decode(text);
}
