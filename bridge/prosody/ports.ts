import { createServer } from "node:net";
import { randomInt } from "node:crypto";

/** Below the range from which systems take the near end of a connection, so that none of these is taken meanwhile. */
const RANGE = [10_000, 32_000] as const;

/** So many different ports of the loopback interface that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
	const ports = new Set<number>();
	for (let attempts = 0; ports.size < count; attempts++) {
		if (attempts === 1000) throw new Error(`no free port between ${RANGE[0]} and ${RANGE[1]} on 127.0.0.1`);
		const port = randomInt(...RANGE);
		if (await isFree(port)) ports.add(port);
	}
	return [...ports];
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
	});
}
