import type { ProsodyModule } from "../../bridge/api";
import { advertise } from "../push/disco";
import { open_cipher } from "./cipher";
import { key_reader } from "./key";
import { encrypt_pushes } from "./push";
import { algorithm, handle_encryption_request, xmlns_push_encrypt } from "./registration";

/** Encrypts what clients are pushed (https://xeps.tigase.net/docs/push-notifications/encrypt/). */
export const mod_cloud_notify_encrypted: ProsodyModule = (module, _, require) => {
	const encrypt = open_cipher(module, require);
	// Prosody shows errors that are texts as they are.
	if (encrypt === undefined) throw "mod_cloud_notify_encrypted needs Prosody 13.0, or luaossl (Debian: lua-luaossl)";

	module.depends("cloud_notify");
	advertise(module, [xmlns_push_encrypt, `tigase:push:encrypt:${algorithm}`, "tigase:push:jingle:0"]);

	const read_key = key_reader(require);
	handle_encryption_request(module, require, read_key);
	encrypt_pushes(module, require, encrypt, read_key);
};
