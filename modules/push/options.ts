import type { ModuleApi } from "../../bridge/api";

// For a value that is not understood Prosody logs an error and gives nil: then the default counts.

export function get_number(module: ModuleApi, name: string, default_value: number): number {
	return module.get_option_number(name, default_value) ?? default_value;
}

export function get_boolean(module: ModuleApi, name: string, default_value: boolean): boolean {
	return module.get_option_boolean(name, default_value) ?? default_value;
}

export function get_string(module: ModuleApi, name: string, default_value: string): string {
	return module.get_option_string(name, default_value) ?? default_value;
}

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
