import type { Element } from "ltx";

export const BIND2_NAMESPACE = "urn:xmpp:bind:0";
export const SASL2_NAMESPACE = "urn:xmpp:sasl:2";

/**
 * What the server says of Bind 2 (XEP-0386) while a client logs in: `<bind>` with what can be enabled while a resource is
 * bound, from the stream's features; then `<bound>` with what was, from its answer.
 * @param element came while the client logged in
 */
export function bind2In(element: Element): Element | undefined {
	switch (element.name) {
		case "stream:features": {
			const authentication = element.getChild("authentication", SASL2_NAMESPACE);
			return authentication?.getChild("inline")?.getChild("bind", BIND2_NAMESPACE);
		}
		case "success":
			return element.getChild("bound", BIND2_NAMESPACE);
		default:
			return undefined;
	}
}
