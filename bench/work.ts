import type { ProsodyModule, Session, Stanza } from "../bridge/api";
import type { Cost, Load } from "./subject";

/** Registers devices of users: the payload of `bench/register`. */
export interface Registering {
	/** How many, called `user1`, `user2`, … */
	users: number;
	/** Of each user. */
	devices: number;
	/** What each of them sends, as XML in which `{user}` stands for the user's name; XEP-0357's element if absent. */
	enable?: string;
}

/** Sends messages to users who are offline, and counts what comes of it: the payload of `bench/push`. */
export type Pushing = Load & Omit<Cost, "seconds">;

const APP_SERVER = "push.localhost";
const OFFLINE = { chat: "message/offline/handle", groupchat: "message/bare/groupchat" };

/**
 * What a server does around pushes: clients register, messages come in, and what is sent is serialised and answered.
 * It runs on Node; `mod_bench.lua` does the same in Lua.
 */
export const work: ProsodyModule = (module, prosody, require) => {
	const st = require("util.stanza");
	const { parse } = require("util.xml");
	let sent: Stanza[] = [];
	let last = 0;

	prosody.core_post_stanza = (_, stanza) => {
		sent.push(stanza);
	};

	const appServer = { type: "component", host: APP_SERVER, send: () => true } as unknown as Session;

	function client(username: string, resource: string): Session {
		return {
			type: "c2s", username, host: module.host, resource, full_jid: `${username}@${module.host}/${resource}`,
			send: () => true, log: () => undefined,
		} as unknown as Session;
	}

	const sender = client("romeo", "orchard");

	/** XEP-0357, section 5. */
	function enableElement(node: string | undefined): Stanza {
		return st.stanza("enable", { xmlns: "urn:xmpp:push:0", jid: APP_SERVER, node });
	}

	/** Registers a device as its client does. */
	function register(user: number, device: number, xml: string | undefined): void {
		const origin = client(`user${user}`, `d${device}`);
		const enable = xml === undefined ? enableElement(origin.full_jid) : parse(xml.replaceAll("{user}", origin.username!))[0]!;
		const stanza = st.iq({ type: "set", id: "enable", from: origin.full_jid }).add_child(enable);
		module.fire_event(`iq-set/self/${enable.attr.xmlns}:enable`, { origin, stanza });
	}

	/** Writes what was sent as text, and has the app server answer it. */
	function deliver(event: Pushing): void {
		const written = sent;
		sent = [];
		for (const stanza of written) {
			event.bytes += String(stanza).length;
			event.pushes++;
			if (!event.answered) continue;
			module.fire_event("iq/host", { origin: appServer, stanza: st.reply(stanza) });
		}
	}

	// Answers go by their ids, as mod_iq has it.
	module.hook("iq/host", (event) => module.fire_event(`iq-result/host/${event.stanza.attr.id}`, event));

	module.hook("bench/register", (payload) => {
		const { users, devices, enable } = payload as unknown as Registering;
		for (let user = 1; user <= users; user++) {
			for (let device = 1; device <= devices; device++) register(user, device, enable);
		}
	});

	module.hook("bench/push", (payload) => {
		const event = payload as unknown as Pushing;
		for (let message = 0; message < event.messages; message++) {
			last = last % event.users + 1;
			const username = `user${last}`;
			const stanza = st.message({
				to: `${username}@${module.host}`, from: sender.full_jid, type: event.kind, id: "message",
			}, "Hello");
			module.fire_event(OFFLINE[event.kind], { username, origin: sender, stanza });
			deliver(event);
		}
	});
};
