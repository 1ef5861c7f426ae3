import type { ProsodyModule } from "../../../../bridge/api";
import { public_address_checker } from "../../../../modules/mod_web_push/address";
import { endpoint_reader } from "../../../../modules/mod_web_push/endpoint";
import { guarded_post } from "../../../../modules/mod_web_push/post";

/** Posts to the endpoint that an event has for its user, and logs what comes of it. */
export const mod_posting: ProsodyModule = (module, _prosody, require) => {
	const json = require("util.json");
	const read = endpoint_reader(module, require);
	const post = guarded_post(require, { timeout: module.get_option_number("posting_timeout", 2) ?? 2 });

	module.hook("posting/post", (event: { user?: string }) => {
		const text = event.user ?? "";
		const { value, refusal } = read(text);
		if (value === undefined) {
			module.log("info", "answered %s", json.encode({ endpoint: text, refusal }));
			return true;
		}
		post(value, { "TTL": "60", "Content-Type": "application/octet-stream" }, "some bytes", (answer) => {
			module.log("info", "answered %s", json.encode({ endpoint: text, ...answer }));
		});
		return true;
	});

	// As another module does.
	module.hook("posting/unguarded", (event: { user?: string }) => {
		const endpoint = event.user ?? "";
		require("net.http").request(endpoint, { method: "POST" }, (_body, status) => {
			module.log("info", "answered %s", json.encode({ endpoint, status }));
		});
		return true;
	});

	const is_public = public_address_checker(require);
	module.hook("posting/addresses", (event: { user?: string }) => {
		const [addresses] = json.decode(event.user ?? "");
		module.log("info", "answered %s", json.encode({ endpoint: (addresses as string[]).filter((address) => is_public(address)).join(" ") }));
		return true;
	});
};
