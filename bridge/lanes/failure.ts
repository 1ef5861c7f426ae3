/** What went wrong when a scenario was run. */
export interface Failure {
	/** The step's line and text; absent if the scenario did not begin. */
	line?: number;
	step?: string;
	/** One line. */
	message: string;
	/** What should have come, and what came, laid out for a person. */
	expected?: string;
	received?: string;
	/** Where in the code it failed, if the scenario did not begin. */
	stack?: string;
}

/** What was thrown, on one line. */
export function firstLine(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return message.split("\n", 1)[0]!.replace(/:$/, "");
}
