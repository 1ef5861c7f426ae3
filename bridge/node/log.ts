import type { LogFunction } from "../api/session";
import type { Machine } from "../api/host";
import { format } from "./format";

/** A function that logs to the machine under this source, such as `mod_smacks`. */
export function createLog(machine: Machine, source: string): LogFunction {
	return (level, message, ...args) => {
		machine.log({ at: machine.clock.now(), source, level, message: format(message, ...args) });
	};
}
