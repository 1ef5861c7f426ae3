import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Debian's Chromium; undefined if it is not here. */
export const chromium = (process.env.PATH ?? "").split(delimiter)
	.map((folder) => join(folder, "chromium"))
	.find(isExecutable);

/** No window, nobody's settings, and no word to anybody. As root, as in CI, its sandbox cannot work. */
const FLAGS = [
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost", "--remote-debugging-pipe",
];

type Message = Record<string, unknown>;

/** A page or a worker, as the DevTools protocol has it. */
export interface Target {
	/**
	 * Evaluates an expression there.
	 * @returns its value, or that of the promise that it is; as JSON has it
	 */
	evaluate(expression: string): Promise<unknown>;
	/** Sends a command of the DevTools protocol. Rejects if it fails. */
	send(method: string, parameters?: Message): Promise<Message>;
	/** Hands over what the protocol reports from now on. */
	on(method: string, listener: (parameters: Message) => void): void;
}

export interface Browser {
	/** Opens a page and waits until it has loaded. */
	open(url: string): Promise<Target>;
	/** A service worker that runs. */
	worker(url: string): Promise<Target>;
	/** Lets pages of an origin show notifications. */
	allowNotifications(origin: string): Promise<void>;
	close(): Promise<void>;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** Starts a Chromium with a profile of its own, which goes with it. */
export async function startBrowser(path: string): Promise<Browser> {
	const profile = await mkdtemp(join(tmpdir(), "chromium-"));
	const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`], {
		// What it says is of devices that are not there. It reads commands on 3 and writes answers on 4.
		stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
		env: { ...process.env, HOME: profile },
	});
	const exited = once(child, "exit");
	const protocol = connect(child.stdio[3] as Writable, child.stdio[4] as Readable);

	const attach = async (targetId: unknown): Promise<Target> => {
		const { sessionId } = await protocol.send("Target.attachToTarget", { targetId, flatten: true });
		const session = sessionId as string;
		return {
			send: (method, parameters) => protocol.send(method, parameters, session),
			on: (method, listener) => protocol.on(method, listener, session),
			async evaluate(expression) {
				const { result, exceptionDetails } = await protocol.send("Runtime.evaluate", {
					expression, awaitPromise: true, returnByValue: true,
				}, session) as { result: { value?: unknown }; exceptionDetails?: { text: string; exception?: { description?: string } } };
				if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
				return result.value;
			},
		};
	};

	return {
		async open(url) {
			const { targetId } = await protocol.send("Target.createTarget", { url: "about:blank" });
			const page = await attach(targetId);
			await page.send("Page.enable");
			const loaded = new Promise<void>((resolve) => page.on("Page.loadEventFired", () => resolve()));
			const { errorText } = await page.send("Page.navigate", { url });
			if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
			await loaded;
			return page;
		},
		async worker(url) {
			const { targetInfos } = await protocol.send("Target.getTargets");
			const targets = targetInfos as { targetId: string; type: string; url: string }[];
			const found = targets.find((target) => target.type === "service_worker" && target.url === url);
			if (found === undefined) throw new Error(`no service worker ${url}`);
			return attach(found.targetId);
		},
		async allowNotifications(origin) {
			await protocol.send("Browser.grantPermissions", { origin, permissions: ["notifications"] });
		},
		async close() {
			await protocol.send("Browser.close");
			await exited;
			await rm(profile, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

/** Messages are JSON, each with a zero byte after it. */
function connect(commands: Writable, answers: Readable) {
	const waiting = new Map<number, { resolve(result: Message): void; reject(error: Error): void }>();
	const listeners: { session: string | undefined; method: string; listener: (parameters: Message) => void }[] = [];
	let commandCount = 0;
	let unread = "";

	const receive = (text: string): void => {
		const { id, result, error, method, params, sessionId } = JSON.parse(text) as {
			id?: number; result?: Message; error?: { message: string }; method?: string; params?: Message; sessionId?: string;
		};
		const command = id !== undefined ? waiting.get(id) : undefined;
		if (command !== undefined) {
			waiting.delete(id!);
			if (error) command.reject(new Error(error.message));
			else command.resolve(result ?? {});
			return;
		}
		for (const { session, method: wanted, listener } of listeners) {
			if (wanted === method && session === sessionId) listener(params ?? {});
		}
	};
	const end = (why: string): void => {
		for (const { reject } of waiting.values()) reject(new Error(why));
		waiting.clear();
	};

	answers.setEncoding("utf8").on("data", (chunk: string) => {
		const parts = (unread + chunk).split("\0");
		unread = parts.pop()!;
		parts.forEach(receive);
	});
	answers.on("close", () => end("Chromium has ended"));
	commands.on("error", ({ message }) => end(`Chromium: ${message}`));

	return {
		send(method: string, params: Message = {}, sessionId?: string): Promise<Message> {
			return new Promise((resolve, reject) => {
				waiting.set(++commandCount, { resolve, reject });
				commands.write(`${JSON.stringify({ id: commandCount, method, params, sessionId })}\0`);
			});
		},
		on(method: string, listener: (parameters: Message) => void, session?: string): void {
			listeners.push({ session, method, listener });
		},
	};
}
