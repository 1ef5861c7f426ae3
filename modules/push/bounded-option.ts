import type { ModuleApi } from "../../bridge/api";
import { get_number } from "./options";

/** Keeps to bounds, which Prosody 0.12 cannot. */
export function get_number_between(
	module: ModuleApi, name: string, default_value: number, least: number, most: number,
): number {
	const value = get_number(module, name, default_value);
	const used = Math.max(least, Math.min(most, value));
	// What is no number is not even equal to itself.
	if (used === value) return value;
	const bounded = used >= least ? used : default_value;
	module.log("error", "Config option '%s' must be between %s and %s, not %s; using %s", name, least, most, value, bounded);
	return bounded;
}
