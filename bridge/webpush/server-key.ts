import { createPublicKey, type KeyObject } from "node:crypto";
import { fromBase64url } from "./base64url";
import { parse, type Element } from "ltx";
import type { TraceEntry } from "../trace/entry";

const FORM_TYPE = "http://jabber.org/protocol/webpush#public-key";
const FIELD = "webpush#public-key";

/** Bytes of a point on P-256, uncompressed: 4, x, y. */
export const POINT_LENGTH = 65;
export const UNCOMPRESSED = 4;

/**
 * A public key as `PushManager.subscribe` takes it (`applicationServerKey`) and as a request names it (RFC 8292, 3.2): an
 * uncompressed point on P-256 in base64url, without padding. Undefined for anything else.
 */
export function readServerKey(text: string): KeyObject | undefined {
	const point = fromBase64url(text);
	if (point?.length !== POINT_LENGTH || point[0] !== UNCOMPRESSED) return undefined;
	const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString("base64url"));
	try {
		return createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y } });
	} catch {
		// Not on the curve.
		return undefined;
	}
}

/** What accounts publish as the server's key (`urn:xmpp:webpush:0`), in the order in which clients were told. */
export function publishedKeys(trace: readonly TraceEntry[]): string[] {
	return trace.flatMap((entry) => (entry.kind === "reply" && entry.xml.includes(FIELD) ? keysIn(entry.xml) : []));
}

function keysIn(xml: string): string[] {
	let stanza: Element;
	try {
		stanza = parse(xml);
	} catch {
		return [];
	}
	const forms = stanza.getChildren("query").flatMap((query) => query.getChildren("x", "jabber:x:data"));
	const valueOf = (form: Element, name: string): string | null | undefined => {
		return form.getChildren("field").find(({ attrs }) => attrs.var === name)?.getChildText("value");
	};
	return forms.filter((form) => valueOf(form, "FORM_TYPE") === FORM_TYPE).flatMap((form) => valueOf(form, FIELD) ?? []);
}
