import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect } from "vitest";
import type { KeyvalStore, PushRegistration } from "../../bridge/api";
import { createDirectoryDisk, createNodeHost } from "../../bridge/node";
import { createClock } from "../../bridge/server/clock";
import { itWithDatamanager, runInProsody } from "./installed";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What happens in a module of ours whose data is kept in this folder. */
function withStore<Result>(act: (store: KeyvalStore<Record<string, PushRegistration>>) => Result): Result {
	const host = createNodeHost({
		clock: createClock(1_700_000_000),
		disk: createDirectoryDisk(folder),
		random_bytes: (count) => new Uint8Array(count),
		options: {},
		log: () => undefined,
	});
	let result: Result | undefined;
	host.load("cloud_notify", { typescript: (module) => {
		result = act(module.open_store<Record<string, PushRegistration>>());
	} });
	host.stop();
	return result!;
}


const user = "Ünï%c_ode&co.";

const registration: PushRegistration = {
	jid: "push.localhost",
	node: "\"quoted\"\n\\back\t\u0001 é €",
	timestamp: 1_700_000_000,
	// A serialized stanza has its children at 1, 2, … in files.
	options: Object.assign({ name: "x", attr: { xmlns: "jabber:x:data", type: "submit" } },
		{ 1: { name: "field", attr: { var: "secret" } } }),
};

describe("Prosody's own datamanager", () => {
	itWithDatamanager("reads what ours wrote", (prosody) => {
		withStore((store) => store.set(user, { "push.localhost<n": registration }));
		const shown = runInProsody(prosody, folder, `
			local data = assert(dm.load(arg[2], "localhost", "cloud_notify"))["push.localhost<n"];
			io.write(table.concat({
				data.jid, data.node, string.format("%d", data.timestamp), data.options.name, data.options.attr.type,
				data.options[1].attr.var, math.type(data.timestamp)
			}, "|"));
		`, user);
		expect(shown).toBe(`${registration.jid}|${registration.node}|1700000000|x|submit|secret|integer`);
	});

	itWithDatamanager("writes what ours reads, in the same file", (prosody) => {
		withStore((store) => store.set(user, {}));
		withStore((store) => store.set(user, { "push.localhost<n": registration }));
		const before = readdirSync(join(folder, "localhost", "cloud_notify"));
		runInProsody(prosody, folder, `
			local data = dm.load(arg[2], "localhost", "cloud_notify");
			data["push.localhost<n"].node = data["push.localhost<n"].node.."!";
			data["other<"] = { jid = "other", timestamp = 5 };
			assert(dm.store(arg[2], "localhost", "cloud_notify", data));
		`, user);
		expect(readdirSync(join(folder, "localhost", "cloud_notify"))).toEqual(before);
		expect(withStore((store) => store.get(user)[0])).toEqual({
			"push.localhost<n": { ...registration, node: `${registration.node}!` },
			"other<": { jid: "other", timestamp: 5 },
		});
	});
});
