import type { ModuleApi, Require, Session, Stanza } from "../../bridge/api";
import { number_reader } from "../push/text/number";
import { xmlns_push } from "../push/xmlns";
import type { KeyReader } from "./key";

export const xmlns_push_encrypt = "tigase:push:encrypt:0";

/** The only one there is. */
export const algorithm = "aes-128-gcm";

/** Keeps with a registration how the client wants to have encrypted what it is pushed, or refuses it. */
export function handle_encryption_request(module: ModuleApi, require: Require, read_key: KeyReader): void {
	const st = require("util.stanza");
	const read_number = number_reader(require);

	const refuse = (origin: Session, stanza: Stanza, condition: string, text: string): boolean => {
		origin.send(st.error_reply(stanza, "modify", condition, text));
		return false;
	};

	module.hook("cloud_notify/registration", ({ origin, stanza, push_info }) => {
		const request = stanza.get_child("enable", xmlns_push)?.get_child("encrypt", xmlns_push_encrypt);
		if (request === undefined) return undefined;
		if (request.attr.alg !== algorithm) {
			return refuse(origin, stanza, "feature-not-implemented", "Unknown encryption algorithm");
		}
		// Nil if there are elements in it.
		const key_base64 = request.get_text();
		if (key_base64 === undefined || read_key(key_base64) === undefined) {
			return refuse(origin, stanza, "bad-request", "Invalid encryption key");
		}
		const max_size = read_number(request.attr["max-size"]);
		push_info.encryption = { algorithm, key_base64, max_size: max_size === 0 ? undefined : max_size };
		module.log("debug", "Encrypted push notifications enabled");
		return undefined;
	});
}
