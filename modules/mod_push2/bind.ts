import type { ModuleApi } from "../../bridge/api";
import { xmlns_push2 } from "./profiles";
import type { Registrar } from "./registrar";

const xmlns_stanza_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** Lets clients enable push in the request by which they bind their resource (XEP-0386), and says that they can. */
export function enable_while_binding(module: ModuleApi, registrar: Registrar): void {
	module.hook("advertise-bind-features", ({ features }) => {
		features.tag("feature", { var: xmlns_push2 }).up();
		return undefined;
	});

	// The session has all its names by now, and keeps them.
	module.hook("enable-bind-features", ({ session, request, result }) => {
		const enable = request.get_child("enable", xmlns_push2);
		if (enable === undefined) return undefined;
		const refusal = registrar.enable(session, enable);
		if (refusal === undefined) {
			result.tag("enabled", { xmlns: xmlns_push2 }).up();
			return undefined;
		}
		const { type, condition, text } = refusal;
		result.tag("failed", { xmlns: xmlns_push2 })
			.tag("error", { type })
			.tag(condition, { xmlns: xmlns_stanza_errors }).up();
		if (text !== undefined) result.text_tag("text", text, { xmlns: xmlns_stanza_errors });
		result.up().up();
		return undefined;
	});
}
