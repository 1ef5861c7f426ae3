import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "dist", "cli.js");

/** How a process ended. */
export interface Ended {
	status: number | null;
	stdout: string;
	stderr: string;
}

/** Builds what the tests run. */
export function build(): void {
	execFileSync(process.execPath, [join(root, "build.mjs")], { stdio: "inherit" });
}

/** A folder of its own, with these files in it. */
export class Folder {
	readonly path = mkdtempSync(join(tmpdir(), "prosody-push-"));

	constructor(files: Readonly<Record<string, string>> = {}) {
		for (const [name, text] of Object.entries(files)) {
			this.write(name, text);
		}
	}

	write(name: string, text: string): void {
		mkdirSync(dirname(join(this.path, name)), { recursive: true });
		writeFileSync(join(this.path, name), text);
	}

	/** Runs `prosody-push` here. */
	run(...args: string[]): Ended {
		return this.runWith({}, ...args);
	}

	/** Runs `prosody-push` here, with these variables in its environment. */
	runWith(env: Readonly<Record<string, string>>, ...args: string[]): Ended {
		const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
			cwd: this.path, encoding: "utf8", env: { ...process.env, ...env }, timeout: 60_000,
		});
		return { status, stdout, stderr };
	}

	remove(): void {
		rmSync(this.path, { recursive: true });
	}
}

/** A scenario in which the app server is sent one push: a message arrives for an account that is offline. */
export const OFFLINE = `# Message to an account that is offline
## module: cloud_notify

[Client] Juliet
	jid: juliet@localhost/phone
	password: secret

[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

[Component] App server
	jid: push.localhost
	password: secret

---------

Juliet connects
Juliet sends:
	<iq type="set" id="e1">
		<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="n1"/>
	</iq>
Juliet receives:
	<iq type="result" id="e1"/>
Juliet disconnects
Romeo connects
Romeo sends:
	<message to="juliet@localhost" type="chat"><body>Hello</body></message>
App server receives:
	<iq type="set" from="localhost"/>
App server receives: nothing
`;

/** An upstream module that pushes, but says nothing about the message. */
export const TERSE = `local st = require "util.stanza";
local services = {};

module:hook("iq-set/self/urn:xmpp:push:0:enable", function (event)
	services[event.origin.username] = event.stanza.tags[1].attr;
	event.origin.send(st.reply(event.stanza));
	return true;
end);

module:hook("message/offline/handle", function (event)
	local service = services[event.username or event.stanza.attr.to:match("^[^@]+")];
	if service then
		module:send(st.iq({ type = "set", from = module.host, to = service.jid, id = "terse" })
			:tag("pubsub", { xmlns = "http://jabber.org/protocol/pubsub" })
				:tag("publish", { node = service.node })
					:tag("item")
						:tag("notification", { xmlns = "urn:xmpp:push:0" }));
	end
end, 1);
`;
