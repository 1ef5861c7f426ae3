import { afterEach, beforeEach, describe, expect } from "vitest";
import { commandIn, ENVIRONMENT, findProsody, missingFor } from "../../bridge/prosody/root";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isRunning } from "./is-running";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { join } from "node:path";
import { promisify } from "node:util";
import { RawConnection } from "./raw-connection";
import { setTimeout as seconds } from "node:timers/promises";
import { startProsody, type ProsodyServer, type Setting } from "../../bridge/prosody/server";
import type { LogEntry } from "../../bridge/api";

const PROBE = join(import.meta.dirname, "modules/mod_probe.lua");
const FAILING = join(import.meta.dirname, "modules/mod_failing.lua");

const SETTING: Setting = {
	options: {},
	modules: [{ name: "probe", path: PROBE }],
	accounts: [{ username: "juliet", password: "secret" }, { username: "romeo", password: "secret" }],
	components: [{ jid: "watcher.localhost", password: "secret" }],
};

const RESUMABLE = "<enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>";

function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" });
}

describe.each(prosodyRoots)("the Prosody in %s", (root) => {
	const missing = missingFor(root);
	const it = (name: string, test: () => Promise<void>) => itUnlessLacking(missing?.missing, name, test);
	let server: ProsodyServer;
	let log: LogEntry[];

	function begin(change: Partial<Setting> = {}): Promise<void> {
		log = [];
		return server.begin({ ...SETTING, ...change }, (entry) => log.push(entry));
	}

	function client(username: string, resource?: string): Promise<RawConnection> {
		return RawConnection.client(server.ports.c2s, username, "secret", resource);
	}

	function watcher(): Promise<RawConnection> {
		return RawConnection.component(server.ports.component, "watcher.localhost", "secret");
	}

	beforeEach(async () => {
		if (!missing) server = await startProsody(root);
	});

	afterEach(async () => {
		if (!missing) await server.stop();
	});

	it("has the version that its files say", async () => {
		expect(server.version).toBe(findProsody(root)!.version);
		expect(server.version).toMatch(/^\d+\.\d+\.\d+$/);
	});

	it("serves clients and components", async () => {
		await begin();
		const [juliet, component] = [await client("juliet", "phone"), await watcher()];
		juliet.send("<message to=\"watcher.localhost\"><body>Hello</body></message>");
		await server.barrier();
		expect(component.received).toContain("<body>Hello</body>");
		await expect(RawConnection.client(server.ports.c2s, "nurse", "secret")).rejects.toThrow("not-authorized");
		await server.end();
	});

	it("has modules that others depend on from where it is told, before its own", async () => {
		const dependent = { name: "dependent", path: join(import.meta.dirname, "modules/mod_dependent.lua") };
		const motd = { name: "motd", path: join(import.meta.dirname, "modules/mod_motd.lua") };
		const taken = (): string | undefined => log.map(({ message }) => /^depends on (.*)/.exec(message)?.[1]).filter(Boolean).at(-1);
		await begin({ modules: [dependent] });
		const own = taken();
		await server.end();
		await begin({ modules: [dependent], dependencies: [motd] });
		expect(own).toMatch(/mod_motd\.lua$/);
		expect(taken()).not.toBe(own);
		expect(taken()).toMatch(/\/modules\/mod_motd\/mod_motd\.lua$/);
		// The modules under test alone are replaced.
		server.replaceModules([dependent]);
		log = [];
		await server.reload("motd");
		expect(taken()).toMatch(/\/modules\/mod_motd\/mod_motd\.lua$/);
		await server.end();
	});

	it("has the log of a scenario in order with its doings", async () => {
		await begin();
		await server.fire("probe/count", "juliet");
		expect(log.map(({ message }) => message)).toContain("Activated host: localhost");
		expect(log.every(({ at }) => Math.abs(at - Date.now() / 1000) < 60)).toBe(true);
		const before = log.length;
		await expect(server.fire("probe/error", "juliet")).rejects.toThrow(/nobody is to ask for this/);
		expect(log.length).toBeGreaterThan(before);
		await server.end();
		const after = log.length;
		await begin();
		expect(log).not.toHaveLength(after);
		await server.end();
	});

	it("forgets a scenario: connections, sleeping sessions, messages, contacts, modules' tables and stores", async () => {
		await begin();
		const asleep = await client("juliet", "phone");
		const [, token] = /id='([^']*)'/.exec(await asleep.exchange(RESUMABLE, "<enabled")) ?? [];
		expect(token).toBeTruthy();
		const roster = "<query xmlns=\"jabber:iq:roster\"><item jid=\"romeo@localhost\"/></query>";
		await asleep.exchange(`<iq type="set" id="r">${roster}</iq><presence/>`, "id='r'");
		await asleep.lose();
		const romeo = await client("romeo", "orchard");
		romeo.send("<message to=\"juliet@localhost\" type=\"chat\"><body>Sleep well</body></message>");
		await (await watcher()).exchange("", "");
		await server.fire("probe/count", "juliet");
		await server.barrier();
		expect(filesIn(server.dataFolder).length).toBeGreaterThan(5);
		await server.end();
		expect(filesIn(server.dataFolder)).toEqual([]);

		await begin();
		const component = await watcher();
		await server.fire("probe/count", "juliet");
		await server.barrier();
		expect(component.received).toContain("counted 1 stored 1");
		const juliet = await client("juliet");
		const resume = `<resume xmlns="urn:xmpp:sm:3" previd="${token}" h="0"/>`;
		const refused = await juliet.exchange(resume, "<failed");
		expect(refused).toContain("item-not-found");
		expect(refused).not.toMatch(/ h=/);
		const bound = await client("juliet", "phone");
		const answers = await bound.exchange("<iq type=\"get\" id=\"r\"><query xmlns=\"jabber:iq:roster\"/></iq><presence/>", "id='r'");
		expect(answers).not.toContain("romeo");
		await server.barrier();
		expect(bound.received).not.toContain("Sleep well");
		await server.end();
	});

	it("ends what a scenario has left to happen", async () => {
		await begin();
		await watcher();
		await server.fire("probe/later", "juliet");
		await server.end();
		await begin();
		const component = await watcher();
		await seconds(400);
		await server.barrier();
		expect(component.received).not.toContain("too late");
		// It would have happened.
		await server.fire("probe/later", "juliet");
		await seconds(400);
		await server.barrier();
		expect(component.received).toContain("too late, too");
		await server.end();
	});

	it("is not lent again when a module left something outside of its host", async () => {
		await begin();
		await server.fire("probe/elsewhere", "juliet");
		await expect(server.end()).rejects.toThrow("1 handlers of the global event probe/forgotten instead of 0 left");
		expect(server.failed).toBe(false);
	});

	it("takes each scenario's options", async () => {
		await begin({ options: { smacks_hibernation_time: "77" } });
		expect(await (await client("juliet", "phone")).exchange(RESUMABLE, "<enabled")).toContain("max='77'");
		await server.end();
		await begin();
		expect(await (await client("juliet", "phone")).exchange(RESUMABLE, "<enabled")).toContain("max='600'");
		await server.end();
	});

	it("says which module does not load, and goes on", async () => {
		await expect(begin({ modules: [{ name: "failing", path: FAILING }] })).rejects.toThrow(/^mod_failing does not load: .*not today/);
		await server.end();
		await expect(begin({ options: { modules_enabled: "{ \"missing\" }" } })).rejects.toThrow("mod_missing does not load on localhost");
		await server.end();
		await begin();
		await server.end();
	});

	it("says what is wrong with its configuration, and goes on", async () => {
		await expect(begin({ options: { end: "1" } })).rejects.toThrow(/^the configuration has an error: .*'end'/);
		await server.end();
		await expect(begin({ options: { "no name": "1" } })).rejects.toThrow("\"no name\" is no name of an option");
		await server.end();
		await begin();
		await server.end();
	});

	it("says why it does not start", async () => {
		await expect(begin({ options: { end: "1" } })).rejects.toThrow();
		const log = join(server.dataFolder, "../prosody.log");
		const why = `Prosody ${server.version} in ${root} ended while starting (exit status 1): Error: `;
		await expect(server.restart()).rejects.toThrow(why);
		await server.stop();
		expect(existsSync(log)).toBe(true);
		rmSync(join(log, ".."), { recursive: true });
	});

	it("reaches a barrier when all is worked off, promises and many small writes included", async () => {
		await begin();
		const component = await watcher();
		await server.fire("probe/promises", "juliet");
		await server.barrier();
		expect(component.received).toContain("kept the promises");
		await server.fire("probe/many", "juliet");
		await server.barrier();
		expect(component.received).toContain("number 100");
		const juliet = await client("juliet", "phone");
		for (let i = 0; i < 200; i++) {
			juliet.send(`<message to="watcher.localhost" id="m${i}"><body>${"Hello ".repeat(i)}</body></message>`);
			await server.barrier();
			expect(component.received).toContain(`id='m${i}'`);
		}
		await server.end();
	});

	it("bounces stanzas for servers that do not exist, without looking far", async () => {
		await begin();
		const juliet = await client("juliet", "phone");
		juliet.send("<iq type=\"get\" id=\"far\" to=\"far.example\"><ping xmlns=\"urn:xmpp:ping\"/></iq>");
		await server.barrier();
		await server.barrier();
		expect(juliet.received).toMatch(/id='far'.*<remote-server-not-found.*Server-to-server connection failed: unable to resolve service/);
		await server.end();
	});

	it("reloads a module", async () => {
		await begin();
		const component = await watcher();
		await server.fire("probe/count", "juliet");
		await server.reload("probe");
		await server.fire("probe/count", "juliet");
		await server.barrier();
		expect(component.received).toContain("counted 1 stored 1");
		expect(component.received).toContain("counted 2 stored 2");
		await expect(server.reload("missing")).rejects.toThrow("mod_missing does not reload");
		await server.end();
	});

	it("obeys prosodyctl's shell", async () => {
		await begin();
		const component = await watcher();
		await server.fire("probe/count", "juliet");
		const program = "/usr/bin/prosodyctl";
		const command = [program, "--config", server.configuration, "shell", "module:reload(\"probe\", \"localhost\")"] as const;
		const [executable, ...args] = commandIn(root, command);
		const { stdout } = await promisify(execFile)(executable, args, { env: ENVIRONMENT });
		expect(stdout).toMatch(/OK: Module reloaded on 1 host/);
		await server.fire("probe/count", "juliet");
		await server.barrier();
		expect(component.received).toContain("counted 2 stored 2");
		await server.end();
	});

	it("restarts on what is stored, and forgets it all the same", async () => {
		await begin({ options: { smacks_hibernation_time: "77" } });
		await watcher();
		await server.fire("probe/count", "juliet");
		const { pid, ports } = server;
		await server.restart();
		expect(server.pid).not.toBe(pid);
		expect(isRunning(pid)).toBe(false);
		expect(server.ports).toEqual(ports);
		const component = await watcher();
		await server.fire("probe/count", "juliet");
		await server.barrier();
		expect(component.received).toContain("counted 1 stored 2");
		expect(await (await client("juliet", "phone")).exchange(RESUMABLE, "<enabled")).toContain("max='77'");
		await server.end();
		await begin();
		const another = await watcher();
		await server.fire("probe/count", "juliet");
		await server.barrier();
		expect(another.received).toContain("counted 1 stored 1");
		await server.end();
	});

	it("does not grow from scenario to scenario", async () => {
		async function scenario(): Promise<void> {
			await begin();
			await (await client("juliet", "phone")).exchange(RESUMABLE, "<enabled");
			await (await client("romeo", "orchard")).exchange("<message to=\"juliet@localhost\"/><presence/>", "<presence");
			await watcher();
			await server.fire("probe/later", "juliet");
			await server.end();
		}
		for (let i = 0; i < 5; i++) await scenario();
		const before = await server.memory();
		for (let i = 0; i < 20; i++) await scenario();
		const growth = await server.memory() - before;
		expect(growth / 20).toBeLessThan(2000);
	});

	for (const [what, event, command] of [
		["loops", "probe/loop", "fire"],
		["never comes to rest", "probe/restless", "barrier"],
	] as const) {
		it(`is killed if it ${what}, and keeps its log`, async () => {
			const impatient = await startProsody(root, 1);
			const kept = join(impatient.dataFolder, "..");
			try {
				await impatient.begin(SETTING, () => undefined);
				await expect(impatient.fire(event, "juliet").then(() => impatient.barrier())).rejects.toThrow(
					`did not come to an end with "${command}" within 1 seconds and was killed; its log is ${kept}/prosody.log`,
				);
				expect(isRunning(impatient.pid)).toBe(false);
				await expect(impatient.end()).rejects.toThrow("ended");
			} finally {
				await impatient.stop();
			}
			expect(readdirSync(kept)).toEqual(["prosody.log"]);
			rmSync(kept, { recursive: true });
		});
	}

	it("leaves no process and no folder", async () => {
		await begin();
		await client("juliet", "phone");
		const { pid, dataFolder } = server;
		await server.stop();
		expect(isRunning(pid)).toBe(false);
		expect(existsSync(join(dataFolder, ".."))).toBe(false);
	});

	it("keeps its log if it dies, and says where", async () => {
		await begin();
		const { pid, dataFolder } = server;
		process.kill(pid, "SIGKILL");
		const log = join(dataFolder, "../prosody.log");
		await expect(server.barrier()).rejects.toThrow(`ended unexpectedly (SIGKILL); its log is ${log}`);
		expect(server.failed).toBe(true);
		await server.stop();
		expect(readdirSync(join(dataFolder, ".."))).toEqual(["prosody.log"]);
		expect(readFileSync(log, "utf8")).toContain("Activated host: localhost");
		rmSync(join(dataFolder, ".."), { recursive: true });
	});
});
