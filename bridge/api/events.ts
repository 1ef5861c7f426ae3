import type { PushRegistration, Session } from "./session";
import type { Stanza } from "./stanza";
import type { LuaTable1 } from "./libraries";

/** A stanza that came in, and the session that it came from. */
export interface StanzaEvent {
	origin: Session;
	stanza: Stanza;
	/** It is addressed to the sender's own account. */
	to_self?: boolean;
}

/** The unacknowledged stanzas of a session (`util.smqueue`). */
export interface SmacksQueue {
	push(stanza: Stanza): void;
	count_unacked(): number;
	count_acked(): number;
	/** The stanzas as a list, oldest first. */
	table(): LuaTable1<Stanza>;
}

/** The fields of XEP-0357's summary form that are filled in. */
export type PushSummary = {
	"message-count": string;
	"pending-subscription-count"?: string;
	"last-message-sender"?: string;
	"last-message-body"?: string;
};

/** Fired before a push is sent; a handler may change what is in it, or block the push by returning true. */
export interface CloudNotifyPushEvent {
	/** The IQ that will be sent. */
	notification_stanza: Stanza;
	/** `<notification xmlns="urn:xmpp:push:0">` in it. */
	notification_payload: Stanza;
	/** What the push is about; nil for a ping. */
	original_stanza?: Stanza;
	/** Whose registration it is. */
	username: string;
	push_info: PushRegistration;
	push_summary: PushSummary;
	/** The push carries a message body, real or not. */
	important: boolean;
	/** Set by a handler that blocks: why. */
	reason?: string;
}

/** Fired for each registration of an account that a message is about to reach on its sessions. */
export interface CloudNotifyDeliveryEvent {
	original_stanza: Stanza;
	/** Whose registration it is. */
	username: string;
	push_info: PushRegistration;
	/** The message is worth the user's attention. */
	important: boolean;
	/** Set by a handler that has it pushed: why. */
	reason?: string;
}

/** Fixed event names and their payloads. The handler's return value ends the event unless it is nil. */
export interface NamedEvents {
	/** Message to an account with no available resource (`mod_message`), also from a dying session (`mod_smacks`). */
	"message/offline/handle": StanzaEvent & { username: string };
	/** The account's offline messages are asked for (`mod_presence`). */
	"message/offline/broadcast": { origin: Session };
	"message/bare/groupchat": StanzaEvent;
	"message/bare": StanzaEvent;
	"message/full": StanzaEvent;
	"message/host": StanzaEvent;
	"pre-message/bare": StanzaEvent;
	"pre-message/full": StanzaEvent;
	"pre-message/host": StanzaEvent;
	"presence/bare": StanzaEvent;
	"presence/full": StanzaEvent;
	"presence/host": StanzaEvent;
	"iq/bare": StanzaEvent;
	"iq/full": StanzaEvent;
	"iq/self": StanzaEvent;
	"iq/host": StanzaEvent;
	"pre-stanza": StanzaEvent & { reason?: string };
	/** A stanza for an entity that is not on this server. */
	"route/remote": StanzaEvent & { from_host: string; to_host: string };
	/** A message was archived, once for each local owner (`mod_mam`). */
	"archive-message-added": StanzaEvent & { for_user: string; id: string };
	"archive-should-store": { stanza: Stanza; session: Session; reason?: string };
	"carbons-should-copy": { stanza: Stanza; session: Session; reason?: string };
	/** No answer to `<r/>` within `smacks_max_ack_delay` seconds. */
	"smacks-ack-delayed": { origin: Session; queue: LuaTable1<Stanza>; stanza?: Stanza };
	/** The connection of a resumable session went away. */
	"smacks-hibernation-start": { origin: Session; queue: LuaTable1<Stanza> };
	/** A stanza for a hibernating session: a clone, with `<delay/>`. */
	"smacks-hibernation-stanza-queued": { origin: Session; queue: LuaTable1<Stanza>; stanza: Stanza };
	/** `origin` is the new session, `resumed` the one that goes on. */
	"smacks-hibernation-end": { origin: Session; resumed?: Session; queue: LuaTable1<Stanza> };
	/** An unacknowledged stanza of a session that ends. */
	"delivery/failure": { session: Session; stanza: Stanza };
	/** disco#info to the own bare JID. */
	"account-disco-info": { origin: Session; reply: Stanza };
	"csi-client-active": { origin: Session };
	"csi-client-inactive": { origin: Session };
	"csi-flushing": { session: Session };
	"csi-is-stanza-important": { stanza: Stanza; session: Session; reason?: string };
	"resource-bind": { session: Session };
	"pre-resource-unbind": { session: Session; error?: unknown };
	"resource-unbind": { session: Session; error?: unknown };
	"presence/initial": StanzaEvent;
	/** What was written to a client's connection is about to leave it, or has left. */
	"c2s-pre-ondrain": { session: Session };
	"c2s-ondrain": { session: Session };
	/** Nothing came from a client for long; `false` ends the connection. */
	"c2s-read-timeout": { session: Session };
	/** A stream is about to be closed; `false` as the reason: by the client. */
	"pre-session-close": { session: Session; reason?: unknown };
	/** SASL2 with Bind 2: what a client may enable while it binds (`features` is the inline element). */
	"advertise-bind-features": { origin: Session; features: Stanza };
	"enable-bind-features": { session: Session; request: Stanza; result: Stanza };
	/** Another module asks for a push: to the given registrations, else to all of the user's. */
	"cloud-notify-ping": { user: string; push_services?: Record<string, PushRegistration> };
	/** A registration is about to be made; `false` refuses it, the handler has then answered. */
	"cloud_notify/registration": StanzaEvent & { push_info: PushRegistration };
	"cloud_notify/push": CloudNotifyPushEvent;
	/** True has the message pushed, as if there were no session for it. Prosody's own `mod_cloud_notify` does not fire it. */
	"cloud_notify/delivery": CloudNotifyDeliveryEvent;
	"module-loaded": { module: string; host: string };
	"module-unloaded": { module: string; host: string };
	"module-reloaded": { module: string; host: string };
	/** An account is about to lose all that it has stored; fired on the server as a whole. */
	"user-deleted": { username: string; host: string };
	"server-stopping": { reason?: string };
}

/** Event names that carry an id or a payload's name, all with a stanza. */
export type StanzaEventName =
	| `iq-${"get" | "set" | "result" | "error"}/${"self" | "bare" | "full" | "host"}/${string}`
	| `iq-${"get" | "set" | "result" | "error"}/${"self" | "bare" | "full" | "host"}`
	| `iq/${"self" | "bare" | "host"}/${string}`
	| `pre-${"presence" | "iq"}/${"bare" | "full" | "host"}`
	| `stanza/${string}`;

/** The payload of an event: from the table above, a stanza event, or unknown for a module's own. */
export type EventPayload<Name extends string> =
	Name extends keyof NamedEvents ? NamedEvents[Name]
	: Name extends StanzaEventName ? StanzaEvent
	: Record<string, unknown>;

/** Nil lets the next handler have the event; anything else ends it and becomes its result. */
export type EventHandler<Payload> = (this: void, event: Payload) => unknown;
