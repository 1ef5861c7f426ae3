import { EXIT } from "./errors";
import { chooseLanes, lacking, places } from "./lane-options";
import { checkExplained, checkScenarios, readScenarios, statusesFor } from "./scenario-files";
import { outputStyle, print, progress } from "./terminal";
import { comparisonJson } from "./comparison-json";
import { comparisonLines } from "./comparison-text";
import { compareScenarios } from "./compare-scenarios";
import { writeJson } from "../trace/json";
import type { LaneName } from "../lanes/lane";
import type { PlaceOptions } from "./lane-options";
import type { ScenarioResult } from "./compare-scenarios";

export interface CompareOptions extends PlaceOptions {
	lanes?: LaneName[];
	/** Whether the details of known differences are shown, too. */
	showKnown?: boolean;
	json?: boolean;
	color: boolean;
}

/**
 * `prosody-push compare`: runs scenarios on several lanes and shows where they differ.
 * @param paths scenarios or folders of them; those of the package if empty
 * @returns the exit status
 */
export async function compareCommand(paths: readonly string[], options: CompareOptions): Promise<number> {
	const files = readScenarios(paths);
	checkExplained(files);
	const where = places(options);
	const statuses = statusesFor(files, where);
	const lanes = referenceFirst(chooseLanes(options.lanes, where, statuses));
	await checkScenarios(files, lanes, where, options.lanes !== undefined);

	const all = await compareScenarios(files, lanes, where, (text) => progress.show(text)).finally(() => progress.clear());

	const compared = { lanes, upstream: where.upstream };
	const missing = statuses.filter(({ runs }) => !runs);
	if (options.json) {
		print(writeJson(comparisonJson(all, compared, missing), { lines: true }));
	} else {
		const showKnown = options.showKnown ?? files.length === 1;
		print(...comparisonLines(all, compared, options.lanes ? [] : lacking(missing), showKnown, outputStyle(options)));
	}
	return all.every(isFine) ? EXIT.ok : EXIT.differs;
}

function referenceFirst(lanes: readonly LaneName[]): LaneName[] {
	const reference = lanes.find((lane) => lane === "ts@node");
	return reference ? [reference, ...lanes.filter((lane) => lane !== reference)] : [...lanes];
}

/** Whether no expectation failed and no lane differs, save where the scenario says that it must. */
function isFine({ results }: ScenarioResult): boolean {
	return results.every(({ result }) => result !== "failed" && result !== "differs");
}
