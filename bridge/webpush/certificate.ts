import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** How long a certificate is good for, before and after it was made, in milliseconds: 30 days. */
const LIFE = 30 * 24 * 60 * 60 * 1000;

/** Object identifiers (X.660), in DER. */
const ECDSA_WITH_SHA256 = "06082a8648ce3d040302";
const COMMON_NAME = "0603550403";
const BASIC_CONSTRAINTS = "0603551d13";
const SUBJECT_ALTERNATIVE_NAME = "0603551d11";

/** A self-signed certificate and its private key, both as PEM. */
export interface Certificate {
	cert: string;
	key: string;
}

const made = new Map<string, Certificate>();

/** A certificate (RFC 5280) for a host name in ASCII, the same until this process ends: who is to trust it has to be told so. */
export function certificateFor(host: string): Certificate {
	const certificate = made.get(host) ?? makeCertificate(host);
	made.set(host, certificate);
	return certificate;
}

function makeCertificate(host: string): Certificate {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const algorithm = sequence(hex(ECDSA_WITH_SHA256));
	const name = sequence(der(0x31, sequence(hex(COMMON_NAME), der(0x0c, Buffer.from(host)))));
	const now = Date.now();
	const content = sequence(
		// Version 3, and a serial number.
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.from([1])),
		algorithm,
		name,
		sequence(time(now - LIFE), time(now + LIFE)),
		name,
		spki(publicKey),
		der(0xa3, sequence(
			// It is an authority (of its own), critically.
			sequence(hex(BASIC_CONSTRAINTS), der(0x01, Buffer.from([0xff])), octets(sequence(der(0x01, Buffer.from([0xff]))))),
			sequence(hex(SUBJECT_ALTERNATIVE_NAME), octets(sequence(der(0x82, Buffer.from(host))))),
		)),
	);
	const signature = sign("sha256", content, privateKey);
	const certificate = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature));
	const lines = certificate.toString("base64").match(/.{1,64}/g)!.join("\n");
	return {
		cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
		key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
	};
}

/** A value in DER (X.690): its tag, its length, what it holds. */
function der(tag: number, ...content: Buffer[]): Buffer {
	const value = Buffer.concat(content);
	const { length } = value;
	const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function sequence(...content: Buffer[]): Buffer {
	return der(0x30, ...content);
}

function octets(content: Buffer): Buffer {
	return der(0x04, content);
}

/** UTCTime, to the second. */
function time(milliseconds: number): Buffer {
	const digits = new Date(milliseconds).toISOString().replace(/\D/g, "").slice(2, 14);
	return der(0x17, Buffer.from(`${digits}Z`));
}

function spki(key: KeyObject): Buffer {
	return key.export({ type: "spki", format: "der" });
}

function hex(text: string): Buffer {
	return Buffer.from(text, "hex");
}
