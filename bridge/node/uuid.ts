import type { Machine } from "../api/host";
import type { UuidLibrary } from "../api/libraries";

/** `util.uuid`: random UUIDs (RFC 4122, version 4). */
export function createUuid(machine: Machine): UuidLibrary {
	const hex = (digits: number): string =>
		Buffer.from(machine.random_bytes(Math.ceil(digits / 2))).toString("hex").slice(0, digits);
	const variant = (): string => (machine.random_bytes(1)[0]! % 4 + 8).toString(16);
	return { generate: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${variant()}${hex(3)}-${hex(12)}` };
}
