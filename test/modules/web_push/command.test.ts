import { afterEach, describe, expect, it, vi } from "vitest";
import type { Disk, Require } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node";
import { web_push_command } from "../../../modules/mod_web_push/command";
import { open_server_key } from "../../../modules/mod_web_push/server-key";
import { HOST_NAMES, World, type HostName } from "../../server/world";
import { AUTH, ENDPOINT, identifierOf, P256DH } from "./subscribing";

// What it does in prosodyctl itself: test/prosody/web-push-command.test.ts.

const KEYS = ["localhost", "web_push_keys", undefined] as const;

/** The command as prosodyctl runs it, on the data of `localhost` on this disk: its exit status and what it prints. */
function run(host: HostName, disk: Disk, ...words: string[]): [status: unknown, ...lines: string[]] {
	const lines: string[] = [];
	vi.stubGlobal("print", (line: string) => void lines.push(line));
	let status: unknown;
	new World(host, {}, disk).load("web_push", (module, prosody, require) => {
		const storagemanager = {
			initialize_host: () => undefined,
			open: (_: string, store: string) => module.open_store(store),
		};
		const with_storage = ((name) => (name as string) === "core.storagemanager" ? storagemanager : require(name)) as Require;
		status = web_push_command(module, prosody, with_storage)(words);
	});
	return [status, ...lines];
}

/** A disk on which the module was loaded once. */
function used(host: HostName): { disk: Disk; public_key: string } {
	const disk = createMemoryDisk();
	let public_key = "";
	new World(host, {}, disk).load("web_push", (module, _, require) => {
		({ public_key } = open_server_key(module, require, require("util.crypto")));
	});
	return { disk, public_key };
}

function subscription(endpoint: string, server_key: string): string {
	return `["${identifierOf(endpoint)}"] = { ["endpoint"] = "${endpoint}"; ["p256dh"] = "${P256DH}"; ["auth"] = "${AUTH}"; `
		+ `["timestamp"] = 5; ["server_key"] = "${server_key}" };`;
}

afterEach(() => void vi.unstubAllGlobals());

describe.each(HOST_NAMES)("the command of mod_web_push on %s", (host) => {
	it("counts what can be used, and says what it cannot read", () => {
		const { disk, public_key } = used(host);
		disk.write("localhost", "web_push", "juliet", `return { ${subscription(ENDPOINT, public_key)} ${subscription(`${ENDPOINT}/2`, "another")} };`);
		disk.write("localhost", "web_push", "nurse", 'return { ["foo"] = "https://push.services.org/" };');
		expect(run(host, disk, "show", "localhost")).toEqual([
			0, `Public key: ${public_key}`, "Made: 2024-01-01T00:00:00Z", "Subscribed for it: 1 subscription of 1 user",
		]);
		disk.write("localhost", "web_push", "romeo", "return { torn");
		const counted = "1 subscription of 1 user; the data of 1 user cannot be read";
		expect(run(host, disk, "show", "localhost")).toEqual([
			1, `Public key: ${public_key}`, "Made: 2024-01-01T00:00:00Z", `Subscribed for it: ${counted}`,
		]);
		expect(run(host, disk, "replace", "localhost")).toEqual([
			1, `This drops ${counted}. Nothing was changed. To do so: prosodyctl mod_web_push replace localhost --yes`,
		]);
	});

	it("does not say that a key was replaced that was not", () => {
		const { disk } = used(host);
		const before = disk.read(...KEYS);
		const full: Disk = {
			...disk,
			write: () => {
				throw new Error("ENOSPC");
			},
		};
		expect(run(host, full, "replace", "localhost", "--yes")).toEqual([1, "The new key pair cannot be stored: Error saving to storage"]);
		expect(disk.read(...KEYS)).toBe(before);
	});

	it("shows no secret", () => {
		const { disk, public_key } = used(host);
		const said = [run(host, disk, "show", "localhost"), run(host, disk, "replace", "localhost", "--yes")].flat().join("\n");
		expect(said).toContain(public_key);
		const secrets = disk.read(...KEYS)!.match(/[A-Za-z0-9+/]{64}/g)!;
		expect(secrets.length).toBeGreaterThan(0);
		for (const secret of secrets) expect(said).not.toContain(secret);
	});
});
