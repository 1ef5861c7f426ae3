import type { CloudNotifyPushEvent, ModuleApi, Require } from "../../bridge/api";
import { account_of } from "../push/account";
import type { Encrypt } from "./cipher";
import { payload_writer, room_for_payload } from "./fit";
import type { KeyReader } from "./key";
import { payload_maker } from "./payload";
import { algorithm, xmlns_push_encrypt } from "./registration";

/**
 * Puts what a push tells, encrypted, in the place of the form, which would tell it to everybody on the way. What cannot be
 * encrypted is not pushed.
 */
export function encrypt_pushes(module: ModuleApi, require: Require, encrypt: Encrypt, read_key: KeyReader): void {
	const st = require("util.stanza");
	const make_payload = payload_maker(require);
	const write_payload = payload_writer(require);

	/** @returns why it cannot be encrypted; nil if it is, or is not to be */
	const encrypt_push = (event: CloudNotifyPushEvent): string | undefined => {
		const { encryption } = event.push_info;
		// A ping is about nothing.
		if (encryption === undefined || event.original_stanza === undefined) return undefined;

		// Others may have changed what is stored.
		if (typeof encryption !== "object") return "Invalid encryption settings";
		if (typeof encryption.algorithm !== "string") return "Unsupported encryption algorithm";
		if (encryption.algorithm !== algorithm) return `Unsupported encryption algorithm: ${encryption.algorithm}`;
		const key = read_key(encryption.key_base64);
		if (key === undefined) return "Invalid encryption key";

		const payload = make_payload(event.original_stanza, account_of(module, event.username), event.push_summary);
		const encrypted = encrypt(key, write_payload(payload, room_for_payload(encryption.max_size)));
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

	module.hook("cloud_notify/push", (event) => {
		const reason = encrypt_push(event);
		if (reason === undefined) return undefined;
		event.reason = reason;
		return true;
	}, 1);
}
