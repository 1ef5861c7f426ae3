import type { ProsodyModule } from "../api";
import type { Parts } from "./parts";
import { readNumber } from "./options";

/** What the server is told by its options while it starts. */
export interface ClientOptions {
	/** Bytes that one element from a client may have. */
	stanza_size_limit: number;
	/** Modules that are not to be loaded. */
	disabled(module: string): boolean;
}

/** Closes what is left of the clients' streams when the server stops (`mod_c2s`), and reads the server's options. */
export function mod_c2s(parts: Parts, configured: (options: ClientOptions) => void): ProsodyModule {
	return (module) => {
		const disabled = module.get_option_set("modules_disabled", [])!;
		configured({
			stanza_size_limit: readNumber(module, "c2s_stanza_size_limit", 256 * 1024),
			disabled: (name) => disabled.contains(name) === true,
		});
		parts.rosters.open(module);

		// Prosody sends whitespace, which keeps the connection and tells the client nothing.
		module.hook("c2s-read-timeout", ({ session }) => session.conn !== undefined, -1);

		module.hook_global("server-stopping", (event) => {
			for (const { session } of [...parts.connected]) {
				session.close(parts.host.table({ condition: "system-shutdown", text: event.reason }));
			}
		}, -100);
	};
}
