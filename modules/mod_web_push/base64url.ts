/** Base64 in the alphabet of URLs, without padding (RFC 4648, 5), of base64. */
export function base64url(base64: string): string {
	return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
