import type { CryptoLibrary, KeyvalStore, ModuleApi, Require } from "../../bridge/api";
import { key_reader } from "../push/webpush/keys";
import { base64url } from "./base64url";

/** The store that a host's key pair is in, as data of the host itself. */
export const server_key_store_name = "web_push_keys";

/** What the server signs its requests with (RFC 8292). Clients subscribe for its public half, and for that alone. */
export interface ServerKey {
	/** PEM of PKCS #8. */
	private_key: string;
	/** The uncompressed point in base64url without padding, as `PushManager.subscribe` takes it. */
	public_key: string;
	/** When it was made, in seconds since the epoch; nil if the store does not say. */
	created?: number;
}

/** What is in the store; a problem is a sentence without its end. */
export type StoredServerKey =
	| { state: "none" }
	| { state: "usable"; key: ServerKey }
	| { state: "damaged"; problem: string }
	| { state: "unreadable"; problem: string };

/** A host's key pair where it is kept. */
export interface ServerKeyStore {
	read(this: void): StoredServerKey;
	/** Makes a pair and stores it in place of what is there. It counts only if the store gives it back. */
	replace(this: void): { key: ServerKey; problem?: undefined } | { problem: string };
}

/** @param store of the host that the key is for, by the name above */
export function server_key_store(store: KeyvalStore<unknown>, require: Require, crypto: CryptoLibrary): ServerKeyStore {
	const time = require("util.time");
	const { base64 } = require("util.encodings");
	const keys = key_reader(require, crypto);

	const read = (): StoredServerKey => {
		const [stored, err] = store.get(undefined);
		if (err !== undefined) return { state: "unreadable", problem: `The store cannot be read: ${err}` };
		if (stored === undefined) return { state: "none" };
		if (typeof stored !== "object") return { state: "damaged", problem: "What is stored is no table" };
		const { private_key, public_key, created } = stored as Record<string, unknown>;
		const signing_key = typeof private_key === "string" ? keys.signing_key(pem_content(private_key)) : undefined;
		if (signing_key === undefined) {
			return { state: "damaged", problem: "What is stored as the private key is no private key on P-256" };
		}
		if (base64url(signing_key.public_base64) !== public_key) {
			return { state: "damaged", problem: "The public key that is stored is not the private key's" };
		}
		return {
			state: "usable",
			key: {
				private_key: private_key as string,
				public_key: public_key as string,
				created: typeof created === "number" ? created : undefined,
			},
		};
	};

	const replace = (): ReturnType<ServerKeyStore["replace"]> => {
		const pair = crypto.generate_p256_keypair();
		const made = {
			private_key: pair.private_pem()!,
			public_key: base64url(base64.encode(pair.public_raw()!)),
			created: Math.floor(time.now()),
		};
		const [ok, err] = store.set(undefined, made);
		if (ok !== true) return { problem: `The new key pair cannot be stored: ${err ?? "the store does not say why"}` };
		// Hosts with anonymous logins keep nothing, and say that they do.
		const kept = read();
		return kept.state === "usable" && kept.key.public_key === made.public_key
			? { key: kept.key }
			: { problem: "The new key pair was stored, and is not in the store" };
	};

	return { read, replace };
}

/** The lines of a PEM file without the first and the last one. */
export function pem_content(pem: string): string {
	return pem.replaceAll("-----BEGIN PRIVATE KEY-----", "").replaceAll("-----END PRIVATE KEY-----", "");
}

/**
 * The key pair of the module's host, made the first time.
 * @throws text that says why there is none: with one that is lost later, all subscriptions would be, too. What is stored
 * and cannot be used is left as it is.
 */
export function open_server_key(module: ModuleApi, require: Require, crypto: CryptoLibrary): ServerKey {
	const store = server_key_store(module.open_store<unknown>(server_key_store_name), require, crypto);
	// Prosody shows errors that are texts as they are.
	const refuse = (problem: string, remedy: string): never => {
		throw `mod_web_push needs its key pair, in the store '${server_key_store_name}' of ${module.host}. ${problem}. ${remedy}`;
	};
	const stored = store.read();
	if (stored.state === "usable") return stored.key;
	if (stored.state === "unreadable") return refuse(stored.problem, "Nothing was changed");
	if (stored.state === "damaged") {
		return refuse(stored.problem, "Restore it, or make a new one, which drops all subscriptions: "
			+ `prosodyctl mod_web_push replace ${module.host}`);
	}
	const made = store.replace();
	if (made.problem !== undefined) return refuse(made.problem, "Without one that lasts, all subscriptions would be lost");
	module.log("info", "Made a key pair for Web Push; its public key is %s", made.key.public_key);
	return made.key;
}
