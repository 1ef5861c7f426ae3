import type { HostObject, Prosody } from "../api/prosody";
import type { Host, Machine } from "../api/host";
import { createEvents } from "./events";
import { createLibraries, createRequire } from "./libraries";
import { createLog } from "./log";
import { createStorage } from "./storage";
import { createTimers } from "./timer";
import { isTable, table } from "./table";
import { librariesOf } from "../native/series";
import { ModuleManager } from "./module-manager";
import { parseOptions } from "./options";

/** The version of Prosody whose behaviour the host follows. */
const PROSODY_VERSION = "0.12.3";
const LOCALHOST = "localhost";

function withoutRouter(name: string): () => never {
	return () => {
		throw new Error(`There is no server on this host yet that provides prosody.${name}`);
	};
}

function createProsody(): Prosody {
	return {
		hosts: table(),
		full_sessions: table(),
		bare_sessions: table(),
		events: createEvents(),
		version: PROSODY_VERSION,
		platform: "posix",
		core_process_stanza: withoutRouter("core_process_stanza"),
		core_post_stanza: withoutRouter("core_post_stanza"),
		core_route_stanza: withoutRouter("core_route_stanza"),
	};
}

/**
 * A server instance on Node with the host `localhost`, on which TypeScript modules run. Routing is not its part: the
 * server puts the functions `core_*_stanza` into `prosody`.
 *
 * Throws for an option of the machine that is no Lua literal.
 */
export function createNodeHost(machine: Machine): Host {
	const log = (source: string) => createLog(machine, source);
	const options = parseOptions(machine.options);
	const prosody = createProsody();
	const storage = createStorage(machine.disk, log("datamanager"));
	const timer = createTimers(machine.clock, log("timer"));
	const libraries = createLibraries(machine, prosody, storage, timer);
	const require = createRequire(librariesOf(machine.series, libraries));

	function create_host(name: string, type: HostObject["type"]): void {
		if (prosody.hosts[name] !== undefined) throw new Error(`The host ${name} exists already`);
		const host = table<unknown>() as unknown as HostObject;
		host.host = name;
		host.type = type;
		host.events = createEvents();
		host.send = (stanza) => {
			prosody.core_route_stanza(undefined, stanza);
			return true;
		};
		host.close = (reason) => {
			log("hostmanager")("debug", "Attempt to close host session %s with reason: %s", name, reason);
		};
		host.modules = table();
		if (type === "local") host.sessions = table();
		prosody.hosts[name] = host;
		// The payload is the name itself, no table.
		prosody.events.fire_event("host-activated", name as unknown as object);
	}

	create_host(LOCALHOST, "local");
	const modules = new ModuleManager(prosody, require, prosody.hosts[LOCALHOST]!, log("modulemanager"), {
		prosody, options, storage, timer, errors: libraries["util.error"], log,
	}, machine.find_module);
	return {
		prosody,
		require,
		table: (fields) => isTable(fields) ? table(fields) as typeof fields : fields,
		create_host,
		load: (name, source) => modules.load(name, source),
		unload: (name) => modules.unload(name),
		reload: (name) => modules.reload(name),
		stop: () => timer.stop_all(),
	};
}
