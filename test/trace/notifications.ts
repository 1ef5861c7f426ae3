import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import { encrypt } from "web-push";
import { keysOf, pkcs8Of, type ClientKeys } from "../../bridge/scenario/client-keys";

const ENVELOPE = "<envelope xmlns='urn:xmpp:sce:1'><content><forwarded xmlns='urn:xmpp:forward:0'>"
	+ "<message xmlns='jabber:client' from='romeo@localhost/orchard' type='chat'><body>Hello</body>"
	+ "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@localhost' id='archived'/></message></forwarded></content>";

/** An envelope with a message from Romeo in it. */
export function envelope({ body = "Hello", id = "archived", more = "<rpad>MTIz</rpad>" } = {}): string {
	return `${ENVELOPE.replace("Hello", body).replace("archived", id)}${more}</envelope>`;
}

/** Encrypts for a client (RFC 8291), differently each time; base64. */
export function encrypted(text: string, { receiving, auth_secret }: ClientKeys): string {
	const { cipherText } = encrypt(
		receiving.getPublicKey("base64url"), auth_secret.toString("base64url"), text, "aes128gcm",
	);
	return cipherText.toString("base64");
}

/** A token (RFC 8292) that a client's key signs, differently each time. */
export async function token(claims: Record<string, unknown>, { signing }: ClientKeys): Promise<string> {
	const key = createPrivateKey({ key: pkcs8Of(signing), format: "der", type: "pkcs8" });
	return new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "ES256" }).sign(key);
}

/** A notification of Push 2.0 as the host sends it. */
export function notification(inner: string, id = "1"): string {
	return `<message from='localhost' to='push.localhost' id='${id}'><notification xmlns='urn:xmpp:push2:0'>`
		+ `<client>c1</client><priority>normal</priority>${inner}</notification></message>`;
}

/** What is encrypted, as part of a notification. */
export function payload(base64: string): string {
	return `<encrypted xmlns='urn:xmpp:sce:rfc8291:0'><payload>${base64}</payload></encrypted>`;
}

/** A token, as part of a notification, with a client's public key. */
export function jwt(text: string, { signing }: ClientKeys): string {
	return `<jwt key='${signing.getPublicKey("base64")}'>${text}</jwt>`;
}

export const PHONE = keysOf("Juliet's phone");
export const ROMEO = keysOf("Romeo");
