import { describe, expect } from "vitest";
import { createNodeHost } from "../../bridge/node";
import { missingFor } from "../../bridge/prosody/root";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { parseScenario } from "../../bridge/scenario";
import { ProsodyStage } from "../../bridge/prosody/stage";
import { SimulatedStage } from "../../bridge/scenario/simulated-stage";
import { startProsody } from "../../bridge/prosody/server";
import type { Stage } from "../../bridge/scenario/stage";

const SCENARIO = parseScenario("disco.scs", `
[Client] Juliet
	jid: juliet@localhost/phone
	password: secret

---------

Juliet connects
`);

/** What an account says since 13.0; the simulated server is 0.12. */
const LATER_ACCOUNT_FEATURES = ["http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items"];

/** What the host and the account say that they can do. */
async function disco(stage: Stage): Promise<Record<string, string[]>> {
	await stage.connect("Juliet");
	const features: Record<string, string[]> = {};
	for (const jid of ["localhost", "juliet@localhost"]) {
		const query = "<query xmlns=\"http://jabber.org/protocol/disco#info\"/>";
		await stage.send("Juliet", `<iq type="get" id="${jid}" to="${jid}">${query}</iq>`);
		const answer = await stage.receive("Juliet", 5) ?? "";
		features[jid] = [...answer.matchAll(/<(?:identity|feature) [^>]*>/g)].map(([tag]) => {
			return [...tag.matchAll(/(category|type|var)=["']([^"']*)/g)].map(([, , value]) => value).sort().join("/");
		}).sort();
	}
	await stage.close();
	return features;
}

describe.each(prosodyRoots)("the Prosody in %s", (root) => {
	itUnlessLacking(missingFor(root)?.missing, "can do what the simulated server can", async () => {
		const simulated = await disco(new SimulatedStage(SCENARIO, { createHost: createNodeHost, modules: [] }));
		const server = await startProsody(root);
		try {
			const real = await disco(await ProsodyStage.begin(SCENARIO, { server, release: () => server.end(), modules: [] }));
			if (!server.version.startsWith("0.12.")) simulated["juliet@localhost"]!.push(...LATER_ACCOUNT_FEATURES);
			simulated["juliet@localhost"]!.sort();
			expect(real).toEqual(simulated);
			expect(real.localhost!.length).toBeGreaterThan(5);
		} finally {
			await server.stop();
		}
	});
});
