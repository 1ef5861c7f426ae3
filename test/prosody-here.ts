import { it, type TestFunction } from "vitest";

/** Root file systems that may hold a Prosody: this machine's, and those in `PROSODY_ROOTS`, separated by colons. */
export const prosodyRoots: readonly string[] = ["/", ...listed(process.env.PROSODY_ROOTS)];

/** The folders in an environment variable, which separates them by colons. */
export function listed(folders: string | undefined): string[] {
	return (folders ?? "").split(":").filter((folder) => folder !== "");
}

/**
 * A test that needs what not every machine has.
 * @param lacking what of it is not here: the test is skipped, saying so; where `PROSODY_REQUIRED` is set, it fails
 * instead. Undefined: all is here, and the test runs.
 * @param timeout in milliseconds; vitest's own if absent
 */
export function itUnlessLacking(
	lacking: string | undefined, name: string, test: TestFunction, timeout?: number,
): void {
	if (lacking === undefined) {
		it(name, test, timeout);
	} else {
		itLacks(lacking, name);
	}
}

/**
 * A test that cannot run, for what is not here: skipped or failed as above.
 * @param required the variable of the environment by which it fails
 */
export function itLacks(what: string, name: string, required = "PROSODY_REQUIRED"): void {
	if (process.env[required]) {
		it(name, () => {
			throw new Error(`${what}, and ${required} is set`);
		});
	} else {
		it(name, (context) => context.skip(what));
	}
}
