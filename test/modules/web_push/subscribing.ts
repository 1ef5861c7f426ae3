import { createECDH, createHash } from "node:crypto";
import type { Element } from "ltx";
import type { Disk, WebPushRegistration } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node";
import { parseLuaData } from "../../../bridge/node/lua-data";
import { endpoint_reader } from "../../../modules/mod_web_push/endpoint";
import { handle_web_push_registration } from "../../../modules/mod_web_push/registration";
import { usable_registration_check } from "../../../modules/mod_web_push/stored";
import { open_registrations, type Registrations } from "../../../modules/push/registrations";
import { child, childText, condition, World, type HostName, type Phone } from "../../server/world";

export const ENDPOINT = "https://push.services.org/send/juliet";
/** A point that is always the same, and not the first one that comes to mind. */
export const P256DH = (() => {
	const ecdh = createECDH("prime256v1");
	ecdh.setPrivateKey(createHash("sha256").update("browser").digest());
	return ecdh.getPublicKey().toString("base64url");
})();
export const AUTH = createHash("sha256").update("auth").digest().subarray(0, 16).toString("base64url");
export const SERVER_KEY = "the server's public key";

export const LONG = "x".repeat(3000);

/** `<enable/>`; an empty text leaves the element out. */
export function enable(changed: Partial<Record<"endpoint" | "auth" | "p256dh" | "other", string>> = {}): string {
	const parts = {
		endpoint: `<endpoint>${ENDPOINT}</endpoint>`, auth: `<auth>${AUTH}</auth>`, p256dh: `<p256dh>${P256DH}</p256dh>`,
		...changed,
	};
	return `<enable xmlns="urn:xmpp:webpush:0">${Object.values(parts).join("")}</enable>`;
}

export function enableAt(endpoint: string): string {
	return enable({ endpoint: `<endpoint>${endpoint}</endpoint>` });
}

export function disable(content = ""): string {
	return `<disable xmlns="urn:xmpp:webpush:0">${content}</disable>`;
}

export function disableAt(endpoint: string): string {
	return disable(`<endpoint>${endpoint}</endpoint>`);
}

/** What a registration goes by. */
export function identifierOf(endpoint: string): string {
	return createHash("sha256").update(endpoint).digest("base64url");
}

/** What a request was answered with: `result`, or the error as `type condition: text`. */
export function said(answer: Element | undefined): string {
	if (answer === undefined) return "nothing";
	const error = child(answer, "error");
	if (error === undefined) return answer.attrs.type ?? answer.name;
	return `${error.attrs.type} ${condition(answer)}: ${childText(error, "text") ?? ""}`;
}

/** The registrations of mod_web_push on a host, without the rest of it. */
export class Subscribing {
	readonly world: World;
	/** Which registrations have ended, and which were made anew, as `username identifier`. */
	readonly ended: string[] = [];
	readonly replaced: string[] = [];
	registrations!: Registrations<WebPushRegistration>;
	private phone_?: Phone;
	private requests = 0;

	constructor(
		host: HostName,
		{ disk = createMemoryDisk(), config = {}, public_key = SERVER_KEY }:
			{ disk?: Disk; config?: Record<string, string>; public_key?: string } = {},
	) {
		this.world = new World(host, config, disk);
		this.world.load("web_push", (module, prosody, require) => {
			const registrations = open_registrations(module, require, undefined, usable_registration_check(require, public_key));
			this.registrations = registrations;
			handle_web_push_registration(module, require, {
				registrations,
				crypto: require("util.crypto"),
				public_key,
				read_endpoint: endpoint_reader(module, require),
				on_ended: (username, identifier) => {
					this.ended.push(`${username} ${identifier}`);
					const { sessions } = prosody.hosts[module.host]!.sessions[username]!;
					for (const resource in sessions) {
						const session = sessions[resource]!;
						if (session.web_push_identifier === identifier) session.web_push_identifier = undefined;
					}
				},
				on_replaced: ({ username }, identifier) => void this.replaced.push(`${username} ${identifier}`),
			});
		});
	}

	get phone(): Phone {
		return this.phone_ ??= this.world.phone("juliet@localhost/phone");
	}

	/** Sends a request to the own account and takes all answers. */
	request(xml: string, phone = this.phone): Element[] {
		phone.send(`<iq type="set" id="r${++this.requests}">${xml}</iq>`);
		this.world.pass(0);
		return phone.take();
	}

	/** What a request is answered with. */
	ask(xml: string, phone = this.phone): string {
		return said(this.request(xml, phone)[0]);
	}

	/** The user's registrations as they lie in the store. */
	stored(username = "juliet"): Record<string, WebPushRegistration> {
		const chunk = this.world.machine.disk.read("localhost", "web_push", username);
		return chunk === undefined ? {} : parseLuaData(chunk, "web_push") as unknown as Record<string, WebPushRegistration>;
	}

	/** Their endpoints, in order. */
	endpoints(username?: string): string[] {
		return Object.values(this.stored(username)).map(({ endpoint }) => endpoint).sort();
	}
}
