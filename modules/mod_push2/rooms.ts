import type { ModuleApi, Prosody, Require, Session, Stanza } from "../../bridge/api";
import type { PushSessions } from "../push/sessions";

const xmlns_muc_user = "http://jabber.org/protocol/muc#user";

/** The groupchats that users are in (XEP-0045). */
export interface Rooms {
	/**
	 * The nicknames by which a user's sessions are in a room.
	 * @param room its bare JID
	 */
	nicks(this: void, username: string, room: string): readonly string[];
}

/** Whether presence from a room is about the one who gets it (XEP-0045, 7.2.2). */
function is_about_self(presence: Stanza): boolean {
	const extension = presence.get_child("x", xmlns_muc_user);
	return extension?.get_child_with_attr("status", undefined, "code", "110") !== undefined;
}

/** Notes on sessions which rooms they are in, as the community module `mod_track_muc_joins` does. */
export function track_rooms(
	module: ModuleApi, prosody: Prosody, require: Require, sessions_of_user: PushSessions["of_user"],
): Rooms {
	const jid = require("util.jid");

	/** Who never sent presence to a room cannot be in it, whatever it says. The room may have given another nickname. */
	const has_joined = ({ directed, rooms_joined }: Session, from: string, room: string): boolean => {
		if (directed?.[from] === true || rooms_joined?.[room] !== undefined) return true;
		if (directed === undefined) return false;
		for (const to in directed) {
			if (jid.bare(to) === room) return true;
		}
		return false;
	};

	module.hook("presence/full", ({ stanza }) => {
		const { from, to, type } = stanza.attr;
		const session = to !== undefined ? prosody.full_sessions[to] : undefined;
		if (session === undefined || from === undefined || !is_about_self(stanza)) return undefined;
		const room = jid.bare(from)!;
		if (type === undefined && has_joined(session, from, room)) {
			session.rooms_joined ??= {};
			session.rooms_joined[room] = jid.resource(from);
		} else if (type === "unavailable" && session.rooms_joined !== undefined) {
			session.rooms_joined[room] = undefined;
		}
		return undefined;
	}, 1);

	return {
		nicks: (username, room) => {
			const nicks: string[] = [];
			for (const session of sessions_of_user(username)) {
				const nick = session.rooms_joined?.[room];
				if (nick !== undefined) nicks.push(nick);
			}
			return nicks;
		},
	};
}
