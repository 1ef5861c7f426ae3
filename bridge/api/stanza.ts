/** Attributes by name; an attribute of a foreign namespace is named `namespace\x01name`, as in Prosody. */
export type Attributes = Record<string, string | undefined>;

/** Text or an element, in document order. */
export type StanzaChild = Stanza | string;

/**
 * A stanza as plain data, as `preserialize` makes it and stores keep it. Its children are in the table's array part,
 * which hosts number differently: reading them is `deserialize`'s business.
 */
export interface SerializedStanza {
	name: string;
	attr: Attributes;
}

/**
 * An XML element with Prosody's `util.stanza` semantics. An element in its parent's namespace may leave `attr.xmlns`
 * out; `get_child` and friends then take the parent's. Methods that build return the stanza itself.
 */
export interface Stanza {
	name: string;
	attr: Attributes;
	/** The child elements in order, without the text between them. Change them with `maptags`, never directly. */
	readonly tags: readonly Stanza[];
	/** Registrations that were notified of this very stanza (`mod_cloud_notify`). */
	_push_notify?: Record<string, boolean | undefined>;
	/** The same (`mod_push2`). */
	_push_notify2?: Record<string, boolean | undefined>;
	/** The same (`mod_web_push`). */
	_push_notify_web?: Record<string, boolean | undefined>;

	/** Adds an element at the insertion point and moves the point into it. Throws on names or values XML forbids. */
	tag(name: string, attr?: Attributes): Stanza;
	/** Adds text at the insertion point; nil and "" add nothing. Throws on characters XML forbids. */
	text(text?: string): Stanza;
	/** Adds an element that holds just this text. */
	text_tag(name: string, text?: string, attr?: Attributes): Stanza;
	/** Adds `<body>` with this text. */
	body(text?: string, attr?: Attributes): Stanza;
	/** Adds `<query xmlns=…>` and moves the insertion point into it. */
	query(xmlns: string): Stanza;
	/** Moves the insertion point to the parent; at the top it stays. */
	up(): Stanza;
	/** Moves the insertion point back to the top. */
	reset(): Stanza;
	at_top(): boolean;
	/** Adds a child at the insertion point. */
	add_child(child: StanzaChild): Stanza;
	/** Adds a child directly below this element, wherever the insertion point is. */
	add_direct_child(child: StanzaChild): void;
	/** Removes the child elements of this name and namespace (by default this element's). */
	remove_children(name?: string, xmlns?: string): Stanza;
	/** The first child element of that name (any, if nil) in that namespace (this element's, if nil). */
	get_child(name?: string, xmlns?: string): Stanza | undefined;
	/** Text of that child; nil if there is none or if it has elements in it. */
	get_child_text(name?: string, xmlns?: string): string | undefined;
	child_with_name(name: string): Stanza | undefined;
	child_with_ns(xmlns: string): Stanza | undefined;
	get_child_with_attr(
		name: string | undefined, xmlns: string | undefined, attr_name: string, attr_value: string,
		normalize?: (this: void, value: string | undefined) => string | undefined,
	): Stanza | undefined;
	/** All children, text and elements. */
	children(): LuaIterable<StanzaChild>;
	/** The child elements that `get_child` would match. */
	childtags(name?: string, xmlns?: string): LuaIterable<Stanza>;
	/** Replaces each child element by what the callback returns; nil removes it. */
	maptags(callback: (this: void, tag: Stanza) => Stanza | undefined): Stanza;
	/** Follows a path such as `{ns}name/name#` (text) or `{ns}name@attr`. */
	find(path: string): Stanza | string | undefined;
	/** Own text; nil if there are child elements. */
	get_text(): string | undefined;
	/** The opening tag alone, as text, for logs. */
	top_tag(): string;
	/** Type, condition (`undefined-condition` if none is given), text, and the application's own element. */
	get_error(): LuaMultiReturn<[string | undefined, string | undefined, string | undefined, Stanza | undefined]>;
}

/** What `util.stanza` exports. Constructors throw on names and values that XML forbids. */
export interface StanzaLibrary {
	stanza(this: void, name: string, attr?: Attributes): Stanza;
	is_stanza(this: void, value: unknown): value is Stanza;
	message(this: void, attr?: Attributes, body?: string): Stanza;
	/** Throws if `id` or `type` is missing. */
	iq(this: void, attr: Attributes): Stanza;
	presence(this: void, attr?: Attributes): Stanza;
	reply(this: void, stanza: Stanza): Stanza;
	/**
	 * @param type `auth`, `cancel`, `continue`, `modify` or `wait` (RFC 6120, 8.3.2)
	 * @param condition a defined condition (RFC 6120, 8.3.3)
	 * Throws for a stanza that is an error itself.
	 */
	error_reply(this: void, stanza: Stanza, type: string, condition: string, text?: string, by?: string): Stanza;
	clone(this: void, stanza: Stanza, only_top?: boolean): Stanza;
	preserialize(this: void, stanza: Stanza): SerializedStanza;
	/** The reverse of `preserialize`; nil for nil. */
	deserialize(this: void, serialized: SerializedStanza): Stanza;
	xml_escape(this: void, text: string): string;
}
