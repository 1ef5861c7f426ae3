import { Command, CommanderError } from "commander";
import { CannotRun } from "../lanes/run";
import { CommandError, EXIT, isSystemError, systemMessage } from "./errors";
import { LANES } from "../lanes/lane";
import { ScenarioError } from "../scenario";
import { compareCommand } from "./compare";
import { join } from "node:path";
import { lanesCommand } from "./lanes";
import { packageRoot } from "../package-root";
import { parseLane, parseLanes } from "./lane-options";
import { parseLogLevel } from "./log-text";
import { printable } from "../trace/characters";
import { readFileSync } from "node:fs";
import { runCommand } from "./run";
import type { CompareOptions } from "./compare";
import type { LanesOptions } from "./lanes";
import type { RunOptions } from "./run";

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

	command(program, "lanes", "shows which lanes can run here, and what is missing where one cannot")
		.option("--json", "as JSON")
		.action((options: LanesOptions) => lanesCommand(options));

	command(program, "run <scenario...>", "runs scenarios (.scs files, or folders of them) on one lane")
		.option("--lane <lane>", `one of ${LANES.join(", ")} (default: ts@node)`, parseLane)
		.option("--log <level>", "the server's log as well, from this level on: error, warn, info or debug", parseLogLevel,
			"warn")
		.option("--trace <file>", "writes the trace as JSON Lines; `-` prints it, and nothing else")
		.action(async (paths: string[], options: RunOptions) => {
			status = await runCommand(paths, options);
		});

	command(program, "compare [scenario...]", "runs scenarios on several lanes and shows where they differ; without "
		+ "any, those of the package")
		.option("--lanes <lanes>", "lanes, separated by commas (default: all that can run)", parseLanes)
		.option("--show-known", "shows known differences as well (default where one scenario is compared)")
		.option("--json", "as JSON")
		.action(async (paths: string[], options: CompareOptions) => {
			status = await compareCommand(paths, options);
		});

	await program.parseAsync(args, { from: "user" });
	return status;
}

function command(program: Command, usage: string, description: string): Command {
	return program.command(usage)
		.description(description)
		.option("--original <path>", "an upstream .lua file or a folder of modules (default: where Prosody has them)")
		.option("--prosody-root <dir>", "the root of the file system that Prosody is installed in", "/")
		.option("--no-color", "no colours, as on what is no terminal")
		.helpOption("-h, --help", "shows this help");
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
	if (error instanceof ScenarioError || error instanceof CannotRun) {
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
