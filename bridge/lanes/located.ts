import { atTypeScript } from "../lua-build";
import type { Failure } from "./failure";
import type { LaneName } from "./lane";
import type { LaneRun } from "./run";

/** A run whose log and failure name the TypeScript line where Lua named one of the Lua build. */
export function located(lane: LaneName, run: LaneRun): LaneRun {
	if (!lane.startsWith("lua@")) {
		return run;
	}
	return {
		...run,
		log: run.log.map((line) => ({ ...line, message: atTypeScript(line.message) })),
		failure: run.failure && locatedFailure(run.failure),
	};
}

function locatedFailure({ message, stack, ...failure }: Failure): Failure {
	return { ...failure, message: atTypeScript(message), stack: stack === undefined ? undefined : atTypeScript(stack) };
}
