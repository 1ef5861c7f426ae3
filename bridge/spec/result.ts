/** How a test ended. A failure is an expectation that was not met, an error anything else that was raised. */
export type SpecStatus = "success" | "failure" | "error" | "pending";

/** What ended a test, or a part of a spec file that is no test, before its end. */
export interface SpecProblem {
	readonly status: Exclude<SpecStatus, "success">;
	/** Starts with the place as Lua has it, a long path shortened; of a pending test, the reason. */
	readonly message?: string;
	/** The innermost file of Lua on the stack that is not the runner's, and the line in it. */
	readonly file?: string;
	readonly line?: number;
	/** The stack from there, a frame a line, without a heading; empty where there was none. */
	readonly traceback: string;
}

/** A test, or a part of a spec file that failed outside of tests. */
export interface SpecResult {
	/** `it`, `pending`; of a problem outside of tests `file`, `describe`, `before_each`, `strict_setup` … */
	readonly kind: string;
	/** Of the blocks around it from the outermost inwards, and its own; empty for a file. */
	readonly names: readonly string[];
	/** The spec file, as it was named. */
	readonly spec: string | undefined;
	/** Where it was written. */
	readonly file?: string;
	readonly line?: number;
	readonly status: SpecStatus;
	/** Empty after success. A test may have two: its own, and one of its `finally`. */
	readonly problems: readonly SpecProblem[];
}

/** Whether it is neither a success nor pending. */
export function isBad({ status }: SpecResult): boolean {
	return status === "failure" || status === "error";
}
