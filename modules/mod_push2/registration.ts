import type { ModuleApi, Require, StanzaEvent } from "../../bridge/api";
import { xmlns_push2, type Profiles } from "./profiles";
import type { Refusal } from "./refusal";
import type { Registrar } from "./registrar";

/** Answers clients that enable and disable push, and says in disco what they can ask for. */
export function handle_registration(
	module: ModuleApi, require: Require, registrar: Registrar, profiles: Profiles,
): void {
	const st = require("util.stanza");

	const answer = ({ origin, stanza }: StanzaEvent, refusal: Refusal | undefined): true => {
		origin.send(refusal === undefined
			? st.reply(stanza)
			: st.error_reply(stanza, refusal.type, refusal.condition, refusal.text));
		return true;
	};

	module.hook("account-disco-info", ({ reply }) => {
		reply.tag("feature", { var: xmlns_push2 }).up();
		for (const profile of profiles.matches()) reply.tag("feature", { var: profile }).up();
		for (const profile of profiles.sends) reply.tag("feature", { var: profile }).up();
		return undefined;
	});

	module.hook(`iq-set/self/${xmlns_push2}:enable`, (event) =>
		answer(event, registrar.enable(event.origin, event.stanza.tags[0]!)));

	module.hook(`iq-set/self/${xmlns_push2}:disable`, (event) =>
		answer(event, registrar.disable(event.origin)));
}
