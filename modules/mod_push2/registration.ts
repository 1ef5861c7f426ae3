import type { CryptoLibrary, ModuleApi, Require, StanzaEvent } from "../../bridge/api";
import { match_profiles, send_profiles, xmlns_push2 } from "./profiles";
import type { Refusal } from "./refusal";
import type { Registrar } from "./registrar";

/** Answers clients that enable and disable push, and says in disco what they can ask for. */
export function handle_registration(
	module: ModuleApi, require: Require, registrar: Registrar, crypto: CryptoLibrary | undefined,
): void {
	const st = require("util.stanza");
	const features = [xmlns_push2, ...match_profiles, ...send_profiles(crypto)];

	const answer = ({ origin, stanza }: StanzaEvent, refusal: Refusal | undefined): true => {
		if (refusal === undefined) {
			origin.send(st.reply(stanza));
		} else {
			const { type, condition, text } = refusal;
			origin.log("debug", "Push notification request refused: %s", text ?? condition);
			origin.send(st.error_reply(stanza, type, condition, text));
		}
		return true;
	};

	module.hook("account-disco-info", ({ reply }) => {
		for (const feature of features) reply.tag("feature", { var: feature }).up();
		return undefined;
	});

	module.hook(`iq-set/self/${xmlns_push2}:enable`, (event) =>
		answer(event, registrar.enable(event.origin, event.stanza.tags[0]!)));

	module.hook(`iq-set/self/${xmlns_push2}:disable`, (event) =>
		answer(event, registrar.disable(event.origin)));
}
