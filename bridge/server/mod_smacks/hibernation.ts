import type { HandleUnacked } from "./failures";
import type { Session } from "../../api";
import type { ServerSession } from "../session-fields";
import type { Smacks } from "./context";
import { queueOf, registryKey } from "./context";

/** Keeps resumable sessions while they have no connection, and ends them in time. */
export function installHibernation(smacks: Smacks, handleUnacked: HandleUnacked): void {
	const { module, options, parts, require, resumable } = smacks;
	const os_time = () => Math.floor(parts.machine.clock.now());

	/** Forgets the token under which a session can be resumed. */
	function revoke(session: Session): void {
		resumable.delete(registryKey(session, session.resumption_token!));
		delete session.resumption_token;
	}

	/** Keeps the count for a client that comes back too late. */
	function rememberCount(session: Session): void {
		const { ended_streams } = parts.accounts.register(session.username!);
		ended_streams.set(session.resumption_token!, { h: session.handled_stanza_count!, t: os_time() });
	}

	module.hook("pre-session-close", ({ session }) => {
		if (session.smacks === undefined) return;
		if (session.resumption_token !== undefined) {
			parts.accounts.register(session.username!).ended_streams.delete(session.resumption_token);
			revoke(session);
		}
		session.hibernating_watchdog?.cancel();
		delete session.hibernating_watchdog;
		if (session.smacks && session.conn && session.handled_stanza_count !== undefined) {
			const h = String(session.handled_stanza_count);
			session.send(require("util.stanza").stanza("a", { xmlns: session.smacks, h }));
		}
	});

	module.hook("pre-resource-unbind", (event) => {
		const session = event.session as ServerSession;
		if (!session.smacks) return undefined;
		if (session.resumption_token === undefined) {
			handleUnacked(session);
			return undefined;
		}
		if (session.hibernating !== undefined) return undefined;
		hibernate(session);
		return true;
	});

	function hibernate(session: ServerSession): void {
		session.hibernating = os_time();
		session.hibernating_watchdog = require("util.watchdog").new(options.resume_timeout, (watchdog) => {
			// 13.0 heeds no watchdog but the session's own: neither one that was replaced, nor a call without any.
			if (parts.series !== "0.12" && watchdog !== session.hibernating_watchdog) {
				session.log("debug", "Releasing a stray watchdog");
			} else {
				expire(session);
			}
		});
		const { conn } = session;
		if (conn) {
			parts.streams.get(session)!.detach();
			delete session.conn;
			conn.close();
		}
		session.log("debug", "Session going into hibernation (not being destroyed)");
		module.fire_event("smacks-hibernation-start", parts.host.table({
			origin: session, queue: queueOf(session).table(),
		}));
	}

	function expire(session: ServerSession): void {
		session.log("debug", "mod_smacks hibernation timeout reached...");
		if (session.destroyed || session.resumption_token === undefined) return;
		rememberCount(session);
		revoke(session);
		session.resending_unacked = true;
		parts.sessions.destroy_session(session, "Hibernating too long");
	}

	// Before they are closed like any other session, which would make their counts unknown.
	module.hook_global("server-stopping", ({ reason }) => {
		// A Lua table has no order.
		for (const username of Object.keys(parts.host.prosody.hosts[module.host]!.sessions).sort()) {
			for (const session of parts.sessions.of(`${username}@${module.host}`)) {
				if (session.resumption_token === undefined) continue;
				rememberCount(session);
				delete session.resumption_token;
				if (session.outgoing_stanza_queue) handleUnacked(session);
				const { conn } = session;
				delete session.conn;
				conn?.close();
				session.close(parts.host.table({ condition: "system-shutdown", text: reason }));
			}
		}
	}, -90);
}
