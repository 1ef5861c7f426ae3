import type { LogFunction } from "../api/session";
import type { Machine } from "../api/host";
import { format } from "./format";

/** A function that logs to the machine under this source, such as `mod_smacks`. */
export function createLog(machine: Machine, source: string): LogFunction {
	const { log_levels } = machine;
	return (level, message, ...args) => {
		if (log_levels?.includes(level) === false) return;
		machine.log({ at: machine.clock.now(), source, level, message: format(message, ...args) });
	};
}
