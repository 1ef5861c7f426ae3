import { createECDH, createHash, createPrivateKey } from "node:crypto";
import type { Element } from "ltx";
import type { Disk, Push2Registration, Require } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node";
import { parseLuaData } from "../../../bridge/node/lua-data";
import { child, childText, condition, World } from "../../server/world";
import type { HostName, Phone } from "../../server/world";
import { open_registrations, type Registrations } from "../../../modules/push/registrations";
import { enable_while_binding } from "../../../modules/mod_push2/bind";
import { handle_registration } from "../../../modules/mod_push2/registration";
import { profiles_of } from "../../../modules/mod_push2/profiles";
import { session_registrar } from "../../../modules/mod_push2/registrar";

export const ENCRYPTED = "urn:xmpp:push2:send:sce+rfc8291+rfc8292:0";
export const NOTIFY_ONLY = "urn:xmpp:push2:send:notify-only:0";
export const MATCH_ALL = "urn:xmpp:push2:match:all";

/** A private key of P-256 that is always the same for a name. */
function secretOf(name: string): Buffer {
	return createHash("sha256").update(name).digest();
}

function pointOf(name: string): Buffer {
	const ecdh = createECDH("prime256v1");
	ecdh.setPrivateKey(secretOf(name));
	return ecdh.getPublicKey();
}

/** What a client says in the encrypted `<send/>`. */
export const UA_PUBLIC = pointOf("browser").toString("base64");
export const AUTH_SECRET = secretOf("auth").subarray(0, 16).toString("base64");
export const JWT_KEY = (() => {
	const point = pointOf("signer");
	const key = createPrivateKey({
		format: "jwk",
		key: {
			kty: "EC", crv: "P-256", d: secretOf("signer").toString("base64url"),
			x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url"),
		},
	});
	return key.export({ format: "der", type: "pkcs8" }).toString("base64");
})();

/** The content of an encrypted `<send/>`; an empty text leaves the element out. */
export function encryptedContent(changed: Record<string, string> = {}): string {
	const parts: Record<string, string> = {
		"ua-public": `<ua-public>${UA_PUBLIC}</ua-public>`,
		"auth-secret": `<auth-secret>${AUTH_SECRET}</auth-secret>`,
		"jwt-alg": "<jwt-alg>ES256</jwt-alg>",
		"jwt-key": `<jwt-key>${JWT_KEY}</jwt-key>`,
		"jwt-claim": '<jwt-claim name="aud">https://push.example</jwt-claim>',
		...changed,
	};
	return Object.values(parts).join("");
}

export function send(profile = NOTIFY_ONLY, content = ""): string {
	return `<send xmlns="${profile}">${content}</send>`;
}

export function match(profile = MATCH_ALL, content = send()): string {
	return `<match profile="${profile}">${content}</match>`;
}

export function enable(content = match(), service = "<service>push.localhost</service>", client = "<client>c1</client>"): string {
	return `<enable xmlns="urn:xmpp:push2:0">${service}${client}${content}</enable>`;
}

/** What a request was answered with: `result`, or the error as `type condition: text`. */
export function said(answer: Element | undefined): string {
	if (answer === undefined) return "nothing";
	const error = child(answer, "error");
	if (error === undefined) return answer.attrs.type ?? answer.name;
	return `${error.attrs.type} ${condition(answer)}: ${childText(error, "text") ?? ""}`;
}

/** The registrations of mod_push2 on a host, without the rest of it. */
export class Registering {
	readonly world: World;
	/** Which registrations have ended, as `username identifier`. */
	readonly ended: string[] = [];
	/** How often each function of `util.crypto` and `util.jid` was called. */
	readonly calls: Record<string, number> = {};
	registrations!: Registrations<Push2Registration>;
	private phone_?: Phone;
	private requests = 0;

	constructor(host: HostName, options: { disk?: Disk; crypto?: boolean; config?: Record<string, string> } = {}) {
		const { disk = createMemoryDisk(), crypto: has_crypto = true, config = {} } = options;
		this.world = new World(host, config, disk);
		this.world.load("push2", (module, prosody, require) => {
			this.registrations = open_registrations<Push2Registration>(module, require, "push2_registrations");
			const crypto = has_crypto ? this.counted(require("util.crypto")) : undefined;
			const jid = this.counted(require("util.jid"));
			const counting = ((name) => name === "util.jid" ? jid : require(name)) as Require;
			const on_ended = (username: string, identifier: string): void => {
				this.ended.push(`${username} ${identifier}`);
				const { sessions } = prosody.hosts[module.host]!.sessions[username]!;
				for (const resource in sessions) {
					const session = sessions[resource]!;
					if (session.push_registration_id !== identifier) continue;
					session.push_registration_id = undefined;
					session.push_registration = undefined;
				}
			};
			prosody.hosts[module.host]!.modules["mam"] ??= {};
			const profiles = profiles_of(module, prosody, crypto);
			const registrar = session_registrar(counting, {
				registrations: this.registrations,
				crypto,
				profiles,
				on_ended,
				on_replaced: ({ username }, identifier) => on_ended(username!, identifier),
			});
			handle_registration(module, require, registrar, profiles);
			enable_while_binding(module, registrar);
		});
	}

	private counted<Library extends object>(library: Library): Library {
		const count = (name: string): void => void (this.calls[name] = (this.calls[name] ?? 0) + 1);
		return new Proxy({}, {
			get: (_, name) => (...args: unknown[]) => {
				count(String(name));
				return (Reflect.get(library, name) as (...args: unknown[]) => unknown)(...args);
			},
		}) as Library;
	}

	get phone(): Phone {
		return this.phone_ ??= this.world.phone("juliet@localhost/phone");
	}

	/** Sends a request to the own account and takes the answer. */
	request(xml: string, phone = this.phone): Element | undefined {
		phone.send(`<iq type="set" id="r${++this.requests}">${xml}</iq>`);
		this.world.pass(0);
		return phone.take()[0];
	}

	/** What a request is answered with. */
	ask(xml: string, phone = this.phone): string {
		return said(this.request(xml, phone));
	}

	/** The user's registrations as they lie in the store. */
	stored(username = "juliet"): Record<string, Push2Registration> {
		const chunk = this.world.machine.disk.read("localhost", "push2_registrations", username);
		return chunk === undefined ? {} : parseLuaData(chunk, "push2_registrations") as unknown as Record<string, Push2Registration>;
	}
}
