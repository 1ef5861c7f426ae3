import { afterEach, describe, expect, it, vi } from "vitest";
import { createServer, type Server } from "node:net";
import { dirname } from "node:path";
import { freePorts } from "../../bridge/prosody/ports";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { missingFor } from "../../bridge/prosody/root";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { startProsody } from "../../bridge/prosody/server";

vi.mock("../../bridge/prosody/ports", { spy: true });

const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});

async function takePort(): Promise<number> {
	const [port] = await freePorts(1);
	const server = createServer().listen({ host: "127.0.0.1", port });
	servers.push(server);
	await once(server, "listening");
	return port!;
}

describe("ports", () => {
	it("are different, and free", async () => {
		const ports = await freePorts(20);
		expect(new Set(ports).size).toBe(20);
		for (const port of ports) {
			const server = createServer().listen({ host: "127.0.0.1", port });
			servers.push(server);
			await once(server, "listening");
		}
	});

	for (const root of prosodyRoots) {
		const missing = missingFor(root)?.missing;
		itUnlessLacking(missing, `may be taken before the Prosody in ${root} has them`, async () => {
			const taken = await takePort();
			const [free] = await freePorts(1);
			vi.mocked(freePorts).mockResolvedValueOnce([taken, free!]).mockResolvedValueOnce([free!, taken]);
			const server = await startProsody(root);
			try {
				expect(Object.values(server.ports)).not.toContain(taken);
			} finally {
				await server.stop();
			}
		});

		itUnlessLacking(missing, `may be taken again and again before the Prosody in ${root} has them`, async () => {
			const taken = await takePort();
			const spy = vi.mocked(freePorts).mockResolvedValue([taken, taken]);
			try {
				const failure = startProsody(root);
				await expect(failure).rejects.toThrow(/found its ports taken 5 times.*; its log is /);
				const log = await failure.catch((error: Error) => error.message.slice(error.message.lastIndexOf(" ") + 1));
				expect(readdirSync(dirname(log as string))).toEqual(["prosody.log"]);
				rmSync(dirname(log as string), { recursive: true });
			} finally {
				spy.mockReset();
			}
		});
	}
});
