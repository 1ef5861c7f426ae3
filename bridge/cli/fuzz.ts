import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomInt } from "node:crypto";
import { CommandError, EXIT, withFile } from "./errors";
import { Ticker, summaryLines } from "./fuzz-progress";
import { Watchdog } from "../fuzz/watchdog";
import { CorrectionError } from "../fuzz/corrections";
import { checkScenarios, readScenarios } from "./scenario-files";
import { chooseLanes, places } from "./lane-options";
import { correctOriginals, originalsOf } from "../fuzz/corrected";
import { findOriginal } from "../lanes/originals";
import { isReal } from "../lanes/lane";
import { laneStatuses } from "../lanes/status";
import { findingScript } from "../fuzz/finding-file";
import { fuzz } from "../fuzz/fuzz";
import { outputStyle, print } from "./terminal";
import { packageRoot } from "../package-root";
import { parseScenario } from "../scenario";
import { printable } from "../trace/characters";
import { correctionsIn, readCorrections } from "../fuzz/correction-file";
import type { Corrected } from "../fuzz/corrected";
import type { Finding } from "../fuzz/fuzz";
import type { LaneName } from "../lanes/lane";
import type { PlaceOptions } from "./lane-options";
import type { Places } from "../lanes/originals";
import type { Scenario } from "../scenario";

export interface FuzzOptions extends PlaceOptions {
	/** Those of the given scenarios if absent, or `cloud_notify`. */
	module?: string[];
	/** The first is the reference; `ts@node` and `original@fengari` if absent. */
	lanes?: LaneName[];
	runs: number;
	steps: number;
	/** Chosen at random if absent. */
	seed?: number;
	/** Ends it. */
	findings: number;
	/** Seconds after which a scenario is taken to be one that never ends. */
	limit: number;
	/** A file of corrections. */
	corrections?: string;
	/** The folder where findings are written; the working directory if absent. */
	output?: string;
	color: boolean;
}

const DEFAULT_LANES: readonly LaneName[] = ["ts@node", "original@fengari"];

/** Seconds that making a finding smaller may take. */
const PATIENCE = 60;

/**
 * `prosody-push fuzz`: runs random scenarios on several lanes, and writes those on which the lanes differ.
 * @param paths scenarios to take words from; the package's for the modules if empty
 * @returns the exit status
 */
export async function fuzzCommand(paths: readonly string[], options: FuzzOptions): Promise<number> {
	const { lanes = DEFAULT_LANES, runs, steps, limit, output = "." } = options;
	if (lanes.length < 2) throw new CommandError("expected two lanes or more, such as --lanes ts@node,original@fengari");
	const real = lanes.find(isReal);
	if (real !== undefined) {
		throw new CommandError(`--lanes ${real}: random scenarios wait for hours and days, which only simulated lanes pass over`);
	}
	if (!withFile(output, "read", () => statSync(output)).isDirectory()) {
		throw new CommandError(`--output ${output}: expected a folder`);
	}
	// A finding may take hours to come.
	withFile(output, "write", () => accessSync(output, constants.W_OK));
	const given = paths.length > 0 ? readScenarios(paths).map(({ scenario }) => scenario) : [];
	const modules = options.module ?? modulesOf(given);
	if (modules.length === 0) throw new CommandError("--module names none: expected one or more, such as cloud_notify");
	const where = places(options);
	chooseLanes(lanes, where, laneStatuses(where, modules));
	await checkModules(modules, lanes, where);
	const scenarios = given.length > 0 ? given : ownScenarios(modules);
	const corrected = lanes.some((lane) => lane.startsWith("original@"))
		? corrections(options.corrections, modules, where) : undefined;

	const seed = options.seed ?? randomInt(2 ** 32);
	print(`seed ${seed}: ${runs} runs of up to ${steps} steps on ${lanes.join(", ")}${seriesText(modules, lanes, where)}`);
	const command = commandText(paths, modules, lanes, options);
	const style = outputStyle(options);
	const ticker = new Ticker(runs);
	const watchdog = new Watchdog(limit);
	const found: { finding: Finding; path: string }[] = [];
	let isInterrupted = false;
	const interrupt = (): void => {
		isInterrupted = true;
	};
	process.once("SIGINT", interrupt);
	try {
		const settings = { modules, lanes, places: where, corrected, steps, scenarios, runs, seed, patience: PATIENCE };
		const result = await fuzz(settings, {
			isOver: () => isInterrupted || found.length >= options.findings,
			onScript: (run, script) => {
				const path = fileOf(output, run);
				const disagreements = [{ lane: "one of them", kind: "endless", text: `does not end within ${limit} seconds` }];
				watchdog.watch({
					path,
					script: findingScript({ seed: run, script, disagreements }, command),
					message: `\nprosody-push: ${path}: this did not end within ${limit} seconds\n`,
				});
			},
			onFinding: (finding) => {
				const path = fileOf(output, finding.seed);
				withFile(path, "write", () => writeFileSync(path, findingScript(finding, command)));
				found.push({ finding, path });
				ticker.clear();
				print(`${printable(path)}: ${printable(finding.disagreements[0]!.text)}`);
			},
			onProgress: (progress) => ticker.show(progress),
		});
		ticker.clear();
		const again = found[0] && `prosody-push compare ${found[0].path} --lanes ${lanes.join(",")}${placeText(options)}`;
		print(...summaryLines(result, seed, again, style));
		return found.length > 0 ? EXIT.differs : EXIT.ok;
	} finally {
		process.removeListener("SIGINT", interrupt);
		ticker.clear();
		await watchdog.close();
		corrected?.remove();
	}
}

function fileOf(folder: string, seed: number): string {
	return join(folder, `fuzz-${seed}.scs`);
}

/** Throws a CommandError for a module that one of the lanes has not got. */
async function checkModules(modules: readonly string[], lanes: readonly LaneName[], where: Places): Promise<void> {
	const script = [...modules.map((name) => `## module: ${name}`), "---", "1 second passes"].join("\n");
	const scenario = parseScenario(modules.map((name) => `mod_${name}`).join(", "), script);
	await checkScenarios([{ scenario, label: "", isOwn: false }], lanes, where, true);
}

/** The modules under test in scenarios; the package's own if there are none. */
function modulesOf(scenarios: readonly Scenario[]): string[] {
	return scenarios.length > 0 ? [...new Set(scenarios.flatMap(({ modules }) => modules))] : ["cloud_notify"];
}

/** The package's scenarios of the modules. */
function ownScenarios(modules: readonly string[]): Scenario[] {
	const folders = modules.map((name) => join(packageRoot(), "spec", "scenarios", name)).filter((path) => existsSync(path));
	if (folders.length === 0) {
		warn(`no scenarios of ${modules.join(", ")} to take words from: name some, or all that is said is general`);
		return [];
	}
	return readScenarios(folders).map(({ scenario }) => scenario);
}

/**
 * The corrected originals; undefined if there are no corrections, or none that fit.
 * @param named those of the first module, in place of the package's
 */
function corrections(named: string | undefined, modules: readonly string[], where: Places): Corrected | undefined {
	try {
		const files = correctionsIn(join(packageRoot(), "spec", "corrections"), [...originalsOf(modules, where).keys()]);
		if (named !== undefined) files.set(modules[0]!, withFile(named, "read", () => readCorrections(named)));
		return files.size === 0 ? undefined : correctOriginals(modules, where, files);
	} catch (error) {
		if (!(error instanceof CorrectionError)) throw error;
		if (named !== undefined) throw new CommandError(error.message);
		warn(`${error.message}. The corrections do not fit this original: known differences will count as differences`);
		return undefined;
	}
}

function warn(text: string): void {
	process.stderr.write(`prosody-push: ${printable(text)}\n`);
}

/** The series of the originals that run. */
function seriesText(modules: readonly string[], lanes: readonly LaneName[], where: Places): string {
	const series = lanes.some((lane) => lane.startsWith("original@"))
		? modules.flatMap((name) => findOriginal(name, where)?.series ?? []) : [];
	return series.length === 0 ? "" : ` (${[...new Set(series)].join(", ")})`;
}

/** The command that makes the same runs, without the seed and their number. */
function commandText(
	paths: readonly string[], modules: readonly string[], lanes: readonly LaneName[], options: FuzzOptions,
): string {
	const { steps, corrections: file } = options;
	return ["prosody-push fuzz", ...paths, `--module ${modules.join(",")} --lanes ${lanes.join(",")} --steps ${steps}`]
		.join(" ") + (file === undefined ? "" : ` --corrections ${file}`) + placeText(options);
}

function placeText({ original, prosodyRoot }: PlaceOptions): string {
	return (original === undefined ? "" : ` --original ${original}`)
		+ (prosodyRoot === "/" ? "" : ` --prosody-root ${prosodyRoot}`);
}
