import { CommandError, EXIT, withFile } from "./errors";
import { ConfigurationError, isBad, readConfiguration, runSpecs, specFiles } from "../spec";
import { LuaError } from "../fengari/errors";
import { outputStyle, print } from "./terminal";
import { specText } from "./spec-text";
import type { SpecConfiguration, SpecResult } from "../spec";

/** What the command line says. */
export interface SpecCommandOptions {
	tags?: string[];
	excludeTags?: string[];
	lpath?: string;
	json?: boolean;
	color: boolean;
}

/**
 * `prosody-push spec`: runs busted's specs in the Lua environment and shows what failed. What is not said is as the
 * working directory's `.busted` has it, or else as busted does.
 * @returns the exit status
 */
export function specCommand(paths: readonly string[], options: SpecCommandOptions): number {
	const { tags, excludeTags, lpath } = options;
	const configuration = configurationHere();
	const chosen: SpecConfiguration = {
		...configuration,
		...paths.length > 0 && { paths },
		...tags && { tags },
		...excludeTags && { excludeTags },
		...lpath !== undefined && { lpath },
	};
	const both = chosen.tags?.find((tag) => chosen.excludeTags?.includes(tag));
	if (both !== undefined) {
		throw new CommandError(`the tag ${both} cannot be both asked for and excluded`);
	}
	const files = filesOf(chosen);
	const started = performance.now();
	const results = run(files, chosen, options.json === true);
	if (options.json) {
		print(JSON.stringify(results, undefined, "\t"));
	} else {
		print(...specText(results, (performance.now() - started) / 1000, outputStyle(options)));
	}
	return results.some(isBad) ? EXIT.differs : EXIT.ok;
}

function configurationHere(): SpecConfiguration {
	try {
		return readConfiguration(".busted");
	} catch (error) {
		throw error instanceof ConfigurationError ? new CommandError(error.message) : error;
	}
}

function filesOf({ paths = ["spec"], ...options }: SpecConfiguration): string[] {
	const files = withFile(paths.join(", "), "read", () => specFiles(paths, options));
	if (files.length === 0) {
		const { patterns = ["_spec"] } = options;
		const expected = `expected .lua files with ${patterns.join(" or ")} in their names`;
		throw new CommandError(`${paths.join(", ")} holds no spec: ${expected}`);
	}
	return files;
}

function run(files: readonly string[], options: SpecConfiguration, printsToStderr: boolean): SpecResult[] {
	try {
		return runSpecs(files, { ...options, printsToStderr });
	} catch (error) {
		// Nothing else runs outside of what the specs report.
		if (error instanceof LuaError && options.helper !== undefined) {
			throw new CommandError(`the helper ${options.helper} failed: ${error.message}`);
		}
		throw error;
	}
}
