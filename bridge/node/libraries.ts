import type { Libraries, Require } from "../api/libraries";
import type { Machine } from "../api/host";
import type { Prosody } from "../api/prosody";
import type { Storage } from "./storage";
import type { Timers } from "./timer";
import { cacheLibrary } from "./cache";
import { createBasicResolvers } from "./basic-resolver";
import { createCrypto } from "./crypto";
import { createDatetime } from "./datetime";
import { createErrors } from "./error";
import { createHttp } from "./http";
import { createId } from "./id";
import { createJwt } from "./jwt";
import { createLog } from "./log";
import { createRandom } from "./random";
import { createRostermanager } from "./rostermanager";
import { createTime } from "./time";
import { createUuid } from "./uuid";
import { createWatchdog } from "./watchdog";
import { dataformsLibrary } from "./dataforms";
import { encodingsLibrary } from "./encodings";
import { filtersLibrary } from "./filters";
import { hashesLibrary } from "./hashes";
import { httpEncodingsLibrary } from "./http-encodings";
import { ipLibrary } from "./ip";
import { jidLibrary } from "./jid";
import { jsonLibrary } from "./json";
import { opensslCipherLibrary } from "./openssl-cipher";
import { promiseLibrary } from "./promise";
import { setLibrary } from "./set";
import { stanzaLibrary } from "./stanza";
import { xmlLibrary } from "./xml";

/** The libraries of one server instance: all but Prosody's own event loop. */
export function createLibraries(
	machine: Machine, prosody: Prosody, storage: Storage, timers: Timers,
): Omit<Libraries, "net.server"> {
	const id = createId(machine);
	const errors = createErrors(id);
	const resolvers = createBasicResolvers(machine);
	return {
		"util.stanza": stanzaLibrary,
		"util.jid": jidLibrary,
		"util.dataforms": dataformsLibrary,
		"util.hashes": hashesLibrary,
		"util.random": createRandom(machine),
		"util.cache": cacheLibrary,
		"util.watchdog": createWatchdog(machine.clock, timers),
		"util.encodings": encodingsLibrary,
		"util.http": httpEncodingsLibrary,
		"util.id": id,
		"util.uuid": createUuid(machine),
		"util.datetime": createDatetime(machine.clock),
		"util.timer": timers,
		"util.logger": { init: (source) => createLog(machine, source) },
		"util.time": createTime(machine.clock),
		"util.set": setLibrary,
		"util.json": jsonLibrary,
		"util.error": errors,
		"util.promise": promiseLibrary,
		"util.xml": xmlLibrary,
		"util.filters": filtersLibrary,
		"util.jwt": createJwt(machine.clock),
		"util.crypto": createCrypto(machine),
		"openssl.cipher": opensslCipherLibrary,
		"util.ip": ipLibrary,
		"net.http": createHttp(machine, errors, resolvers, createLog(machine, "http")),
		"net.resolvers.basic": resolvers,
		"core.rostermanager": createRostermanager(prosody, storage),
	};
}

/** `require`, in both spellings: `util.stanza` and `prosody.util.stanza`. */
export function createRequire(libraries: Partial<Libraries>): Require {
	return (name) => {
		const known = name.replace(/^prosody\./, "") as keyof Libraries;
		if (!Object.hasOwn(libraries, known)) {
			throw new Error(`module '${name}' not found: the Node host has no library ${JSON.stringify(name)}`);
		}
		return libraries[known] as never;
	};
}
