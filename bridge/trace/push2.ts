import { decrypt } from "http_ece";
import { createPublicKey } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { parse, type Element } from "ltx";
import { jwkOf, type ClientKeys } from "../scenario/client-keys";
import { parseXml } from "../scenario/xml";
import { Problem } from "../scenario/scenario-error";
import type { StanzaEntry, TraceEntry } from "./entry";

const PUSH2_NAMESPACE = "urn:xmpp:push2:0";
const ENCRYPTED_NAMESPACE = "urn:xmpp:sce:rfc8291:0";
const ENVELOPE_NAMESPACE = "urn:xmpp:sce:1";

/** Bytes that RFC 8291 (4) allows what is encrypted to have. */
const LARGEST = 4096;
/** Bytes of the header (RFC 8188, 2.1) before the sender's key, and where in it the record size stands. */
const HEADER_LENGTH = 21;
const RECORD_SIZE_AT = 16;
/** Seconds that a token may be good for (RFC 8292, 2). */
const LONGEST_LIFE = 24 * 60 * 60;
/** Seconds by which the clocks of a real server and of those who look may seem to differ. */
const CLOCK_TOLERANCE = 1;
/** Characters that the padding of an envelope may have (XEP-0420). */
const LONGEST_PADDING = 200;

/** What a notification of Push 2.0 says that is encrypted or signed, as far as a client's keys tell. */
export interface Push2Payload {
	/** The name of the client whose key opened it; absent if none did. */
	reader?: string;
	/** The envelope (XEP-0420) as text, without its padding. */
	envelope?: string;
	/** In place of it, the bytes of what is encrypted, where they are more than RFC 8291 allows. */
	too_large?: number;
	/** In place of them, that elements stand in the clear where what is encrypted should. */
	not_encrypted?: true;
	/** The claims of a valid token by name, save when it was issued and expires. */
	jwt?: Record<string, unknown>;
	/** In place of them, what is wrong with the claims of a token that was signed as it should be. */
	bad_jwt?: string;
	/** In place of them, that elements, such as claims, stand where a token should. */
	not_signed?: true;
}

/** What a token says, and whose key signed it. */
type Token = Pick<Push2Payload, "reader"> & (Required<Pick<Push2Payload, "jwt">> | Required<Pick<Push2Payload, "bad_jwt">>);

/** The parts of a notification: the stanza, and what of it is encrypted or signed. There should be one of each. */
interface Parts {
	stanza: Element;
	notification: Element;
	/** Hold base64. */
	payloads: Element[];
	/** Hold a token, and its key in an attribute. */
	jwts: Element[];
}

/**
 * Opens a notification of Push 2.0. What no client could read or a push service would refuse stays closed: what is not as
 * RFC 8291 says, or not for one of these clients; a token not signed with the key of the client that the rest is for. Of one
 * that does not claim what RFC 8292 says, it is told what is wrong; and so it is where nothing is encrypted or signed, which
 * must not look like what was opened.
 * @param xml a stanza
 * @param now seconds since the epoch
 * @returns undefined if it is no notification, or there is nothing to say of it
 */
export async function openNotification(
	xml: string, clients: readonly ClientKeys[], now: number,
): Promise<Push2Payload | undefined> {
	const parts = partsOf(xml);
	if (!parts) return undefined;
	const { payloads: [payload], jwts: [jwt] } = parts;
	const opened: Push2Payload = {};
	if (parts.payloads.some(hasElements)) opened.not_encrypted = true;
	if (parts.jwts.some(hasElements)) opened.not_signed = true;
	const encrypted = payload && !hasElements(payload) ? fromBase64(payload.getText()) : undefined;
	const isTooLarge = encrypted !== undefined && encrypted.length > LARGEST;
	let readers = clients;
	if (isTooLarge) opened.too_large = encrypted.length;
	for (const client of encrypted && !isTooLarge ? clients : []) {
		const envelope = readEnvelope(encrypted!, client);
		if (envelope === undefined) continue;
		opened.reader = client.name;
		opened.envelope = envelope;
		readers = [client];
	}
	if (jwt && !hasElements(jwt)) Object.assign(opened, await readToken(jwt, readers, now));
	return Object.keys(opened).length > 0 ? opened : undefined;
}

/** The entries of a trace, each notification of Push 2.0 with what it says. Others keep what payload they have. */
export async function withNotifications(
	entries: readonly TraceEntry[], clients: readonly ClientKeys[], began: number,
): Promise<TraceEntry[]> {
	return Promise.all(entries.map(async (entry) => {
		const payload = entry.kind === "stanza" ? await openNotification(entry.xml, clients, began + entry.at) : undefined;
		return payload ? { ...entry, payload } : entry;
	}));
}

/**
 * An entry as it would be if a notification of Push 2.0 were not encrypted: what it says stands in its XML, and in an attribute
 * `reader` of `<notification>` whose key opened it. This is what is compared, as the same is encrypted and signed differently
 * every time.
 */
export function inTheClear<Entry extends TraceEntry>(entry: Entry): Entry {
	const parts = entry.kind === "stanza" && entry.payload !== undefined ? partsOf(entry.xml) : undefined;
	if (!parts) return entry;
	const { payload, ...rest } = entry as StanzaEntry;
	const { reader } = payload as Push2Payload;
	if (reader !== undefined) parts.notification.attrs.reader = reader;
	show(parts, payload as Push2Payload);
	return { ...rest, xml: parts.stanza.toString() } as Entry;
}

/** Whether a stanza is a notification of Push 2.0. */
export function isNotification(xml: string): boolean {
	return partsOf(xml) !== undefined;
}

/**
 * A notification with what it says in the clear: the envelope in place of the base64 text in `<payload>`, and the claims of
 * the token as elements in place of it, `<claim name="aud">…</claim>`, sorted by name; its key is left out. Elements that were
 * sent in such a place are not shown.
 */
export function showNotification(xml: string, payload: Push2Payload): string {
	const parts = partsOf(xml);
	if (!parts) return xml;
	show(parts, payload);
	return parts.stanza.toString();
}

function show(parts: Parts, { envelope, too_large, not_encrypted, jwt, bad_jwt, not_signed }: Push2Payload): void {
	const { payloads, jwts } = parts;
	if (not_encrypted) for (const payload of payloads.filter(hasElements)) payload.children = ["not encrypted"];
	if (not_signed) for (const token of jwts.filter(hasElements)) token.children = ["not signed"];
	if (envelope !== undefined) payloads[0]!.children = [parse(envelope)];
	if (too_large !== undefined) payloads[0]!.children = [`${too_large} bytes: RFC 8291 allows ${LARGEST}`];
	if (bad_jwt !== undefined) jwts[0]!.children = [bad_jwt];
	if (jwt) {
		jwts[0]!.children = [];
		delete jwts[0]!.attrs.key;
		for (const name of Object.keys(jwt).sort()) {
			const value = jwt[name];
			jwts[0]!.c("claim", { name }).t(typeof value === "string" ? value : JSON.stringify(value));
		}
	}
}

function hasElements(element: Element): boolean {
	return element.getChildElements().length > 0;
}

/** Undefined if it is no notification, or not even well-formed. */
function partsOf(xml: string): Parts | undefined {
	if (!xml.includes(PUSH2_NAMESPACE)) return undefined;
	let stanza: Element;
	try {
		stanza = parse(xml);
	} catch {
		return undefined;
	}
	const notifications = stanza.is("message") ? stanza.getChildren("notification", PUSH2_NAMESPACE) : [];
	const [notification] = notifications;
	if (!notification) return undefined;
	const encrypted = notifications.flatMap((one) => one.getChildren("encrypted", ENCRYPTED_NAMESPACE));
	return {
		stanza,
		notification,
		payloads: encrypted.flatMap((one) => one.getChildren("payload", ENCRYPTED_NAMESPACE)),
		jwts: notifications.flatMap((one) => one.getChildren("jwt", PUSH2_NAMESPACE)),
	};
}

/** Undefined for what is not written as RFC 4648 (4) says. */
function fromBase64(text: string): Buffer | undefined {
	const bytes = Buffer.from(text, "base64");
	return bytes.toString("base64") === text ? bytes : undefined;
}

/** The envelope if it is for this client: one record (RFC 8291, 4) that holds one well-formed element. */
function readEnvelope(encrypted: Buffer, { receiving, auth_secret }: ClientKeys): string | undefined {
	let text: string;
	try {
		const key_length = encrypted.readUInt8(HEADER_LENGTH - 1);
		if (encrypted.readUInt32BE(RECORD_SIZE_AT) <= encrypted.length - HEADER_LENGTH - key_length) return undefined;
		const bytes = decrypt(encrypted, { version: "aes128gcm", privateKey: receiving, authSecret: auth_secret });
		text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		// For somebody else, or not encrypted like this.
		return undefined;
	}
	try {
		if (parseXml(text).length !== 1) return undefined;
	} catch (error) {
		if (error instanceof Problem) return undefined;
		throw error;
	}
	return withoutPadding(text);
}

/** The envelope without its random padding, which is last, if that is what padding may be. */
function withoutPadding(text: string): string {
	const envelope = parse(text);
	const [padding, ...more] = envelope.getChildren("rpad", ENVELOPE_NAMESPACE);
	const isPadding = padding && more.length === 0 && envelope.children.at(-1) === padding && padding.getChildElements().length === 0
		&& padding.getText().length <= LONGEST_PADDING && Object.keys(padding.attrs).length === 0;
	if (isPadding) envelope.remove("rpad", ENVELOPE_NAMESPACE);
	return envelope.toString();
}

/** What a token says that one of these clients' keys signed, and which. */
async function readToken(
	jwt: Element, clients: readonly ClientKeys[], now: number,
): Promise<Token | undefined> {
	const client = clients.find(({ signing }) => signing.getPublicKey("base64") === jwt.attrs.key);
	if (!client) return undefined;
	const { name: reader } = client;
	const key = createPublicKey({ format: "jwk", key: jwkOf(client.signing) });
	try {
		const { payload } = await jwtVerify(jwt.getText(), key, {
			algorithms: ["ES256"], requiredClaims: ["exp"], currentDate: new Date(now * 1000),
		});
		const { exp, iat, ...claims } = payload;
		if (exp! > now + LONGEST_LIFE) return { reader, bad_jwt: "\"exp\" claim is more than 24 hours ahead" };
		if (iat !== undefined && iat > now + CLOCK_TOLERANCE) return { reader, bad_jwt: "\"iat\" claim is in the future" };
		return { reader, jwt: claims };
	} catch (error) {
		// These are looked at once the signature has been.
		if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
			return { reader, bad_jwt: error.message };
		}
		if (error instanceof errors.JOSEError) return undefined;
		throw error;
	}
}
