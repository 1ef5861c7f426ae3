import { afterEach, beforeEach, describe, expect } from "vitest";
import { isRunning } from "./is-running";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { join } from "node:path";
import { missingFor } from "../../bridge/prosody/root";
import { rmSync } from "node:fs";
import { ServerPool } from "../../bridge/prosody/pool";
import type { ProsodyServer, Setting } from "../../bridge/prosody/server";

const SETTING: Setting = {
	options: {},
	modules: [{ name: "probe", path: join(import.meta.dirname, "modules/mod_probe.lua") }],
	accounts: [],
	components: [],
};

const runnable = prosodyRoots.filter((root) => !missingFor(root));
const root = runnable[0] ?? "/";

function begin(server: ProsodyServer): Promise<void> {
	return server.begin(SETTING, () => undefined);
}

describe("a pool of Prosody servers", () => {
	const it = (name: string, test: () => Promise<void>) => itUnlessLacking(missingFor(root)?.missing, name, test);
	let pool: ServerPool;
	beforeEach(() => {
		pool = new ServerPool(2);
	});
	afterEach(() => pool.close());

	it("lends a server again", async () => {
		const first = await pool.lend(root);
		const { pid } = first;
		await begin(first);
		await pool.giveBack(first);
		const second = await pool.lend(root);
		expect(second.pid).toBe(pid);
		await pool.giveBack(second);
	});

	it("has no more than its limit", async () => {
		const servers = await Promise.all([pool.lend(root), pool.lend(root)]);
		expect(new Set(servers.map(({ pid }) => pid)).size).toBe(2);
		let third: ProsodyServer | undefined;
		const waiting = pool.lend(root).then((server) => {
			third = server;
		});
		await begin(servers[1]);
		expect(third).toBeUndefined();
		await pool.giveBack(servers[1]);
		await waiting;
		expect(third?.pid).toBe(servers[1].pid);
	});

	it("gives up a server on which something stays", async () => {
		const first = await pool.lend(root);
		const { pid } = first;
		await begin(first);
		await first.fire("probe/elsewhere", "juliet");
		await pool.giveBack(first);
		const second = await pool.lend(root);
		expect(second.pid).not.toBe(pid);
		await begin(second);
	});

	it("tells of a server that failed", async () => {
		const first = await pool.lend(root);
		await begin(first);
		process.kill(first.pid, "SIGKILL");
		await expect(pool.giveBack(first)).rejects.toThrow("ended unexpectedly (SIGKILL)");
		// The log is kept.
		rmSync(join(first.dataFolder, ".."), { recursive: true });
		await begin(await pool.lend(root));
	});

	it("lends nothing once it is closed", async () => {
		const server = await pool.lend(root);
		const { pid } = server;
		await pool.close();
		expect(isRunning(pid)).toBe(false);
		await expect(pool.lend(root)).rejects.toThrow("closed");
	});

	itUnlessLacking(
		runnable.length > 1 ? undefined : "only one Prosody here (PROSODY_ROOTS)", "makes room for another root",
		async () => {
			const servers = await Promise.all([pool.lend(root), pool.lend(root)]);
			for (const server of servers) await pool.giveBack(server);
			const other = await pool.lend(runnable[1]!);
			expect(other.version).not.toBe(servers[0].version);
			expect(servers.filter(({ pid }) => isRunning(pid))).toHaveLength(1);
		},
	);
});
