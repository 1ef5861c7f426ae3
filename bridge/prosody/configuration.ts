import { CONTROL_MODULE, PUSH_SERVICE_CERTIFICATE } from "./folder";
import type { ServerFolder } from "./folder";
import type { Setting } from "./setting";

/** What the simulated server has, beside the modules that Prosody loads by itself. */
const MODULES = ["roster", "saslauth", "disco", "ping", "carbons", "csi", "csi_simple", "mam", "smacks"];

export interface Ports {
	c2s: number;
	component: number;
}

export interface Configuration {
	folder: ServerFolder;
	ports: Ports;
	/** Where the control module finds us. */
	control: { port: number; secret: string };
	/** Whether the root has the community modules for SASL2 and Bind 2. */
	sasl2: boolean;
	setting: Setting;
}

/**
 * The text of Prosody's configuration file: on the loopback interface, for clients and components alone, in the clear.
 * @throws Error for what cannot be written into one: the name of an option that is no name in Lua
 */
export function configurationText({ folder, ports, control, sasl2, setting }: Configuration): string {
	const modules = [...MODULES, ...(sasl2 ? ["sasl2", "sasl2_bind2"] : []), "admin_shell", CONTROL_MODULE];
	const lines = [
		`data_path = ${quote(folder.inside("data"))}`,
		`plugin_paths = { ${quote(folder.inside("modules"))}, ${quote(folder.inside("control"))} }`,
		`pidfile = ${quote(folder.inside("prosody.pid"))}`,
		`admin_socket = ${quote(folder.inside("prosody.sock"))}`,
		`log = { { levels = { min = "debug" }, to = "file", filename = ${quote(folder.inside("prosody.log"))} } }`,
		// In a namespace of our own we are root, too.
		"run_as_root = true",
		`prosody_push_port = ${control.port}`,
		`prosody_push_secret = ${quote(control.secret)}`,
		`prosody_push_folder = ${quote(folder.inside(""))}`,
		"interfaces = { \"127.0.0.1\" }",
		"local_interfaces = { \"127.0.0.1\" }",
		`c2s_ports = { ${ports.c2s} }`,
		`component_ports = { ${ports.component} }`,
		...["c2s_direct_tls", "legacy_ssl", "s2s", "s2s_direct_tls", "http", "https"].map((name) => `${name}_ports = {}`),
		// Small stanzas in a row would each wait for the receiver's delayed acknowledgement (Nagle). And a turn of the event
		// loop with a timer due takes no millisecond; with 0, 13.0 would not look at the sockets in it.
		"network_settings = { nagle = false, min_wait = 1e-6 }",
		`client_https_ssl = { cafile = ${quote(folder.inside(PUSH_SERVICE_CERTIFICATE))} }`,
		"storage = \"internal\"",
		"authentication = \"internal_plain\"",
		"allow_unencrypted_plain_auth = true",
		"c2s_require_encryption = false",
		"s2s_require_encryption = false",
		`modules_enabled = { ${modules.map(quote).join(", ")} }`,
		"",
		"VirtualHost \"localhost\"",
		...Object.entries(setting.options).map(([name, literal]) => `\t${optionName(name)} = ${literal}`),
	];
	for (const { jid, password } of setting.components) {
		lines.push("", `Component ${quote(jid)}`, `\tcomponent_secret = ${quote(password)}`);
	}
	return `${lines.join("\n")}\n`;
}

/** As a string literal of Lua, byte by byte where it is not plain. */
function quote(text: string): string {
	const bytes = [...Buffer.from(text, "utf8")].map((byte) => {
		const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
		return isPlain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
	});
	return `"${bytes.join("")}"`;
}

function optionName(name: string): string {
	if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
	throw new Error(`${JSON.stringify(name)} is no name of an option that a configuration file can have`);
}
