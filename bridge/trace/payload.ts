import { createDecipheriv } from "node:crypto";
import { attributeOf, readCanonical, walk } from "./canonical";
import type { TraceEntry } from "./entry";
import type { XmlElement } from "../scenario/xml";

/** https://xeps.tigase.net/docs/push-notifications/encrypt/: what `mod_cloud_notify_encrypted` does. */
const NAMESPACE = "tigase:push:encrypt:0";

const KEY_LENGTH = 16;
const TAG_LENGTH = 16;

/** An encrypted payload as it stands in a push, both in base64. */
export interface Encrypted {
	iv: string;
	/** AES-128-GCM, the tag last. */
	data: string;
}

/** The keys that clients give the server when they enable push. */
export function payloadKeys(stanzas: Iterable<XmlElement>): Buffer[] {
	const keys: Buffer[] = [];
	for (const stanza of stanzas) {
		const element = find(stanza, "encrypt");
		const key = Buffer.from(textOf(element), "base64");
		if (key.length === KEY_LENGTH) keys.push(key);
	}
	return keys;
}

/** The entries of a trace, each push that one of the keys decrypts with its payload. */
export function withPayloads(entries: readonly TraceEntry[], keys: readonly Buffer[]): TraceEntry[] {
	return entries.map((entry) => {
		const root = entry.kind === "stanza" && keys.length > 0 ? readCanonical(entry.xml) : undefined;
		const encrypted = root && encryptedIn(root);
		const text = encrypted && decrypt(encrypted, keys);
		return text === undefined ? entry : { ...entry, payload: parsed(text) };
	});
}

/** The encrypted payload of a push; undefined if it has none. */
export function encryptedIn(push: XmlElement): Encrypted | undefined {
	const element = find(push, "encrypted");
	const iv = element && attributeOf(element, "iv");
	return iv === undefined ? undefined : { iv, data: textOf(element) };
}

/**
 * Undefined if none of the keys is the right one: the tag tells. (Without `util.crypto` the module would write 16 NUL
 * bytes for a tag; but it fails before that, on a name that it never defines.)
 */
function decrypt({ iv, data }: Encrypted, keys: readonly Buffer[]): string | undefined {
	const bytes = Buffer.from(data, "base64");
	for (const key of keys) {
		try {
			const decipher = createDecipheriv("aes-128-gcm", key, Buffer.from(iv, "base64"), { authTagLength: TAG_LENGTH });
			decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
			return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_LENGTH)), decipher.final()]).toString();
		} catch {
			// Another key, or not encrypted like this.
		}
	}
	return undefined;
}

/** What JSON says; the text if it is none. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function find(root: XmlElement, name: string): XmlElement | undefined {
	let found: XmlElement | undefined;
	walk(root, (node) => {
		if (typeof node !== "string" && node.name === name && node.namespace === NAMESPACE) found ??= node;
	});
	return found;
}

function textOf(element: XmlElement | undefined): string {
	return element?.children.filter((child) => typeof child === "string").join("") ?? "";
}
