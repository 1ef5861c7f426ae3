import type { Machine } from "../api/host";
import type { IdLibrary } from "../api/libraries";

/** `util.id`: random text in URL-safe base64. */
export function createId(machine: Machine): IdLibrary {
	const id = (bytes: number) => (): string => Buffer.from(machine.random_bytes(bytes)).toString("base64url");
	return { short: id(9), medium: id(18), long: id(27) };
}
