import type { ProsodyModule } from "../api";

const CSI_NAMESPACE = "urn:xmpp:csi:0";

/** Takes note of a client's state and tells others (`mod_csi`, XEP-0352). */
export function mod_csi(): ProsodyModule {
	return (module) => {
		for (const state of ["active", "inactive"] as const) {
			module.hook_tag(CSI_NAMESPACE, state, (origin, _stanza, event) => {
				if (origin.username === undefined) return undefined;
				origin.state = state;
				module.fire_event(`csi-client-${state}`, event);
				return true;
			});
		}
	};
}
