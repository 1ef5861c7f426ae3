import { Command, CommanderError, InvalidArgumentError } from "commander";
import { CannotRun } from "../lanes/run";
import { CommandError, EXIT, isSystemError, systemMessage } from "./errors";
import { LANES } from "../lanes/lane";
import { ScenarioError } from "../scenario";
import { compareCommand } from "./compare";
import { join } from "node:path";
import { lanesCommand } from "./lanes";
import { locateCommand } from "./locate";
import { packageRoot } from "../package-root";
import { parseLane, parseLanes } from "./lane-options";
import { parseLogLevel } from "./log-text";
import { printable } from "../trace/characters";
import { readFileSync } from "node:fs";
import { recordCommand } from "./record";
import { RecordingError } from "../lanes/recorded";
import { runCommand } from "./run";
import { specCommand } from "./spec";
import type { CompareOptions } from "./compare";
import type { FuzzOptions } from "./fuzz";
import type { LanesOptions } from "./lanes";
import type { RecordOptions } from "./record";
import type { RunOptions } from "./run";
import type { SpecCommandOptions } from "./spec";

/** A week in seconds. Timers know no more than 24 days. */
const LONGEST_LIMIT = 7 * 24 * 3600;

/**
 * The command line as a process: does what the arguments say, and sets the exit status.
 * @param args without the names of the interpreter and the program
 */
export async function runMain(args: readonly string[]): Promise<void> {
	process.stdout.on("error", (error) => {
		// Whoever reads the output may stop reading.
		if (isSystemError(error) && error.code === "EPIPE") {
			process.exit();
		}
		process.exit(isSystemError(error)
			? complain(`cannot write to standard output: ${systemMessage(error)}`, EXIT.usage)
			: explain(error));
	});
	// Thrown where nobody waits for it, such as in a timer.
	process.on("uncaughtException", (error) => process.exit(explain(error)));
	process.exitCode = await carryOut(args).catch(explain);
}

/** @returns the exit status */
async function carryOut(args: readonly string[]): Promise<number> {
	let status: number = EXIT.ok;
	const program = new Command("prosody-push")
		.description("Runs Prosody's push modules in several places on the same scenarios and shows where they differ.")
		.version(version(), "-V, --version", "prints the version")
		.helpOption("-h, --help", "shows this help")
		.helpCommand(false)
		.showSuggestionAfterError(false)
		.configureOutput({ writeErr: () => undefined })
		.exitOverride();

	showing(program, "lanes", "shows which lanes can run here, and what is missing where one cannot")
		.option("--json", "as JSON")
		.action((options: LanesOptions) => lanesCommand(options));

	mixing(program, "run <scenario...>", "runs scenarios (.scs files, or folders of them) on one lane")
		.option("--lane <lane>", `one of ${LANES.join(", ")} (default: ts@node)`, parseLane)
		.option("--log <level>", "the server's log as well, from this level on: error, warn, info or debug", parseLogLevel,
			"warn")
		.option("--trace <file>", "writes the trace as JSON Lines; `-` prints it, and nothing else")
		.action(async (paths: string[], options: RunOptions) => {
			status = await runCommand(paths, options);
		});

	mixing(program, "compare [scenario...]", "runs scenarios on several lanes and shows where they differ; without "
		+ "any, those of the package")
		.option("--lanes <lanes>", "lanes, separated by commas (default: all that can run)", parseLanes)
		.option("--show-known", "shows known differences as well (default where one scenario is compared)")
		.option("--json", "as JSON")
		.action(async (paths: string[], options: CompareOptions) => {
			status = await compareCommand(paths, options);
		});

	command(program, "record <scenario...>", "records how scenarios go with upstream modules, to compare with where these are "
		+ "not installed")
		.option("--recorded <dir>", "the folder of recordings to write to (default: the package's)")
		.requiredOption("--revision <text>", "which revision of the upstream modules this is")
		.action(async (paths: string[], options: RecordOptions) => {
			status = await recordCommand(paths, options);
		});

	command(program, "fuzz [scenario...]", "runs random scenarios on several lanes, and writes those on which the lanes "
		+ "differ; what is said in them is taken from these scenarios, or those of the package")
		.option("--module <names>", "the modules under test, separated by commas (default: those of the scenarios)", parseList)
		.option("--lanes <lanes>", "lanes, separated by commas, the reference first (default: ts@node,original@fengari)",
			parseLanes)
		.option("--runs <n>", "how many scenarios", whole(1), 300)
		.option("--steps <n>", "how many steps one may have", whole(1), 60)
		.option("--seed <n>", "makes the same scenarios as another time (default: at random)", whole(0))
		.option("--findings <n>", "ends after so many scenarios on which lanes differ", whole(1), 10)
		.option("--limit <seconds>", "gives up on a scenario that takes longer, and ends", whole(1, LONGEST_LIMIT), 120)
		.option("--corrections <file>", "corrects known differences of the first module's original (default: the package's)")
		.option("--output <dir>", "where to write scenarios on which lanes differ (default: here)")
		.action(async (paths: string[], options: FuzzOptions) => {
			const { fuzzCommand } = await import("./fuzz");
			status = await fuzzCommand(paths, options);
		});

	described(program, "spec [file...]", "runs busted's specs (Lua files, or folders of them) in the Lua environment; "
		+ "without any, those that .busted names, or the folder spec")
		.option("--tags <tags>", "only tests with one of these #tags, separated by commas", parseTags)
		.option("--exclude-tags <tags>", "no tests with one of these #tags, separated by commas", parseTags)
		.option("--lpath <path>", "where `require` looks for what is no library of Prosody's, before the working directory")
		.option("--json", "as JSON")
		.action((paths: string[], options: SpecCommandOptions) => {
			status = specCommand(paths, options);
		});

	program.command("locate [file]")
		.description("prints a server's log (default: standard input), and names the TypeScript line where it names a line of "
			+ "the Lua build of this version")
		.helpOption("-h, --help", "shows this help")
		.action((path: string | undefined) => locateCommand(path));

	await program.parseAsync(args, { from: "user" });
	return status;
}

/** A command that may need a Prosody. */
function command(program: Command, usage: string, description: string): Command {
	return described(program, usage, description)
		.option("--original <path>", "an upstream .lua file or a folder of modules (default: where Prosody has them)")
		.option("--prosody-root <dir>", "the root of the file system that Prosody is installed in", "/");
}

/** A command that shows recordings. */
function showing(program: Command, usage: string, description: string): Command {
	return command(program, usage, description)
		.option("--recorded <dir>", "recordings to show for want of upstream modules (default: the package's)");
}

/** A command that can have upstream modules among ours. */
function mixing(program: Command, usage: string, description: string): Command {
	return showing(program, usage, description)
		.option("--with <name>", "takes this module from upstream on every lane, where ours run with it or on top of it; may repeat",
			collect);
}

function collect(name: string, before: readonly string[] = []): string[] {
	return [...before, name];
}

function described(program: Command, usage: string, description: string): Command {
	return program.command(usage)
		.description(description)
		.option("--no-color", "no colours, as on what is no terminal")
		.helpOption("-h, --help", "shows this help");
}

function parseList(text: string): string[] {
	return text.split(",").filter((part) => part !== "");
}

/** Tags stand in names behind a #, which says nothing here. */
function parseTags(text: string): string[] {
	return parseList(text).map((tag) => tag.replace(/^#/, ""));
}

/** Reads whole numbers. */
function whole(least: number, most = 2 ** 32 - 1): (text: string) => number {
	return (text) => {
		const number = Number(text);
		if (/^\d+$/.test(text) && number >= least && number <= most) return number;
		throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
	};
}

function version(): string {
	const text = readFileSync(join(packageRoot(), "package.json"), "utf8");
	return (JSON.parse(text) as { version: string }).version;
}

/** Says what went wrong. @returns the exit status */
function explain(error: unknown): number {
	if (error instanceof CommanderError) {
		if (error.exitCode === 0) {
			return EXIT.ok;
		}
		const message = error.code === "commander.help" ? "no command given" : error.message.replace(/^error: |\.$/g, "");
		return complain(`${message}; see prosody-push --help`, EXIT.usage);
	}
	if (error instanceof CommandError) {
		return complain(error.message, error.status);
	}
	if (error instanceof ScenarioError || error instanceof CannotRun || error instanceof RecordingError) {
		return complain(error.message, EXIT.usage);
	}
	if (isSystemError(error) && error.path !== undefined) {
		return complain(`cannot read ${error.path}: ${systemMessage(error)}`, EXIT.usage);
	}
	process.stderr.write(`prosody-push: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
	return EXIT.usage;
}

function complain(message: string, status: number): number {
	process.stderr.write(`prosody-push: ${printable(message)}\n`);
	return status;
}
