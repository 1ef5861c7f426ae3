import type { ModuleApi, Require, StanzaEvent } from "../../bridge/api";
import type { PushSessions } from "../push/sessions";
import { has_body } from "./importance";

/** Whether users are there already, on another session. */
export interface Activity {
	/**
	 * Whether the user wrote or typed lately on a session that is not one of this registration.
	 * @param grace in how many seconds
	 */
	elsewhere(this: void, username: string, identifier: string, grace: number): boolean;
}

/** Notes on sessions when their users write or type something. */
export function track_activity(module: ModuleApi, require: Require, sessions: PushSessions): Activity {
	const time = require("util.time");

	const note = ({ origin, stanza }: StanzaEvent): undefined => {
		if (has_body(stanza) || stanza.child_with_ns("http://jabber.org/protocol/chatstates") !== undefined) {
			origin.last_activity = Math.floor(time.now());
		}
	};
	module.hook("pre-message/bare", note);
	module.hook("pre-message/full", note);

	return {
		elsewhere: (username, identifier, grace) => {
			const now = Math.floor(time.now());
			return sessions.of_user(username).some((session) => session.last_activity !== undefined
				&& sessions.identifier_of(session) !== identifier && now - session.last_activity < grace);
		},
	};
}
