import type { ModuleSource, PushRegistration, Session, Stanza } from "../../../bridge/api";
import { findLuaBuild } from "../../../bridge/lua-build";
import { mod_cloud_notify_filters } from "../../../modules/mod_cloud_notify_filters";
import type { HostName } from "../../server/hosts";
import { createLab, type Lab } from "../push/lab";

/** The module as a host has it. */
export interface Implementation {
	name: string;
	host: HostName;
	source: ModuleSource;
}

const typescript = { typescript: mod_cloud_notify_filters };

/** Ours, wherever it runs. The Lua must be built. */
export const IMPLEMENTATIONS: readonly Implementation[] = [
	{ name: "TypeScript on Node", host: "node", source: typescript },
	{ name: "TypeScript in Fengari", host: "fengari", source: typescript },
	{ name: "Lua", host: "fengari", source: { lua: findLuaBuild("cloud_notify_filters")! } },
];

export function originalAt(path: string): Implementation {
	return { name: "the original", host: "fengari", source: { lua: path } };
}

/** What `<enable/>` holds for each filter. */
export const IGNORE_UNKNOWN = '<ignore-unknown xmlns="tigase:push:filter:ignore-unknown:0"/>';

export function muted(...jids: readonly string[]): string {
	return `<muted xmlns="tigase:push:filter:muted:0">${jids.map((jid) => `<item jid="${jid}"/>`).join("")}</muted>`;
}

/** @param rooms the attributes of each */
export function groupchat(...rooms: readonly string[]): string {
	return `<groupchat xmlns="tigase:push:filter:groupchat:0">${rooms.map((room) => `<room ${room}/>`).join("")}</groupchat>`;
}

export function message(attributes: string, content = "<body>Hello</body>"): string {
	return `<message ${attributes}>${content}</message>`;
}

/** A host with the module on it, to be told the events of `mod_cloud_notify` by hand. */
export class Filtering {
	readonly lab: Lab;

	constructor({ host, source }: Implementation) {
		this.lab = createLab(host);
		// What fires the events; here the test does.
		this.lab.host.load("cloud_notify", { typescript: () => undefined });
		this.lab.host.load("cloud_notify_filters", source);
	}

	stanza(xml: string): Stanza {
		const [stanza, error] = this.lab.require("util.xml").parse(xml);
		if (stanza === undefined) throw new Error(error);
		return stanza;
	}

	/** A value of the host's own kind. */
	private value(json: string): unknown {
		const [value, error] = this.lab.require("util.json").decode(json);
		if (error !== undefined) throw new Error(error);
		return value;
	}

	/** What is kept of the filters in a request. */
	register(filters: string): Record<string, unknown> {
		const push_info = this.value("{}") as PushRegistration;
		const stanza = this.stanza(
			`<iq type="set" id="e1"><enable xmlns="urn:xmpp:push:0" jid="push.localhost">${filters}</enable></iq>`);
		const { host, module } = this.lab;
		const event = host.table({ origin: host.table({ username: "juliet" }) as Session, stanza, push_info });
		const allowed = module.fire_event("cloud_notify/registration", event);
		if (allowed !== undefined) throw new Error(`the registration was answered with ${String(allowed)}`);
		return JSON.parse(this.lab.require("util.json").encode(push_info)) as Record<string, unknown>;
	}

	/** Puts contacts who may see the user's presence on her list. */
	contacts(...jids: readonly string[]): void {
		const roster = Object.fromEntries(jids.map((jid) => [jid, { subscription: "from", groups: {} }]));
		this.lab.module.open_store("roster").set("juliet", this.value(JSON.stringify(roster)) as object);
	}

	/**
	 * Why a push is held back; undefined if it is not.
	 * @param stored the registration, or what is stored in its place
	 * @param xml what the push is about; a ping if undefined
	 */
	reason(stored: object, xml: string | undefined): string | undefined {
		const { host, module, require } = this.lab;
		const st = require("util.stanza");
		const event = host.table({
			notification_stanza: st.iq({ type: "set", id: "p1" }),
			notification_payload: st.stanza("notification", { xmlns: "urn:xmpp:push:0" }),
			original_stanza: xml === undefined ? undefined : this.stanza(xml),
			username: "juliet",
			push_info: this.value(JSON.stringify(stored)) as PushRegistration,
			push_summary: host.table({ "message-count": "1" }),
			important: true,
			reason: undefined as string | undefined,
		});
		const blocked = module.fire_event("cloud_notify/push", event);
		if ((blocked === true) !== (event.reason !== undefined)) {
			throw new Error(`blocked: ${String(blocked)}, because ${String(event.reason)}`);
		}
		return event.reason;
	}

	/** The lines of the log above debug. */
	logged(): string[] {
		return this.lab.log.filter(({ level }) => level !== "debug").map(({ level, message }) => `${level}: ${message}`);
	}
}
