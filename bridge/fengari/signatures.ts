import type { Libraries } from "../api";

/**
 * How the results of a Lua function arrive in JavaScript: the first alone, all of them as several results
 * (`LuaMultiReturn`), or as an iterable (`LuaIterable`) over the first result of each step, or over all of them.
 */
export type Results = "one" | "several" | "each" | "each several";

/** How a function crosses, where the values themselves do not tell. */
export interface Signature {
	/** It is called with a colon in Lua. */
	readonly self: boolean;
	readonly results: Results;
	/** What the first result is, if it is a table. */
	readonly makes?: Shape;
	/** How the first result crosses, if it is a function. */
	readonly returns?: Signature;
	/** It makes the tables that it is given its own, or just reads them: what is no Lua table is copied into one. */
	readonly copies?: true;
}

/** What is known of a table beyond what is in it. */
export interface Shape {
	/** What the table is while it is empty. A `map` has names for keys, and none of a list's members. */
	readonly kind: "object" | "map" | "list";
	/** What its functions are unless they are named below. */
	readonly ordinary: Signature;
	/** Its functions that are not ordinary, by name. */
	readonly functions: Readonly<Record<string, Signature>>;
	/** The tables in it of which something is known, by name. */
	readonly tables: Readonly<Record<string, Shape>>;
}

/** What crosses as an argument, or as the member of an object: a colon in Lua where there is an object, one result. */
export const method: Signature = { self: true, results: "one" };
const dotted: Signature = { self: false, results: "one" };
const several: Signature = { self: true, results: "several" };
const each: Signature = { self: true, results: "each" };
const eachSeveral: Signature = { self: true, results: "each several" };
// Lua walks through the attributes again and again.
const builder: Signature = { self: true, results: "one", copies: true };
const libraryBuilder: Signature = { self: false, results: "one", copies: true };

// Names come from users: nothing may be found that is not written here.
function named<Value>(entries: Record<string, Value> = {}): Readonly<Record<string, Value>> {
	return Object.assign(Object.create(null) as Record<string, Value>, entries);
}

function object(functions: Record<string, Signature> = {}, tables: Record<string, Shape> = {}): Shape {
	return { kind: "object", ordinary: method, functions: named(functions), tables: named(tables) };
}

/** A table whose keys are names that come from elsewhere. */
export const map: Shape = { ...object(), kind: "map" };
const list: Shape = { ...object(), kind: "list" };

/** A table of functions that take no self. */
export function library(functions: Record<string, Signature> = {}, tables: Record<string, Shape> = {}): Shape {
	return { ...object(functions, tables), ordinary: dotted };
}

const severalFromLibrary: Signature = { self: false, results: "several" };

const ProsodySet = object({ items: each });
const Cache = object({ items: eachSeveral });
const KeyvalStore = object({ get: { ...several, makes: map }, set: several, users: each });
const MapStore = object({ get: several, set: several });
const OpensslCipher = object({ update: several, final: several, getTag: several, setTag: several });

/**
 * Interfaces of `bridge/api` whose objects are known by how they are got, because their members' names mean
 * something else elsewhere.
 */
export const told = {
	ModuleApi: object({
		load: dotted, unload: dotted, save: dotted, restore: dotted, command: dotted,
		get_option_set: { ...method, makes: ProsodySet },
		get_option_inherited_set: { ...method, makes: ProsodySet },
		get_option_array: { ...method, makes: list },
		shared: { ...method, makes: map },
		// Both kinds of store are called alike; what differs, `users`, only one of them has.
		open_store: { ...method, makes: KeyvalStore },
	}),
	KeyvalStore,
	MapStore,
	ProsodySet,
	Cache,
	OpensslCipher,
} satisfies Record<string, Shape>;

/** The other interfaces of `bridge/api` with members that are not ordinary: known by their members' names. */
export const recognised = {
	Prosody: object(
		{ core_process_stanza: dotted, core_post_stanza: dotted, core_route_stanza: dotted },
		{ hosts: map, full_sessions: map, bare_sessions: map },
	),
	HostObject: object({ send: dotted }, { sessions: map, modules: map }),
	UserSessions: object({}, { sessions: map, roster: map }),
	Session: object(
		{ send: dotted, log: dotted, original_smacks_callback: dotted },
		{ directed: map, push_states: map, push_holds: map, rooms_joined: map },
	),
	PushRegistration: object({}, { muted_jids: map, groupchat_rules: map }),
	Push2Match: object({}, { chats: map, jwt_claims: map }),
	RosterItem: object({}, { groups: map }),
	Events: object({ fire_event: dotted, add_handler: dotted, remove_handler: dotted }),
	Stanza: object(
		{ children: each, childtags: each, get_error: several, tag: builder, text_tag: builder, body: builder },
		{ attr: map, _push_notify: map, _push_notify2: map, _push_notify_web: map },
	),
	SerializedStanza: object({}, { attr: map }),
	DataForm: object({ form: builder, data: { ...several, makes: map } }),
	Watchdog: object({ callback: dotted }),
	ErrorObject: object({}, { context: map, extra: map }),
	HttpResponse: object({}, { headers: map }),
	HttpRequestOptions: object({ streaming_handler: dotted }, { headers: map }),
	HttpRequest: object({ size_limits: dotted, on_head: dotted }, { headers: map }),
} satisfies Record<string, Shape>;

/** The libraries of `bridge/api`. Their functions take no self. */
export const libraries: Readonly<Record<keyof Libraries, Shape>> = {
	"util.stanza": library({
		stanza: libraryBuilder, message: libraryBuilder, iq: libraryBuilder, presence: libraryBuilder,
	}),
	"util.jid": library({ split: severalFromLibrary, prepped_split: severalFromLibrary }),
	"util.dataforms": library({ new: libraryBuilder }),
	"util.hashes": library(),
	"util.random": library(),
	"util.cache": library({ new: { ...dotted, makes: Cache } }),
	"util.watchdog": library(),
	"util.encodings": library({}, { base64: library(), stringprep: library(), utf8: library() }),
	"util.http": library(),
	"util.id": library(),
	"util.uuid": library(),
	"util.datetime": library(),
	"util.timer": library(),
	"util.logger": library(),
	"util.time": library(),
	"util.set": library({ new: { ...dotted, makes: ProsodySet } }),
	"util.json": library({ decode: severalFromLibrary }),
	"util.error": library(),
	"util.promise": library(),
	"util.xml": library({ parse: severalFromLibrary }),
	"util.filters": library(),
	"util.jwt": library({
		verify: severalFromLibrary,
		new_signer: { ...dotted, returns: dotted },
		new_verifier: { ...dotted, returns: severalFromLibrary },
	}),
	"util.crypto": library(),
	"openssl.cipher": library({ new: { ...dotted, makes: OpensslCipher } }),
	"util.ip": library({ new_ip: severalFromLibrary, parse_cidr: severalFromLibrary }),
	"net.http": library(),
	"net.resolvers.basic": library(),
	"net.server": library({ addclient: severalFromLibrary }),
	"core.rostermanager": library({ load_roster: { ...severalFromLibrary, makes: map } }),
};

/** A table of which nothing is told: its members are taken for what their names stand for in `bridge/api`. */
export const untold: Shape = object(
	Object.assign({}, ...Object.values(recognised).map((shape) => shape.functions)) as Record<string, Signature>,
	Object.assign({}, ...Object.values(recognised).map((shape) => shape.tables)) as Record<string, Shape>,
);
