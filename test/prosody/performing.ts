import { afterAll, beforeAll } from "vitest";
import { createFengariHost } from "../../bridge/fengari";
import { itUnlessLacking } from "../prosody-here";
import { missingFor } from "../../bridge/prosody/root";
import { perform, SimulatedStage, type Outcome, type Scenario, type Stage } from "../../bridge/scenario";
import { startProsody, type ModuleFile, type ProsodyServer } from "../../bridge/prosody/server";

/** A server of this root for the tests of a block, which say why where it cannot run. */
export function prosodyFor(root: string): { it: (name: string, test: () => Promise<void>) => void; readonly server: ProsodyServer } {
	const missing = missingFor(root);
	let server: ProsodyServer | undefined;
	beforeAll(async () => {
		if (!missing) server = await startProsody(root);
	});
	afterAll(async () => {
		await server?.stop();
	});
	return {
		it: (name, test) => itUnlessLacking(missing?.missing, name, test, 20_000),
		get server() {
			return server!;
		},
	};
}

/** Performs a scenario on a stage, which is closed then. */
export async function performOn(stage: Stage, scenario: Scenario): Promise<Outcome> {
	try {
		return await perform(scenario, stage);
	} finally {
		await stage.close();
	}
}

/** Performs a scenario on the simulated server, as the Prosody of this version does it. */
export function performSimulated(scenario: Scenario, module: ModuleFile, version: string): Promise<Outcome> {
	return performOn(new SimulatedStage(scenario, {
		createHost: createFengariHost,
		modules: [[module.name, { lua: module.path }]],
		series: version.startsWith("0.") ? "0.12" : "13.0",
	}), scenario);
}

/** The step that failed, and why; undefined if none did. */
export function failureOf({ steps }: Outcome): string | undefined {
	const { text, failure } = steps.at(-1)!;
	return failure && `${text} ${failure.message}`;
}
