import type { ModuleApi } from "../../bridge/api";

/** An option that is a number. Prosody logs an error for what is none, and gives nil: then the default counts. */
export function get_number(module: ModuleApi, name: string, default_value: number): number {
	const value: number | undefined = module.get_option_number(name, default_value);
	return value ?? default_value;
}
