import { describe, expect } from "vitest";
import type { Disk, Host, Machine, ModuleSource } from "../../bridge/api";
import { createFengariHost } from "../../bridge/fengari";
import { createMemoryDisk, createNodeHost } from "../../bridge/node";
import { parseScenario, perform, SimulatedStage } from "../../bridge/scenario";
import { mod_cloud_notify } from "../../modules/mod_cloud_notify";
import { itWithOriginals } from "./installed";

const cast = `
## module: cloud_notify

[Client] Juliet's phone
	jid: juliet@localhost/phone
	password: secret

[Component] App server
	jid: push.localhost
	password: secret

---------
`;

const enable = `# A registration with all that can be stored${cast}
Juliet's phone connects

Juliet's phone sends:
	<iq type="set" id="e1" xml:lang="it">
		<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="__proto__" include_payload="false">
			<x xmlns="jabber:x:data" type="submit">
				<field var="FORM_TYPE"><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
				<field var="secret"><value>&lt;"été" &amp; 'hiver'&gt;</value></field>
			</x>
		</enable>
	</iq>

Juliet's phone receives:
	<iq type="result" id="e1"/>
`;

const push = `# A push to a registration that another implementation stored${cast}
localhost fires cloud-notify-ping for juliet

App server receives:
	<iq type="set">
		<pubsub xmlns="http://jabber.org/protocol/pubsub" scansion:strict="false">
			<publish node="__proto__"/>
			<publish-options>
				<x xmlns="jabber:x:data" type="submit">
					<field var="secret"><value>&lt;"été" &amp; 'hiver'&gt;</value></field>
				</x>
			</publish-options>
		</pubsub>
	</iq>
`;

const disable = `# The same registration, ended${cast}
Juliet's phone connects

Juliet's phone sends:
	<iq type="set" id="d1">
		<disable xmlns="urn:xmpp:push:0" jid="push.localhost"/>
	</iq>

Juliet's phone receives:
	<iq type="result" id="d1"/>

localhost fires cloud-notify-ping for juliet

App server receives: nothing
`;

interface Implementation {
	createHost: (machine: Machine) => Host;
	source: ModuleSource;
}

const ours: Implementation = { createHost: createNodeHost, source: { typescript: mod_cloud_notify } };

async function act(script: string, { createHost, source }: Implementation, disk: Disk): Promise<void> {
	const scenario = parseScenario("test.scs", script);
	const stage = new SimulatedStage(scenario, { createHost, modules: [["cloud_notify", source]], disk });
	const { steps } = await perform(scenario, stage);
	await stage.close();
	expect(steps.flatMap(({ failure }) => failure?.message ?? [])).toEqual([]);
}

describe("stored registrations", () => {
	itWithOriginals("cloud_notify", "go from the original to ours and back", async ({ path }) => {
		const original: Implementation = { createHost: createFengariHost, source: { lua: path } };
		for (const [first, second] of [[original, ours], [ours, original]] as const) {
			const disk = createMemoryDisk();
			await act(enable, first, disk);
			await act(push, second, disk);
			await act(disable, second, disk);
			await act(enable, second, disk);
			await act(push, first, disk);
		}
	});
});
