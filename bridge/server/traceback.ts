/** What was thrown, and where. */
export function traceback(error: unknown): string {
	return error instanceof Error ? error.stack ?? error.message : String(error);
}
