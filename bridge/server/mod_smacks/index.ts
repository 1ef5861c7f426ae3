import type { Parts } from "../parts";
import type { ProsodyModule } from "../../api";
import type { ServerSession } from "../session-fields";
import { createFilters } from "./counting";
import { installAcks } from "./acks";
import { installEnabling } from "./enabling";
import { installFailures } from "./failures";
import { installHibernation } from "./hibernation";
import { installResumption } from "./resumption";
import { readOptions } from "./context";

const SUPPORTED = ["urn:xmpp:sm:2", "urn:xmpp:sm:3"];

/** Stream management for clients (`mod_smacks` of 0.12.3, XEP-0198). */
export function mod_smacks(parts: Parts): ProsodyModule {
	// Outlives a reload of the module.
	const resumable = new Map<string, ServerSession>();

	return (module, _prosody, require) => {
		const smacks = { parts, module, require, options: readOptions(module), resumable };
		const addFilters = createFilters(smacks);
		const requestAck = installAcks(smacks, SUPPORTED);
		installEnabling(smacks, SUPPORTED, addFilters);
		installHibernation(smacks, installFailures(smacks));
		installResumption(smacks, SUPPORTED, addFilters, requestAck);
	};
}
