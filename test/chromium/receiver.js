// What a browser does with a push, by its own WebCrypto alone: RFC 8291, and RFC 8188 for a single record.
const subtle = crypto.subtle;
const ECDH = { name: "ECDH", namedCurve: "P-256" };
const encoder = new TextEncoder();

const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toBase64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
	.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const concat = (...parts) => new Uint8Array(parts.flatMap((part) => [...new Uint8Array(part)]));

/** HKDF (RFC 5869) with SHA-256. */
async function derive(length, input, salt, info) {
	const key = await subtle.importKey("raw", input, "HKDF", false, ["deriveBits"]);
	return subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, length * 8);
}

/** Keys as a `PushSubscription` has them. They are the window's, which `open` reads: the private one never leaves it. */
async function subscribe() {
	const { privateKey, publicKey } = await subtle.generateKey(ECDH, false, ["deriveBits"]);
	const auth = crypto.getRandomValues(new Uint8Array(16));
	const point = await subtle.exportKey("raw", publicKey);
	window.receiver = { privateKey, point, auth };
	return { p256dh: toBase64url(point), auth: toBase64url(auth) };
}

/** Decrypts a body, in base64, into text. */
async function open(base64) {
	const { privateKey, point, auth } = window.receiver;
	const body = fromBase64(base64);

	// RFC 8188, 2.1: salt, record size, length of the key, key.
	const salt = body.slice(0, 16);
	const recordSize = new DataView(body.buffer).getUint32(16);
	const senderPoint = body.slice(21, 21 + body[20]);
	const record = body.slice(21 + body[20]);
	if (record.length > recordSize) throw new Error("more than one record");

	// RFC 8291, 3.3 and 3.4.
	const sender = await subtle.importKey("raw", senderPoint, ECDH, false, []);
	const secret = await subtle.deriveBits({ name: "ECDH", public: sender }, privateKey, 256);
	const input = await derive(32, secret, auth, concat(encoder.encode("WebPush: info\0"), point, senderPoint));

	// RFC 8188, 2.2 and 2.3: the first record's number, 0, changes nothing of the nonce.
	const keyBytes = await derive(16, input, salt, encoder.encode("Content-Encoding: aes128gcm\0"));
	const iv = await derive(12, input, salt, encoder.encode("Content-Encoding: nonce\0"));
	const key = await subtle.importKey("raw", keyBytes, "AES-GCM", false, ["decrypt"]);
	const padded = new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, key, record));

	// RFC 8188, 2: zeros after a delimiter, which says that this is the last record.
	const end = padded.findLastIndex((byte) => byte !== 0);
	if (padded[end] !== 2) throw new Error("not the last record");
	return new TextDecoder("utf-8", { fatal: true }).decode(padded.slice(0, end));
}

/** What this browser says to a server's key: without its maker's service it waits if it takes it, and refuses it at once if not. */
async function subscribeWith(applicationServerKey) {
	await navigator.serviceWorker.register("/service-worker.js");
	const { pushManager } = await navigator.serviceWorker.ready;
	return Promise.race([
		pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }).then(() => "subscribed", ({ name }) => name),
		new Promise((resolve) => setTimeout(resolve, 1000, "waiting")),
	]);
}

Object.assign(window, { subscribe, open, subscribeWith });
