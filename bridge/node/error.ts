import type { ErrorLibrary, ErrorObject, IdLibrary } from "../api/libraries";
import type { Stanza } from "../api/stanza";

type Fields = { type?: string; condition?: string; text?: string; code?: number; extra?: Record<string, unknown> };

class StanzaError implements ErrorObject {
	readonly type: string;
	readonly condition: string;
	readonly text?: string;
	readonly code?: number;
	readonly extra?: Record<string, unknown>;

	constructor(readonly instance_id: string, fields: Fields, readonly context: Record<string, unknown>) {
		this.type = fields.type ?? "cancel";
		this.condition = fields.condition ?? "undefined-condition";
		this.text = fields.text;
		this.code = fields.code;
		this.extra = fields.extra;
	}

	toString(): string {
		return `error<${this.type}:${this.condition}:${this.text ?? ""}>`;
	}
}

/** `util.error`. */
export function createErrors(id: IdLibrary): ErrorLibrary {
	function newError(error: Fields, context: Record<string, unknown> = {}): ErrorObject {
		return error instanceof StanzaError ? error : new StanzaError(id.short(), error, context);
	}

	function from_stanza(stanza: Stanza, given: object = {}): ErrorObject {
		const [type, condition = "undefined-condition", text, tag] = stanza.get_error();
		const error = stanza.get_child("error");
		const context = given as Record<string, unknown>;
		context.stanza = stanza;
		context.by = error?.attr.by ?? stanza.attr.from;
		const uri = condition === "gone" || condition === "redirect"
			? error?.get_child_text(condition, "urn:ietf:params:xml:ns:xmpp-stanzas")
			: undefined;
		const extra = tag === undefined && uri === undefined ? undefined : { uri, tag };
		return newError({ type, condition, text, extra }, context);
	}

	return {
		new: newError,
		is_error: (value): value is ErrorObject => value instanceof StanzaError,
		from_stanza,
	};
}
