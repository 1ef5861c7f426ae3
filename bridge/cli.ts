import { Command, CommanderError } from "commander";
import { CannotRun } from "./lanes/run";
import { CommandError, EXIT } from "./cli/errors";
import { LANES } from "./lanes/lane";
import { ScenarioError } from "./scenario";
import { compareCommand } from "./cli/compare";
import { join } from "node:path";
import { lanesCommand } from "./cli/lanes";
import { packageRoot } from "./package-root";
import { parseLane, parseLanes } from "./cli/lane-options";
import { parseLogLevel } from "./cli/log-text";
import { printable } from "./trace/characters";
import { readFileSync } from "node:fs";
import { runCommand } from "./cli/run";
import type { CompareOptions } from "./cli/compare";
import type { LanesOptions } from "./cli/lanes";
import type { RunOptions } from "./cli/run";

/** @returns the exit status */
async function main(args: readonly string[]): Promise<number> {
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
		.option("--lane <lane>", `one of ${LANES.join(", ")}`, parseLane, "ts@node")
		.option("--log <level>", "the server's log as well, from this level on: error, warn, info or debug", parseLogLevel,
			"warn")
		.option("--trace <file>", "writes the trace as JSON Lines; `-` prints it, and nothing else")
		.action(async (paths: string[], options: RunOptions) => {
			status = await runCommand(paths, options);
		});

	command(program, "compare [scenario...]", "runs scenarios on several lanes and shows where they differ; without "
		+ "any, those of the package")
		.option("--lanes <lanes>", "lanes, separated by commas (default: all that can run)", parseLanes)
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
		const message = error.code === "commander.help" ? "no command given" : error.message.replace(/^error: /, "");
		return complain(`${message}; see prosody-push --help`, EXIT.usage);
	}
	if (error instanceof CommandError) {
		return complain(error.message, error.status);
	}
	if (error instanceof ScenarioError || error instanceof CannotRun) {
		return complain(error.message, EXIT.usage);
	}
	throw error;
}

function complain(message: string, status: number): number {
	process.stderr.write(`prosody-push: ${printable(message)}\n`);
	return status;
}

// Whoever reads the output may stop reading.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code !== "EPIPE") {
		throw error;
	}
	process.exit();
});

// Errors of modules and of our own show where they happened.
process.setSourceMapsEnabled(true);
process.exitCode = await main(process.argv.slice(2)).catch(explain);
