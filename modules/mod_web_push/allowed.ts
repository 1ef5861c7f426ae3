import type { ModuleApi } from "../../bridge/api";
import { fold_authority, read_host_name } from "./host-name";

const default_port = 443;
const default_port_suffix = `:${String(default_port)}`;

/** Which push services an operator lets clients name. */
export interface AllowedServices {
	/** `web_push_services`: true for every host if it is not set. */
	has_host(this: void, host: string): boolean;
	/** `web_push_ports` @param port as it stands in an endpoint; nil if none does */
	has_port(this: void, port: string | undefined): boolean;
	/** `web_push_internal_services` @param authority host and port as they stand in an endpoint, in lower case */
	has_internal(this: void, authority: string): boolean;
}

/** Without the port, if it is the one that `https` has anyway. */
export function without_default_port(authority: string): string {
	if (!authority.endsWith(default_port_suffix)) return authority;
	return authority.split(":").slice(0, -1).join(":");
}

/** Of a list what `read` understands; with an error in the log for the rest, which never allows anything. */
function get_list(
	module: ModuleApi, name: string, wanted: string, read: (this: void, item: unknown) => string | undefined,
): string[] | undefined {
	const items = module.get_option_array(name);
	if (items === undefined) return undefined;
	const understood: string[] = [];
	for (const item of items) {
		const value = read(item);
		if (value === undefined) module.log("error", "Config option '%s' has an item that is no %s: %s", name, wanted, item);
		else understood.push(value);
	}
	return understood;
}

/** A host name, or `*.` and one. */
function read_service(item: unknown): string | undefined {
	if (typeof item !== "string") return undefined;
	if (!item.startsWith("*.")) return read_host_name(item);
	const above = read_host_name(item.split(".").slice(1).join("."));
	return above === undefined ? undefined : `*.${above}`;
}

function read_port(item: unknown): string | undefined {
	if (typeof item !== "number" || !(item >= 1 && item <= 65535) || item !== Math.floor(item)) return undefined;
	return String(Math.floor(item));
}

function read_authority(item: unknown): string | undefined {
	if (typeof item !== "string" || item === "" || ["/", "@", "#", "?", "\\", " "].some((other) => item.includes(other))) {
		return undefined;
	}
	return without_default_port(fold_authority(item));
}

/** The names under which a host is allowed: its own, and `*.` with each that it is below of. */
function names_for(host: string): string[] {
	const labels = host.split(".");
	return [host, ...labels.slice(1).map((_label, index) => `*.${labels.slice(index + 1).join(".")}`)];
}

export function allowed_services(module: ModuleApi): AllowedServices {
	const services = get_list(module, "web_push_services", "host name", read_service);
	const ports = get_list(module, "web_push_ports", "port", read_port) ?? [];
	const internal = get_list(module, "web_push_internal_services", "host with a port", read_authority) ?? [];
	if (ports.length === 0) ports.push(String(default_port));

	return {
		has_host: (host) => services === undefined || names_for(host).some((name) => services.includes(name)),
		has_port: (port) => ports.includes(port ?? String(default_port)),
		has_internal: (authority) => internal.includes(without_default_port(authority)),
	};
}
