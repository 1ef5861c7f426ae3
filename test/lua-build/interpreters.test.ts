import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect } from "vitest";
import { packageRoot } from "../../bridge/package-root";
import { build } from "../cli/prosody-push";
import { itUnlessLacking } from "../prosody-here";
import { LUAS, lacking, luaFiles } from "./luas";

beforeAll(build);

/** What goes out and is logged while harness.lua does with the module what a server would do. */
function output(interpreter: string): string[] {
	const [path] = luaFiles();
	const harness = join(import.meta.dirname, "harness.lua");
	const args = [harness, join(packageRoot(), "lua"), path!];
	return execFileSync(interpreter, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trimEnd().split("\n");
}

function iq(id: number, node: string, { body, options = "" }: { body?: string; options?: string }): string {
	const field = (type: string, name: string, value?: string): string => {
		return `<field type='${type}' var='${name}'>${value === undefined ? "" : `<value>${value}</value>`}</field>`;
	};
	return `sent\t<iq from='localhost' id='hash-of-0000000${id}' to='push.localhost' type='set'>`
		+ "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
		+ `<publish node='${node}'><item><notification xmlns='urn:xmpp:push:0'><x type='form' xmlns='jabber:x:data'>`
		+ field("hidden", "FORM_TYPE", "urn:xmpp:push:summary") + field("text-single", "message-count", "1")
		+ field("text-single", "pending-subscription-count") + field("jid-single", "last-message-sender")
		+ field("text-single", "last-message-body", body)
		+ `</x></notification></item></publish>${options}</pubsub></iq>`;
}

const options = "<publish-options><x type='submit' xmlns='jabber:x:data'>"
	+ "<field var='secret'><value>s</value></field></x></publish-options>";

const result = (to: string, id: string): string => `to ${to}\t<iq id='${id}' to='juliet@localhost/${to}' type='result'></iq>`;

const MISSING_JID = "to phone\t<iq id='enable' to='juliet@localhost/phone' type='error'><error type='modify'>"
	+ "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'></bad-request>"
	+ "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Missing jid</text></error></iq>";

describe("the Lua file of mod_cloud_notify", () => {
	for (const { name, interpreter } of LUAS) {
		itUnlessLacking(lacking(interpreter), `registers and pushes in ${name}`, () => {
			const lines = output(interpreter);
			expect(lines.filter((line) => line.startsWith("sent\t") || line.startsWith("to "))).toEqual([
				MISSING_JID,
				result("phone", "enable"), result("tablet", "enable"),
				// The message to an account that is offline.
				iq(1, "n2", { body: "New Message!" }), iq(2, "n1", { body: "New Message!", options }),
				// Two messages to a session that hibernates.
				iq(3, "n1", { body: "New Message!", options }),
				// A message without a body, and two with one, that were not acknowledged.
				iq(4, "n2", {}), iq(5, "n2", { body: "New Message!" }),
				result("tablet", "disable"),
			]);
			expect(lines).toContain("info\tlocalhost:cloud_notify\tGot error <cancel:item-not-found:Gone> for "
				+ "'push.localhost<n1': error count is now at 1");
			expect(lines.find((line) => line.startsWith("stored\t"))).toBe(
				"stored\tlocalhost/cloud_notify/juliet/keyval\t{"
				+ "push.localhost<n1={jid=push.localhost node=n1 options={1={1={1=s attr={} name=value} attr={var=secret} name=field} "
				+ "attr={type=submit xmlns=jabber:x:data} name=x} resource=phone timestamp=1700000000} "
				+ "push.localhost<n2={jid=push.localhost node=n2 resource=tablet timestamp=1700000001}}",
			);
			expect(lines.slice(-3)).toEqual([
				"info\tlocalhost:cloud_notify\tModule unloaded", "info\tlocalhost:cloud_notify\tModule loaded",
				"info\tlocalhost:cloud_notify\tModule unloaded",
			]);
			expect(lines.filter((line) => /^(?:error|warn)\t/.test(line))).toEqual([]);
		});
	}
});
