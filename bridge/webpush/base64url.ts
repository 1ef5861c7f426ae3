/** The bytes of a text in base64url without padding (RFC 4648, 5); undefined if it is not written just so. */
export function fromBase64url(text: string): Buffer | undefined {
	const bytes = Buffer.from(text, "base64url");
	return bytes.toString("base64url") === text ? bytes : undefined;
}
