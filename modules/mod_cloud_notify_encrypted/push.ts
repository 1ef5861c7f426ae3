import type { CloudNotifyPushEvent, ModuleApi, PushEncryption, Require } from "../../bridge/api";
import { account_of } from "../push/account";
import { block_pushes } from "../push/blocking";
import type { Encrypt } from "./cipher";
import { payload_writer, room_for_payload } from "./fit";
import type { KeyReader } from "./key";
import { payload_maker } from "./payload";
import { algorithm, xmlns_push_encrypt } from "./registration";

type StoredKey = { value: string; problem?: undefined } | { value?: undefined; problem: string };

/**
 * Puts what a push tells, encrypted, in the place of the form, which would tell it to everybody on the way. What cannot be
 * encrypted is not pushed.
 */
export function encrypt_pushes(module: ModuleApi, require: Require, encrypt: Encrypt, read_key: KeyReader): void {
	const st = require("util.stanza");
	const make_payload = payload_maker(require);
	const write_payload = payload_writer(require);

	/** The key, or what is wrong with what is stored: others may have changed it. */
	const stored_key = (encryption: PushEncryption): StoredKey => {
		if (typeof encryption !== "object") return { problem: "Invalid encryption settings" };
		if (typeof encryption.algorithm !== "string") return { problem: "Unsupported encryption algorithm" };
		if (encryption.algorithm !== algorithm) {
			return { problem: `Unsupported encryption algorithm: ${encryption.algorithm}` };
		}
		const value = read_key(encryption.key_base64);
		return value !== undefined ? { value } : { problem: "Invalid encryption key" };
	};

	/** @returns why it cannot be encrypted; nil if it is, or is not to be */
	const encrypt_push = (event: CloudNotifyPushEvent): string | undefined => {
		const { encryption } = event.push_info;
		// A ping is about nothing.
		if (encryption === undefined || event.original_stanza === undefined) return undefined;

		const key = stored_key(encryption);
		if (key.problem !== undefined) {
			module.log("warn", "Nothing is pushed to a client of %s@%s: %s", event.username, module.host, key.problem);
			return key.problem;
		}

		const payload = make_payload(event.original_stanza, account_of(module, event.username), event.push_summary);
		const encrypted = encrypt(key.value, write_payload(payload, room_for_payload(encryption.max_size)));
		if (encrypted === undefined) return "Encryption failed";

		const is_call = payload.type === "call";
		if (is_call) event.important = true;
		const element = st.stanza("encrypted", {
			xmlns: xmlns_push_encrypt,
			iv: encrypted.iv,
			type: is_call ? "voip" : undefined,
		});
		event.notification_payload.remove_children("x", "jabber:x:data").add_child(element.text(encrypted.data));
		module.log("debug", "Encrypted '%s' push notification using %s", payload.type, algorithm);
		return undefined;
	};

	block_pushes(module, encrypt_push, 1);
}
