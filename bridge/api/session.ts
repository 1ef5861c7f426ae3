import type { Stanza } from "./stanza";
import type { Watchdog } from "./libraries";
import type { Timer } from "./module";
import type { SmacksQueue } from "./events";

/** `error`, `warn`, `info` or `debug`. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** Logs a message; `%s`, `%d` and `%q` in it take the further arguments (`util.format`). */
export type LogFunction = (this: void, level: LogLevel, message: string, ...args: unknown[]) => void;

/** The connection below a session. */
export interface Connection {
	close(): boolean;
	/** Holds back what is written from now on (`mod_csi_simple`). */
	pause_writes?(): void;
	/** Lets go of what was held back. */
	resume_writes?(): void;
	ip(): string;
}

/**
 * A stream: a client's (`c2s`, or `c2s_unauthed` before it has logged in), a component's, or the host itself where
 * a host is the origin of a stanza. Fields that are not set are nil.
 */
export interface Session {
	type: "c2s" | "c2s_unauthed" | "c2s_unbound" | "component" | "s2sin" | "s2sout" | "local";
	id?: string;
	username?: string;
	host?: string;
	resource?: string;
	full_jid?: string;
	/** The client's own id, from SASL2 (XEP-0388). */
	client_id?: string;
	conn?: Connection;
	/** Sends a stanza to the other end. False if it cannot be sent. */
	send: (this: void, stanza: Stanza) => boolean;
	log: LogFunction;
	close(reason?: unknown): void;
	destroyed?: boolean;

	/** The last broadcast presence; nil while unavailable. */
	presence?: Stanza;
	priority?: number;
	/** Whom available presence was sent to (`mod_presence`). */
	directed?: Record<string, boolean | undefined>;
	/** Carbons are enabled (XEP-0280). */
	want_carbons?: string;
	/** Client state: `active`, `inactive` (XEP-0352), or `flushing` for a moment. */
	state?: "active" | "inactive" | "flushing";
	/** The client has queried its archive (XEP-0313). */
	mam_requested?: boolean;
	/** The roster was asked for. */
	interested?: boolean;

	/** The namespace of stream management (XEP-0198) once it is enabled. */
	smacks?: string | false;
	resumption_token?: string;
	outgoing_stanza_queue?: SmacksQueue;
	handled_stanza_count?: number;
	awaiting_ack?: boolean;
	/** Since when the session waits to be resumed, in seconds since the epoch; nil while it is connected. */
	hibernating?: number;
	/** Ends the session once it has hibernated for too long. */
	hibernating_watchdog?: Watchdog;

	/** The registration made on this session: `jid<node` (`mod_cloud_notify`). */
	push_identifier?: string;
	push_settings?: PushRegistration;
	/** When the first push that counts was sent in this hibernation, in seconds since the epoch. */
	first_hibernated_push?: number;
	/** What each push module is about to do for the session, by the module's name. */
	push_states?: Record<string, PushState | undefined>;
	/** The push modules for whose sake the session may hibernate for longer, by name. */
	push_holds?: Record<string, boolean | undefined>;
	/** What the hibernation watchdog was before it was given more time. */
	original_smacks_callback?: (this: void, watchdog: Watchdog) => void;
	original_smacks_timeout?: number;

	/** The registration made on this session: the client's id, else the resource (`mod_push2`). */
	push_registration_id?: string;
	/** That registration, for other modules. */
	push_registration?: Push2Registration;
	/** The registration made on this session: a name for its endpoint (`mod_web_push`). */
	web_push_identifier?: string;
	/** When its user last wrote or typed on it, in seconds since the epoch (`mod_push2`). */
	last_activity?: number;
	/** Own nicknames by the bare JIDs of the rooms joined (`mod_push2`, the community module `mod_track_muc_joins`). */
	rooms_joined?: Record<string, string | undefined>;
}

/** What a push module remembers of a session for as long as it is loaded. */
export interface PushState {
	/** What was queued since the last push, while a timer gathers more. */
	queue?: Stanza[];
	timer?: Timer;
	/** An important push was sent to the session's registration since it was last resumed. */
	notified_of_important?: boolean;
}

/** A push registration as `mod_cloud_notify` stores it. */
export interface PushRegistration {
	/** The push service (XEP-0357 `jid`). */
	jid: string;
	node?: string;
	include_payload?: string;
	/** The publish-options form, preserialized. */
	options?: import("./stanza").SerializedStanza;
	/** When it was made, in seconds since the epoch. Absent if a very old version stored it. */
	timestamp?: number;
	client_id?: string;
	/** The resource, only where there is no `client_id`. */
	resource?: string;
	/** `xml:lang` of the request. */
	language?: string;

	// What extensions keep with it, as the community modules of their names do.
	/** Messages are pushed while all sessions are away, too (`mod_cloud_notify_away`). */
	away?: boolean;
	/** How what is pushed is encrypted (`mod_cloud_notify_encrypted`). */
	encryption?: PushEncryption;
	/** Only who may see the user's presence is pushed for (`mod_cloud_notify_filters`). */
	filter_unknown?: boolean;
	/** Bare JIDs that are not pushed for (`mod_cloud_notify_filters`). */
	muted_jids?: Record<string, boolean | undefined>;
	/** By the bare JIDs of rooms, of which others are not pushed for; nil if all are (`mod_cloud_notify_filters`). */
	groupchat_rules?: Record<string, GroupchatRule | undefined>;
}

/** `tigase:push:encrypt:0`, as `mod_cloud_notify_encrypted` stores it. */
export interface PushEncryption {
	/** `aes-128-gcm` */
	algorithm: string;
	/** 16 bytes, in base64 as the client wrote them. */
	key_base64: string;
	/** The bytes that a payload may have at most. The community module does not know it. */
	max_size?: number;
}

/** What of a room is pushed: `tigase:push:filter:groupchat:0`, as `mod_cloud_notify_filters` stores it. */
export interface GroupchatRule {
	/** `always`, `mentioned` or `never`, which all else is, too. */
	when?: string;
	/** The user's nickname in the room. */
	nick?: string;
}

/** A push registration as `mod_push2` stores it. */
export interface Push2Registration {
	/** The push service (Push 2.0 `<service/>`). */
	service: string;
	/** What the push service knows the client by (`<client/>`). */
	client: string;
	/** When it was made, in seconds since the epoch. */
	timestamp?: number;
	/** Never empty, if ours made it. */
	matches: readonly Push2Match[];
	/** Since when the push service fails, in seconds since the epoch; nil while it does not. Upstream does not know it. */
	failing_since?: number;
}

/** What is pushed, and how: a `<match/>` with one `<send/>` of it. */
export interface Push2Match {
	/** The match profile. */
	match: string;
	/** By the JID of `<filter/>`: what of that chat is pushed all the same. */
	chats?: Record<string, Push2Filter | undefined>;
	/** Seconds in which activity on another session of the user holds pushes back. */
	grace?: number;
	/** The send profile. */
	send: string;
	/** The rest as the client wrote it in `<send/>`, for `urn:xmpp:push2:send:sce+rfc8291+rfc8292:0`. In base64. */
	ua_public?: string;
	auth_secret?: string;
	/** `ES256`, if there is to be a token. */
	jwt_alg?: string;
	/** PKCS #8 in base64, as in a PEM file, without its first and last line. */
	jwt_key?: string;
	jwt_claims?: Record<string, string | undefined>;
}

/** With neither a chat is muted. */
export interface Push2Filter {
	mention?: boolean;
	reply?: boolean;
}

/** An account with at least one session. */
export interface UserSessions {
	sessions: Record<string, Session>;
	/** The available sessions of the highest priority, if that is not negative. */
	top_resources?: Session[];
	roster?: Roster;
}

/** Items by bare JID (`core.rostermanager`); the state of the roster itself stands under the key `false` in Lua. */
export type Roster = Record<string, RosterItem | undefined>;

export interface RosterItem {
	subscription: "none" | "to" | "from" | "both" | "remove";
	ask?: string;
	name?: string;
	groups: Record<string, boolean | undefined>;
}

/** A push registration as `mod_web_push` stores it: a `PushSubscription` of the Push API. Its endpoint and keys are secrets. */
export interface WebPushRegistration {
	/** The URL that pushes are sent to. */
	endpoint: string;
	/** The client's public key (RFC 8291, 3.1) and its authentication secret, in base64 as the client wrote them. */
	p256dh: string;
	auth: string;
	/** When it was made, in seconds since the epoch. */
	timestamp: number;
	/** Which client made it: its XEP-0386 id, or its resource if it has none. */
	client_id?: string;
	resource?: string;
	/** The public key of the server that the client subscribed with, in base64url: pushes signed with another are refused. */
	server_key: string;
}
