import type { ProsodyModule } from "../api";

const CARBONS_NAMESPACE = "urn:xmpp:carbons:2";
const CSI_NAMESPACE = "urn:xmpp:csi:0";

/** What a client may enable while it binds (the community module `mod_sasl2_bind2`, XEP-0386). */
export function mod_sasl2_bind2(): ProsodyModule {
	return (module) => {
		module.hook("advertise-bind-features", ({ features }) => {
			features.tag("feature", { var: CARBONS_NAMESPACE }).up();
			features.tag("feature", { var: CSI_NAMESPACE }).up();
		});

		module.hook("enable-bind-features", ({ session, request, result }) => {
			if (request.get_child("enable", CARBONS_NAMESPACE)) {
				session.want_carbons = CARBONS_NAMESPACE;
				result.tag("enabled", { xmlns: CARBONS_NAMESPACE }).up();
			}
			const state = request.child_with_ns(CSI_NAMESPACE)?.name;
			if (state === "active" || state === "inactive") session.state = state;
		}, 10);
	};
}
