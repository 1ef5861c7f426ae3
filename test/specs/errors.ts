import { resolve } from "node:path";
import type { SpecProblem } from "../../bridge/spec";

/**
 * What ended a test, as an error whose stack is Lua's, in the form of V8's, so that vitest shows where it was.
 * @param problems at least one; each is the cause of the one before
 */
export function errorOf([problem, ...more]: readonly SpecProblem[]): Error {
	const { message = "", status } = problem!;
	const error = new Error(message, more.length > 0 ? { cause: errorOf(more) } : undefined);
	error.name = status === "failure" ? "AssertionError" : "Error";
	error.stack = [`${error.name}: ${message}`, ...frames(problem!)].join("\n");
	return error;
}

function frames({ traceback, file, line }: SpecProblem): string[] {
	const found = [...traceback.matchAll(/^\t(.*):(\d+): in (.*)$/gm)].map(([, path, row, what]) => {
		return `    at ${what} (${resolve(path!)}:${row}:1)`;
	});
	return found.length > 0 || file === undefined ? found : [`    at ${resolve(file)}:${line}:1`];
}
