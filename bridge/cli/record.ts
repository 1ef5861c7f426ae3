import { dirname } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { EXIT, withFile } from "./errors";
import { checkScenarios, readScenarios } from "./scenario-files";
import { chooseLanes, places } from "./lane-options";
import { countOf } from "./comparison-text";
import { countPushes } from "../trace/pushes";
import { laneStatuses } from "../lanes/status";
import { print } from "./terminal";
import { printable } from "../trace/characters";
import { reasonNotToRun } from "../lanes/applies";
import { record } from "../lanes/record";
import { RECORDED_LANE, RecordingError } from "../lanes/recorded";
import type { NewRecording } from "../lanes/record";
import type { PlaceOptions } from "./lane-options";

export interface RecordOptions extends PlaceOptions {
	/** Which revision of the upstream modules it is, for people. */
	revision: string;
}

/**
 * `prosody-push record`: writes how scenarios go with upstream modules to files, which `compare` shows where these
 * modules are not installed.
 * @returns the exit status
 */
export async function recordCommand(paths: readonly string[], { revision, ...options }: RecordOptions): Promise<number> {
	const files = readScenarios(paths);
	const { recorded } = options;
	if (recorded !== undefined) {
		withFile(recorded, "write", () => mkdirSync(recorded, { recursive: true }));
	}
	const { recorded: folder, ...live } = places(options);
	chooseLanes([RECORDED_LANE], live, laneStatuses(live, files.flatMap(({ scenario }) => scenario.modules)));
	await checkScenarios(files, [RECORDED_LANE], live, true);
	let status: number = EXIT.ok;
	for (const { scenario } of files) {
		const reason = reasonNotToRun(scenario, RECORDED_LANE, live);
		if (reason !== undefined) {
			print(printable(`${scenario.file}: not recorded (${reason})`));
			continue;
		}
		try {
			save(await record(scenario, live, folder, revision));
		} catch (error) {
			if (!(error instanceof RecordingError)) throw error;
			// The others can be recorded all the same.
			process.stderr.write(`prosody-push: ${printable(error.message)}\n`);
			status = EXIT.usage;
		}
	}
	return status;
}

function save({ run: { recording, failure }, path, text }: NewRecording): void {
	withFile(path, "write", () => {
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	});
	const end = failure ? `, up to line ${failure.line}: ${failure.message}` : "";
	print(printable(`${path}: ${countOf(countPushes(recording.entries))}${end}`));
}
