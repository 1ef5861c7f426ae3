import type { Machine } from "../api/host";
import type { RandomLibrary } from "../api/libraries";
import { bytesToText } from "../native/bytes";

/** `util.random`, on the machine's seeded bytes. */
export function createRandom(machine: Machine): RandomLibrary {
	return { bytes: (count) => bytesToText(machine.random_bytes(count)) };
}
