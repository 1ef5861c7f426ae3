import type { CryptoLibrary, Push2Registration, Require, Session, Stanza } from "../../bridge/api";
import { byte_length } from "../push/text/bytes";
import type { Registrations } from "../push/registrations";
import { control_finder } from "../push/text/characters";
import { enable_reader } from "./enable";
import type { Profiles } from "./profiles";
import { malformed, store_failed, too_much, type Refusal } from "./refusal";

export interface RegistrarOptions {
	registrations: Registrations<Push2Registration>;
	/** Nil where nothing can be encrypted. */
	crypto: CryptoLibrary | undefined;
	profiles: Profiles;
	/** Told of each registration that has ended. */
	on_ended: (this: void, username: string, identifier: string) => void;
	/** Told of each registration that was made anew, on this session. */
	on_replaced: (this: void, session: Session, identifier: string) => void;
}

/** Makes and ends the registrations of sessions. What is refused has changed nothing. */
export interface Registrar {
	/** @param request `<enable/>` */
	enable(this: void, session: Session, request: Stanza): Refusal | undefined;
	disable(this: void, session: Session): Refusal | undefined;
}

/** Bytes of the client's own id, which is a UUID (XEP-0388, 2.3), and of a resource (RFC 7622, 3.4). */
const longest_identifier = 1023;

/** A client's registration goes by its own id, which it keeps, else by its resource. */
function identifier_of(session: Session): string {
	return session.client_id ?? session.resource!;
}

export function session_registrar(require: Require, options: RegistrarOptions): Registrar {
	const { registrations, on_ended, on_replaced } = options;
	const length = byte_length(require);
	const has_controls = control_finder(require);
	const read_enable = enable_reader(require, options.crypto, options.profiles);

	/** Clients choose their ids, and nobody has looked at them. */
	const check_identifier = (identifier: string): Refusal | undefined => {
		if (length(identifier) > longest_identifier) {
			return too_much("Client id or resource of more than 1023 bytes");
		}
		return has_controls(identifier) ? malformed("Control characters in the client id or resource") : undefined;
	};

	const enable = (session: Session, request: Stanza): Refusal | undefined => {
		const username = session.username!;
		const identifier = identifier_of(session);
		const refusal = check_identifier(identifier);
		if (refusal !== undefined) return refusal;
		const read = read_enable(request, session.full_jid!);
		if (read.refusal !== undefined) return read.refusal;
		const registration = read.value;

		const is_replaced = registrations.get(username, identifier) !== undefined;
		const surplus = registrations.add(username, { identifier, registration });
		if (surplus === undefined) return store_failed;
		if (is_replaced) on_replaced(session, identifier);
		for (const ended of surplus) on_ended(username, ended.identifier);

		session.push_registration_id = identifier;
		session.push_registration = registration;
		session.first_hibernated_push = undefined;
		session.log("info", "Push notifications enabled for %s ('%s') by %s",
			session.full_jid, identifier, registration.service);
		return undefined;
	};

	const disable = (session: Session): Refusal | undefined => {
		const username = session.username!;
		const identifier = identifier_of(session);
		const registered = registrations.all(username);
		if (registered === undefined) return store_failed;
		if (!registered.some((named) => named.identifier === identifier)) return undefined;
		if (!registrations.remove(username, [identifier])) return store_failed;
		on_ended(username, identifier);
		session.log("info", "Push notifications disabled for %s ('%s')", session.full_jid, identifier);
		return undefined;
	};

	/** Its identifier may be what is refused, and is not in the log. */
	const logged = (session: Session, refusal: Refusal | undefined): Refusal | undefined => {
		if (refusal !== undefined) {
			session.log("debug", "Push notification request of %s refused: %s",
				session.full_jid, refusal.text ?? refusal.condition);
		}
		return refusal;
	};

	return {
		enable: (session, request) => logged(session, enable(session, request)),
		disable: (session) => logged(session, disable(session)),
	};
}
