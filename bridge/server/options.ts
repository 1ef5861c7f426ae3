import type { ModuleApi } from "../api";

/**
 * A number that a module of the server needs. Throws for any other value: what Prosody's module does when it is given nil
 * instead is not simulated.
 */
export function readNumber(module: ModuleApi, name: string, default_value: number): number {
	const value = module.get_option_number(name, default_value);
	if (value !== undefined) return value;
	throw new Error(`option ${name}: mod_${module.name} of the simulated server needs a number`);
}
