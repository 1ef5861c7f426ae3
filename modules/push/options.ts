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
