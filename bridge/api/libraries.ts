import type { BasicResolverLibrary, HttpLibrary } from "./http";
import type { LogFunction, Roster, Session } from "./session";
import type { Stanza, StanzaLibrary } from "./stanza";

/** A list that comes from the host: indexed from 0 in TypeScript, from 1 in Lua; a field can be nil in the middle. */
export type LuaTable1<T> = readonly T[];

/** Node, host and resource, as far as they are there. */
export type JidParts = [string | undefined, string | undefined, string | undefined];

/** `util.jid`; every function takes nil and invalid JIDs and then returns nil. */
export interface JidLibrary {
	split(this: void, jid: string | undefined): LuaMultiReturn<JidParts>;
	prepped_split(this: void, jid: string | undefined): LuaMultiReturn<JidParts>;
	bare(this: void, jid: string | undefined): string | undefined;
	prep(this: void, jid: string | undefined): string | undefined;
	join(this: void, node: string | undefined, host: string | undefined, resource?: string): string | undefined;
	node(this: void, jid: string | undefined): string | undefined;
	host(this: void, jid: string | undefined): string | undefined;
	resource(this: void, jid: string | undefined): string | undefined;
	compare(this: void, jid: string, pattern: string): boolean;
	/** XEP-0106. */
	escape(this: void, node: string | undefined): string | undefined;
	unescape(this: void, node: string | undefined): string | undefined;
}

export type FieldType =
	| "boolean" | "fixed" | "hidden" | "jid-multi" | "jid-single" | "list-multi" | "list-single"
	| "text-multi" | "text-private" | "text-single";

export interface FormField {
	name: string;
	type: FieldType;
	label?: string;
	value?: string;
	required?: boolean;
}

/** A data form (XEP-0004). */
export interface DataForm {
	/** The form as `<x xmlns="jabber:x:data">`, of type `form` unless given, with these values filled in. */
	form(data?: Record<string, unknown>, type?: string): Stanza;
	/** Values by field name, and what is wrong by field name if anything is. */
	data(form: Stanza): LuaMultiReturn<[Record<string, unknown>, Record<string, string>?]>;
}

export interface DataformsLibrary {
	"new"(this: void, layout: readonly FormField[] & { title?: string; instructions?: string }): DataForm;
}

/** `util.hashes`: raw bytes, or hexadecimal text if `hex`. Text in is taken as UTF-8. */
export interface HashesLibrary {
	sha1(this: void, data: string, hex?: boolean): string;
	sha256(this: void, data: string, hex?: boolean): string;
	sha512(this: void, data: string, hex?: boolean): string;
	hmac_sha256(this: void, key: string, data: string, hex?: boolean): string;
	/**
	 * HKDF (RFC 5869) with SHA-256, raw bytes; 13.0's, absent in 0.12.
	 * @param length of the result in bytes, at most 256: throws for more
	 * @param salt none if nil
	 */
	hkdf_hmac_sha256(this: void, length: number, input: string, salt: string | undefined, info: string): string;
	/** The same with SHA-384. */
	hkdf_hmac_sha384(this: void, length: number, input: string, salt: string | undefined, info: string): string;
}

/** `util.random`. Bytes do not survive as text on Node: pass them straight to a hash or an encoding. */
export interface RandomLibrary {
	bytes(this: void, count: number): string;
}

/** A bounded table that drops what was set longest ago (`util.cache`). */
export interface Cache<Value> {
	/** False if the cache is full and its `on_evict` keeps it so. Nil removes. Setting again makes it the newest. */
	set(key: string, value: Value | undefined): boolean;
	get(key: string): Value | undefined;
	count(): number;
	/** Newest first. */
	items(): LuaIterable<LuaMultiReturn<[string, Value]>>;
	clear(): void;
}

export interface CacheLibrary {
	/** @param on_evict called with what is dropped; `false` (or returning it) refuses instead */
	"new"<Value>(
		this: void, size: number, on_evict?: false | ((this: void, key: string, value: Value) => boolean | void),
	): Cache<Value>;
}

/** Calls back once when `timeout` seconds have passed without `reset` (`util.watchdog`). */
export interface Watchdog {
	timeout: number;
	callback: (this: void, watchdog: Watchdog) => void;
	reset(): void;
	cancel(): void;
}

export interface WatchdogLibrary {
	/** @param timeout seconds; checked one second after, as Prosody does */
	"new"(this: void, timeout: number, callback: (this: void, watchdog: Watchdog) => void): Watchdog;
}

export interface EncodingsLibrary {
	base64: { encode(this: void, data: string): string; decode(this: void, text: string): string | undefined };
	stringprep: {
		nodeprep(this: void, text: string): string | undefined;
		nameprep(this: void, text: string): string | undefined;
		resourceprep(this: void, text: string): string | undefined;
	};
	utf8: {
		/** Length in bytes; nil if it is no UTF-8. */
		length(this: void, text: string): number | undefined;
		valid(this: void, text: string): boolean;
	};
}

/** `util.http`: what URLs and forms are written in. */
export interface HttpEncodingsLibrary {
	/** With the bytes that percent-encoding (RFC 3986, 2.1) stands for; what is no such escape stays. */
	urldecode(this: void, text: string): string;
}

export interface IdLibrary {
	short(this: void): string;
	medium(this: void): string;
	long(this: void): string;
}

export interface DatetimeLibrary {
	/** XEP-0082, of a time in seconds since the epoch, now if nil. */
	datetime(this: void, time?: number): string;
	parse(this: void, text: string): number | undefined;
	date(this: void, time?: number): string;
	time(this: void, time?: number): string;
}

export interface TimerLibrary {
	/** @param delay seconds. A number returned by the callback calls again after as many. Returns an id for `stop`. */
	add_task(this: void, delay: number, callback: (this: void, now: number) => number | undefined | void): unknown;
	stop(this: void, id: unknown): boolean;
	reschedule(this: void, id: unknown, delay: number): unknown;
}

export interface LoggerLibrary {
	/** A function that logs under this source, such as `c2s55d0`. */
	init(this: void, source: string): LogFunction;
}

/** `util.time`: the clock, with fractions of a second; `monotonic` never goes back. */
export interface TimeLibrary {
	now(this: void): number;
	monotonic(this: void): number;
}

/** A set (`util.set`). */
export interface ProsodySet<T> {
	/** True, or nil. */
	contains(item: T): boolean | undefined;
	add(item: T): void;
	remove(item: T): void;
	empty(): boolean;
	items(): LuaIterable<T>;
}

/** A list with methods (`util.array`). */
export type ProsodyArray<T> = readonly T[];

export interface SetLibrary {
	"new"<T>(this: void, items?: readonly T[]): ProsodySet<T>;
}

export interface JsonLibrary {
	encode(this: void, value: unknown): string;
	/** Nil and a message for what is no JSON. */
	decode(this: void, text: string): LuaMultiReturn<[unknown, string?]>;
}

/** An error as data (`util.error`). */
export interface ErrorObject {
	type: string;
	condition: string;
	text?: string;
	context?: Record<string, unknown>;
	extra?: Record<string, unknown>;
}

export interface ErrorLibrary {
	"new"(
		this: void, error: { type?: string; condition?: string; text?: string }, context?: Record<string, unknown>,
	): ErrorObject;
	is_error(this: void, value: unknown): value is ErrorObject;
	from_stanza(this: void, stanza: Stanza, context?: object): ErrorObject;
}

/**
 * Prosody's promise (`util.promise`): callbacks run at once when it settles. A callback that throws rejects what
 * `next` returned.
 */
export interface Promise<Value, Reason = unknown> {
	next<Next>(
		on_fulfilled?: (this: void, value: Value) => Next,
		on_rejected?: (this: void, reason: Reason) => Next,
	): Promise<Next>;
	catch<Next>(on_rejected: (this: void, reason: Reason) => Next): Promise<Value | Next>;
	finally(callback: (this: void) => void): Promise<Value, Reason>;
}

export interface PromiseLibrary {
	"new"<Value>(
		this: void,
		executor: (
			this: void, resolve: (this: void, value: Value) => void, reject: (this: void, reason: unknown) => void,
		) => void,
	): Promise<Value>;
	resolve<Value>(this: void, value: Value): Promise<Value>;
	reject(this: void, reason: unknown): Promise<never>;
	is_promise(this: void, value: unknown): boolean;
}

export interface XmlLibrary {
	/** Nil and a message for what is not well-formed, or holds comments, processing instructions or a DTD. */
	parse(this: void, text: string): LuaMultiReturn<[Stanza | undefined, string?]>;
}

export interface UuidLibrary {
	generate(this: void): string;
}

/** Gets data and session and returns the data to go on with, nil to drop it. */
export type Filter = (this: void, data: never, session: Session) => unknown;

export interface FiltersLibrary {
	initialize(this: void, session: Session): (this: void, type: string, data: unknown) => unknown;
	add_filter(this: void, session: Session, type: string, filter: Filter, priority?: number): void;
	remove_filter(this: void, session: Session, type: string, filter: Filter): void;
}

/** The algorithms of RFC 7518 that 13.0 has: with a shared secret, ECDSA, RSA. */
export type JwtAlgorithm =
	| "HS256" | "HS384" | "HS512" | "ES256" | "ES512" | "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512";

/** Signs these claims. `iat` and `exp`, seconds since the epoch, are set in them if they are not there. */
export type JwtSigner = (this: void, payload: Record<string, unknown>) => string;

/**
 * True and the claims; false and `signature-mismatch`; nil and what else is wrong, such as `invalid-encoding` or
 * `token-expired`.
 */
export type JwtVerifier = (this: void, token: string) => LuaMultiReturn<[boolean | undefined, unknown]>;

/** `util.jwt`: 0.12 signs with a shared secret (HS256); signers and verifiers are 13.0's, absent in 0.12. */
export interface JwtLibrary {
	sign(this: void, secret: string, payload: Record<string, unknown>): string;
	verify(this: void, secret: string, token: string): LuaMultiReturn<[boolean | undefined, unknown]>;
	/**
	 * @param key a private key in PEM, or the secret of HS256 and its like. Throws if it is none, or one of another kind.
	 * @param options `default_ttl`: how long a token is good for, in seconds (3600)
	 */
	new_signer(this: void, algorithm: JwtAlgorithm, key: string, options?: { default_ttl?: number }): JwtSigner;
	/**
	 * @param key a public key in PEM, or the secret. Throws as `new_signer` does.
	 * @param options `accept_expired`: `exp` is not looked at; `claim_verifier` refuses by returning false
	 */
	new_verifier(this: void, algorithm: JwtAlgorithm, key: string, options?: {
		accept_expired?: boolean;
		claim_verifier?: (this: void, payload: Record<string, unknown>) => boolean;
	}): JwtVerifier;
}

/** A key of Prosody 13.0's `util.crypto`. */
export interface CryptoKey {
	private_pem(): string | undefined;
	public_pem(): string | undefined;
	/** The public key as an uncompressed point (SEC 1, 2.3.3). */
	public_raw(): string | undefined;
	get_type(): string;
	/** The shared secret (ECDH). Throws if this is no private key, or the other is none on the same curve. */
	derive(peer: CryptoKey): string;
}

/** Prosody 13.0's `util.crypto` (0.12 has none: `require` throws), as far as RFC 8291 and RFC 8292 need it; binary data is a byte string. */
export interface CryptoLibrary {
	generate_p256_keypair(this: void): CryptoKey;
	import_private_pem(this: void, pem: string): CryptoKey | undefined;
	import_public_pem(this: void, pem: string): CryptoKey | undefined;
	/** @param curve such as `P-256` */
	import_public_ec_raw(this: void, point: string, curve: string): CryptoKey | undefined;
	aes_128_gcm_encrypt(this: void, key: string, iv: string, plaintext: string): string;
	aes_128_gcm_decrypt(this: void, key: string, iv: string, ciphertext: string): string | undefined;
	ecdsa_sha256_sign(this: void, key: CryptoKey, message: string): string;
	ecdsa_sha256_verify(this: void, key: CryptoKey, message: string, signature: string): boolean;
}

/** A cipher of luaossl's. What OpenSSL refuses is nil and a message. */
export interface OpensslCipher {
	/** Begins to encrypt, and returns itself. Throws for a key that is not as long as the cipher's, and for no IV. */
	encrypt(key: string, iv: string): OpensslCipher;
	/** Begins to decrypt, and returns itself. Throws as `encrypt` does. */
	decrypt(key: string, iv: string): OpensslCipher;
	/** What these texts, one after the other, are in the other form. What is decrypted is not to be trusted before `final`. */
	update(...texts: string[]): LuaMultiReturn<[string | undefined, string?]>;
	/** The same, and ends it: nil if there is no tag, or one that does not fit, for what was decrypted. */
	final(...texts: string[]): LuaMultiReturn<[string | undefined, string?]>;
	/** The first bytes of the tag, at most 16, of what was encrypted: nil before `final`. */
	getTag(length: number): LuaMultiReturn<[string | undefined, string?]>;
	/** The tag, or its first bytes, of what is decrypted: at any time before `final`. Returns it. */
	setTag(tag: string): LuaMultiReturn<[string | undefined, string?]>;
}

/**
 * `openssl.cipher` of luaossl 20220711 (Debian's lua-luaossl), which is no part of Prosody but can be there with any:
 * `require` throws where it is not. Binary data is a byte string.
 */
export interface OpensslCipherLibrary {
	/** @param type OpenSSL's name of a cipher; on our hosts one in GCM, such as `AES-128-GCM`. Throws for what is none. */
	"new"(this: void, type: string): OpensslCipher;
}

export interface IpAddress {
	/** As it was given, without a zone. */
	readonly addr: string;
	readonly proto: "IPv4" | "IPv6";
	/** The shortest spelling (RFC 5952). */
	readonly normal: string;
	readonly zone?: string;
}

/** `util.ip` */
export interface IpLibrary {
	/** Nil for what is no address in the one notation that `inet_pton` knows; an IPv6 address may have a zone (`%eth0`). */
	new_ip(this: void, text: string, proto?: "IPv4" | "IPv6"): LuaMultiReturn<[IpAddress | undefined, string?]>;
	/** The address and, if there is a slash, the bits. */
	parse_cidr(this: void, text: string): LuaMultiReturn<[IpAddress | undefined, number?]>;
	/** Whether they share their first `bits`; all if nil. IPv4 beside IPv6 counts as mapped (`::ffff:0:0/96`). */
	match(this: void, address: IpAddress, prefix: IpAddress, bits?: number): boolean;
}

export interface ServerConnection {
	close(): void;
}

/** `net.server`, Prosody's event loop: `require` throws on the other hosts. */
export interface ServerLibrary {
	/** Starts to connect. Nil and an error if that fails at once. */
	addclient(
		this: void, address: string, port: number, listeners: object, pattern: unknown, sslctx: unknown, conn_type?: string,
		extra?: object,
	): LuaMultiReturn<[ServerConnection | undefined, unknown?]>;
}

export interface RostermanagerLibrary {
	load_roster(this: void, username: string, host: string): LuaMultiReturn<[Roster, string?]>;
	/** True, or nil or false. */
	is_contact_subscribed(this: void, username: string, host: string, jid: string): boolean | undefined;
	is_user_subscribed(this: void, username: string, host: string, jid: string): boolean | undefined;
}

/** The libraries by name. */
export interface Libraries {
	"util.stanza": StanzaLibrary;
	"util.jid": JidLibrary;
	"util.dataforms": DataformsLibrary;
	"util.hashes": HashesLibrary;
	"util.random": RandomLibrary;
	"util.cache": CacheLibrary;
	"util.watchdog": WatchdogLibrary;
	"util.encodings": EncodingsLibrary;
	"util.http": HttpEncodingsLibrary;
	"util.id": IdLibrary;
	"util.uuid": UuidLibrary;
	"util.datetime": DatetimeLibrary;
	"util.timer": TimerLibrary;
	"util.logger": LoggerLibrary;
	"util.time": TimeLibrary;
	"util.set": SetLibrary;
	"util.json": JsonLibrary;
	"util.error": ErrorLibrary;
	"util.promise": PromiseLibrary;
	"util.xml": XmlLibrary;
	"util.filters": FiltersLibrary;
	"util.jwt": JwtLibrary;
	"util.crypto": CryptoLibrary;
	"openssl.cipher": OpensslCipherLibrary;
	"util.ip": IpLibrary;
	"net.http": HttpLibrary;
	"net.resolvers.basic": BasicResolverLibrary;
	"net.server": ServerLibrary;
	"core.rostermanager": RostermanagerLibrary;
}

/** Answers both spellings, `util.stanza` and 13.0's `prosody.util.stanza`. Throws for a library that it lacks. */
export type Require = <Name extends keyof Libraries>(this: void, name: Name | `prosody.${Name}`) => Libraries[Name];
