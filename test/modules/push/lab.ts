import { createECDH, generateKeyPairSync, randomBytes } from "node:crypto";
import { decrypt } from "http_ece";
import type { CryptoLibrary, Host, LogEntry, ModuleApi, Require } from "../../../bridge/api";
import { createClock } from "../../../bridge/server/clock";
import { content_encryption, type ContentEncryption } from "../../../modules/push/webpush/encryption";
import { createMemoryDisk } from "../../../bridge/node";
import { HOSTS } from "../../server/hosts";
import type { HostName } from "../../server/hosts";

/** When the clocks of these tests start: 2023-11-14T22:13:20Z. */
export const START = 1_700_000_000;

/** A host with a module on it that does nothing of its own. */
export interface Lab {
	host: Host;
	module: ModuleApi;
	require: Require;
	log: LogEntry[];
	/** Lets seconds pass, or takes them back. */
	pass(seconds: number): void;
}

/** @param draw where the host's randomness comes from */
export function createLab(
	host_name: HostName, draw: (count: number) => Uint8Array = (count) => Uint8Array.from(randomBytes(count)),
): Lab {
	const log: LogEntry[] = [];
	const clock = createClock(START);
	let put_back = 0;
	const host = HOSTS[host_name]({
		clock: { ...clock, now: () => clock.now() - put_back },
		disk: createMemoryDisk(),
		random_bytes: draw,
		options: {},
		series: "13.0",
		log: (entry) => void log.push(entry),
	});
	let module!: ModuleApi;
	host.load("lab", { typescript: (loaded) => void (module = loaded) });
	const pass = (seconds: number): void => {
		if (seconds < 0) put_back -= seconds;
		else clock.advance(seconds);
	};
	return { host, module, require: host.require, log, pass };
}

/** What encrypts payloads, in base64. */
export function encryption_to_base64(require: Require, crypto: CryptoLibrary = require("util.crypto")): ContentEncryption {
	const { encrypt } = content_encryption(require, crypto);
	const { base64 } = require("util.encodings");
	return {
		encrypt: (...args) => {
			const payload = encrypt(...args);
			return payload === undefined ? undefined : base64.encode(payload);
		},
	};
}

/** What a client keeps, and what it tells the server. */
export interface Recipient {
	ua_public: string;
	auth_secret: string;
	/** Opens a payload as the client does, by an implementation that is not the one that encrypted it. */
	open(payload: string): Buffer;
}

export function createRecipient(): Recipient {
	const privateKey = createECDH("prime256v1");
	privateKey.generateKeys();
	const authSecret = randomBytes(16);
	return {
		ua_public: privateKey.getPublicKey("base64"),
		auth_secret: authSecret.toString("base64"),
		open: (payload) => decrypt(Buffer.from(payload, "base64"), { version: "aes128gcm", privateKey, authSecret }),
	};
}

/** A server's key pair as `mod_web_push` stores it. */
export function createServerKey(): { private_key: string; public_key: string } {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	// What comes last is the point.
	const point = publicKey.export({ format: "der", type: "spki" }).subarray(-65);
	return {
		private_key: privateKey.export({ format: "pem", type: "pkcs8" }) as string, public_key: point.toString("base64url"),
	};
}
