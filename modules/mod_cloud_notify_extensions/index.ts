import type { ProsodyModule } from "../../bridge/api";

/** All that clients on iOS ask for, by one line of configuration. */
export const mod_cloud_notify_extensions: ProsodyModule = (module) => {
	module.depends("cloud_notify_filters");
	module.depends("cloud_notify_priority_tag");
	module.depends("cloud_notify_away");
	try {
		module.depends("cloud_notify_encrypted");
	} catch {
		// It is alone in needing what not every Prosody has. Why it does not load is in the log already.
		module.log("error", "Nothing will be encrypted, as mod_cloud_notify_encrypted does not load");
	}
};
