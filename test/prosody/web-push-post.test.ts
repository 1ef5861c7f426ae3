import fc from "fast-check";
import { readdirSync, readlinkSync, rmSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as milliseconds } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import type { LogEntry } from "../../bridge/api";
import { findProsody, missingFor } from "../../bridge/prosody/root";
import { startProsody, type ProsodyServer } from "../../bridge/prosody/server";
import { certificateFor } from "../../bridge/webpush/certificate";
import { buildLua } from "../../build/lua/index.mjs";
import { REFUSED, TAKEN } from "../modules/web_push/endpoints";
import { Listener } from "../modules/web_push/hostile-service";
import { isPublicV4, isPublicV6, spellV4, spellV6, v4, v6 } from "../modules/web_push/public-addresses";
import { itLacks, itUnlessLacking, prosodyRoots } from "../prosody-here";

const HOST = "push.example.com";
const FAKE_NET = join(import.meta.dirname, "modules/mod_fake_net.lua");
/** Seconds that a request may take. */
const TIMEOUT = 1;
/** Of the public, and where the test has it lead to. */
const PUBLIC = "203.0.114.1";
const PUBLIC_V6 = "2606:4700::1";
const LOOPBACK = "127.0.0.1";

interface Posted {
	endpoint: string;
	refusal?: string;
	status?: number;
	retry_after?: number;
	failure?: string;
}

/** The answers of the DNS to one lookup after the other, by name. */
type Names = Record<string, string[][]>;

const roots = prosodyRoots.filter((root) => findProsody(root)?.version.startsWith("13."));

if (roots.length === 0) itLacks("no Prosody 13.0 here", "posts from Prosody 13.0 reach public addresses alone");

describe.each(roots)("posts from the Prosody in %s", (root) => {
	const lacking = missingFor(root)?.missing;
	const it = (name: string, test: () => Promise<void>): void => itUnlessLacking(lacking, name, test, 30_000);
	let folder: string;
	let posting: string;
	let server: ProsodyServer;
	let service: Listener;
	let log: LogEntry[] = [];

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "posting-"));
		posting = join(folder, "mod_posting.lua");
		const built = await buildLua(join(import.meta.dirname, "../.."), "test/modules/web_push/posting/index.ts");
		writeFileSync(posting, built.find(({ path }) => path.endsWith(".lua"))!.contents);
		server = await startProsody(root);
	}, 60_000);

	afterAll(async () => {
		await (server as ProsodyServer | undefined)?.stop();
		rmSync(folder, { recursive: true });
	});

	beforeEach(async () => {
		service = await Listener.service(HOST);
		await begin([service.port]);
	});

	afterEach(async () => {
		await server.end();
		await service.close();
	});

	async function begin(ports: number[], options: Record<string, string> = {}): Promise<void> {
		log = [];
		await server.begin({
			options: {
				posting_timeout: String(TIMEOUT),
				web_push_ports: `{ ${ports.join(", ")} }`,
				fake_net_trusted: JSON.stringify(certificateFor(HOST).cert).replaceAll("\\n", "\\\n"),
				...options,
			},
			modules: [{ name: "fake_net", path: FAKE_NET }, { name: "posting", path: posting }],
			accounts: [],
			components: [],
		}, (entry) => log.push(entry));
	}

	/** Public addresses lead to loopback. */
	async function resolve(
		names: Names, routes: Record<string, string> = { [PUBLIC]: LOOPBACK }, delay?: number,
	): Promise<void> {
		await server.fire("fake_net/set", JSON.stringify({ names, routes, delay }));
	}

	function url(path: string, { host = HOST, port = service.port } = {}): string {
		return `https://${host}:${port}/${path}`;
	}

	const answered = (): Posted[] => log.filter(({ message }) => message.startsWith("answered "))
		.map(({ message }) => JSON.parse(message.slice("answered ".length)) as Posted);
	const connected = (): string[] => log.filter(({ message }) => message.startsWith("connecting to "))
		.map(({ message }) => message.slice("connecting to ".length));

	/** Waits until so many posts have been answered. */
	async function answers(count = 1): Promise<Posted[]> {
		const limit = Date.now() + (TIMEOUT + 4) * 1000;
		while (answered().length < count && Date.now() < limit) {
			await server.barrier();
			await milliseconds(20);
		}
		return answered();
	}

	async function post(endpoint: string): Promise<Posted> {
		const before = answered().length;
		await server.fire("posting/post", endpoint);
		return (await answers(before + 1))[before]!;
	}

	/** The sockets that the process has. */
	function sockets(): number {
		const path = `/proc/${server.pid}/fd`;
		return readdirSync(path).filter((fd) => {
			try {
				return readlinkSync(join(path, fd)).startsWith("socket:");
			} catch {
				return false;
			}
		}).length;
	}

	it("reach a service that has a public address", async () => {
		await resolve({ [HOST]: [[PUBLIC]] });
		expect(await post(url("created/1"))).toEqual({ endpoint: url("created/1"), status: 201 });
		expect(service.connections).toBe(1);
		expect(service.requests[0]).toMatch(/^POST \/created\/1 HTTP\/1\.1\r\n/);
		expect(service.requests[0]).toContain(`\r\nHost: ${HOST}:${service.port}\r\n`);
		expect(log.filter(({ message }) => message.includes("/created") && !message.startsWith("answered"))).toEqual([]);
	});

	it("say what a service answers", async () => {
		await resolve({ [HOST]: [[PUBLIC]] });
		expect(await post(url("gone"))).toMatchObject({ status: 410 });
		expect(await post(url("busy"))).toMatchObject({ status: 429, retry_after: 120 });
	});

	it("are over in time when the DNS is late, and connect to nothing later on", async () => {
		await resolve({ [HOST]: [[PUBLIC]] }, { [PUBLIC]: LOOPBACK }, TIMEOUT + 0.5);
		expect(await post(url("created"))).toMatchObject({ failure: "no answer in time" });
		await milliseconds(1000);
		await server.barrier();
		expect(answered().length).toBe(1);
		expect(connected()).toEqual([]);
		expect(service.connections).toBe(0);
	});

	it("are refused, or not, as on Node", async () => {
		const wanted = [
			...REFUSED.map(([endpoint, refusal]) => ({ endpoint, refusal })),
			...TAKEN.map((endpoint) => ({ endpoint, failure: "unable to resolve service" })),
		].filter(({ endpoint }) => endpoint.length < 10_000);
		await server.end();
		await begin([443]);
		for (const { endpoint } of wanted) await server.fire("posting/post", endpoint);
		expect(await answers(wanted.length)).toEqual(wanted);
		expect(connected()).toEqual([]);
	});

	it("know a public address when they see one", async () => {
		const addresses = [
			...fc.sample(v4, 3000).map((address) => ({ text: spellV4(address), is_public: isPublicV4(spellV4(address)) })),
			...fc.sample(v6, 3000).map((address) => ({ text: spellV6(address), is_public: isPublicV6(address) })),
		];
		await server.fire("posting/addresses", JSON.stringify(addresses.map(({ text }) => text)));
		const [{ endpoint } = { endpoint: "" }] = await answers();
		expect(endpoint.split(" ")).toEqual(addresses.filter(({ is_public }) => is_public).map(({ text }) => text));
		expect(endpoint.length).toBeGreaterThan(10_000);
	});

	it("try the next address", async () => {
		await resolve({ [HOST]: [[PUBLIC, PUBLIC_V6]] });
		expect(await post(url("created"))).toMatchObject({ status: 201 });
		expect(connected()).toEqual([PUBLIC_V6, PUBLIC]);
	});

	const private_addresses = [
		"127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1", "fe80::1",
		"fd00::1", "64:ff9b::7f00:1", "::", "2002:7f00:1::1",
	];
	for (const address of private_addresses) {
		it(`are not sent to a name of ${address}`, async () => {
			await resolve({ [HOST]: [[address]] }, { [address]: LOOPBACK });
			expect(await post(url("created"))).toEqual({ endpoint: url("created"), failure: "no public address" });
			expect(connected()).toEqual([]);
			expect(service.connections).toBe(0);
		});
	}

	it("are not sent to what a name has beside public addresses", async () => {
		await resolve({ [HOST]: [["203.0.114.9", LOOPBACK, "10.0.0.1", PUBLIC]] });
		expect(await post(url("created"))).toMatchObject({ status: 201 });
		expect(connected()).toEqual(["203.0.114.9", PUBLIC]);
		await resolve({ [HOST]: [["203.0.114.9", LOOPBACK]] });
		expect(await post(url("created"))).toMatchObject({ failure: "network unreachable" });
		expect(service.connections).toBe(1);
	});

	it("are not sent to where a name leads later on", async () => {
		await resolve({ [HOST]: [[PUBLIC], [LOOPBACK]] });
		expect(await post(url("created"))).toMatchObject({ status: 201 });
		expect(await post(url("created"))).toMatchObject({ failure: "no public address" });
		// The other way round: what was refused once is not for ever.
		await resolve({ [HOST]: [[LOOPBACK], [PUBLIC]] });
		expect(await post(url("created"))).toMatchObject({ failure: "no public address" });
		expect(await post(url("created"))).toMatchObject({ status: 201 });
		expect(connected()).toEqual([PUBLIC, PUBLIC]);
		expect(service.connections).toBe(2);
	});

	it("do not try addresses without an end", async () => {
		const addresses = Array.from({ length: 300 }, (_, index) => `203.0.115.${index % 250}`);
		await resolve({ [HOST]: [addresses] });
		expect(await post(url("created"))).toMatchObject({ failure: "network unreachable" });
		expect(connected().length).toBe(8);
		await resolve({ [HOST]: [Array.from({ length: 3000 }, () => LOOPBACK)] });
		expect(await post(url("created"))).toMatchObject({ failure: "no public address" });
	});

	it("reach an internal service wherever it is, and nothing else there", async () => {
		const other = await Listener.service(HOST);
		await server.end();
		await begin([other.port], { web_push_internal_services: `{ "${HOST}:${service.port}" }` });
		await resolve({ [HOST]: [[LOOPBACK]] });
		expect(await post(url("created"))).toMatchObject({ status: 201 });
		expect(await post(url("created", { port: other.port }))).toMatchObject({ failure: "no public address" });
		expect(other.connections).toBe(0);
		await other.close();
	});

	it("leave the rest of the server alone", async () => {
		await resolve({ [HOST]: [[LOOPBACK]] });
		await server.fire("posting/unguarded", url("created"));
		expect(await answers()).toEqual([{ endpoint: url("created"), status: 201 }]);
		await server.fire("posting/post", url("created"));
		await server.fire("posting/unguarded", url("created"));
		expect((await answers(3)).map(({ status }) => status).sort()).toEqual([201, 201, undefined]);
	});

	it("do not follow redirects", async () => {
		const target = await Listener.service("localhost");
		await resolve({ [HOST]: [[PUBLIC]], localhost: [[LOOPBACK]] });
		for (const to of [url("created", { host: "localhost", port: target.port }), url("created")]) {
			expect(await post(url(`redirect/${encodeURIComponent(to)}`))).toMatchObject({ status: 307 });
		}
		expect(target.connections).toBe(0);
		expect(service.connections).toBe(2);
		await target.close();
	});

	it("are sent to nobody without the right certificate", async () => {
		const other = "other.example.com";
		const [target, impostor] = [await Listener.service(other), await Listener.service(HOST)];
		await server.end();
		await begin([target.port, impostor.port]);
		await resolve({ [HOST]: [[PUBLIC]], [other]: [[PUBLIC]] });
		expect((await post(url("created", { port: target.port }))).failure).toBeDefined();
		expect((await post(url("created", { host: other, port: impostor.port }))).failure).toBeDefined();
		expect([...target.requests, ...impostor.requests]).toEqual([]);
		await target.close();
		await impostor.close();
	});

	const hostile_answers: [string, object][] = [
		["headers", { failure: "header-too-large" }],
		["long-line", { failure: "header-too-large" }],
		["slow-headers", { failure: "no answer in time" }],
		["chunked", { status: 201 }],
		["endless", { status: 201 }],
		["long-gone", { status: 410 }],
		["bomb", { status: 201 }],
		["silent", { failure: "no answer in time" }],
		["closes", { failure: "closed" }],
		["garbage", { failure: "invalid-status-line" }],
		["early-hints", { failure: "an answer that is not the last one" }],
	];
	for (const [path, answer] of hostile_answers) {
		it(`hold little for a service that answers with ${path}`, async () => {
			await resolve({ [HOST]: [[PUBLIC]] });
			await post(url("created"));
			const [memory, open] = [await server.memory(), sockets()];
			const count = 30;
			const before = answered().length;
			for (let at = 0; at < count; at++) await server.fire("posting/post", url(path));
			const posted = (await answers(before + count)).slice(before);
			expect(posted).toEqual(Array(count).fill({ endpoint: url(path), ...answer }));
			await closed();
			expect(sockets()).toBe(open);
			expect(await server.memory() - memory).toBeLessThan(500_000);
		});
	}

	const stuck_listeners: [string, () => Promise<Listener>][] = [
		["says nothing", () => Listener.silent()],
		["takes its time for TLS", () => Listener.slowHandshake()],
	];
	for (const [what, listen] of stuck_listeners) {
		it(`hold no sockets for a service that ${what}`, async () => {
			const listener = await listen();
			await server.end();
			await begin([listener.port]);
			await resolve({ [HOST]: [[PUBLIC, "203.0.114.2", "203.0.114.3"]] },
				{ [PUBLIC]: LOOPBACK, "203.0.114.2": LOOPBACK, "203.0.114.3": LOOPBACK });
			const [memory, open] = [await server.memory(), sockets()];
			const count = 30;
			for (let at = 0; at < count; at++) await server.fire("posting/post", url("created", { port: listener.port }));
			expect((await answers(count)).map(({ failure }) => failure)).toEqual(Array(count).fill("no answer in time"));
			expect(listener.connections).toBeGreaterThan(count);
			await closed(listener);
			expect(sockets()).toBe(open);
			expect(await server.memory() - memory).toBeLessThan(500_000);
			const { connections } = listener;
			await milliseconds(1000);
			expect(listener.connections).toBe(connections);
			await listener.close();
		});
	}

	/** Waits, for a moment, until a service sees that its connections are closed. */
	async function closed(listener = service): Promise<void> {
		for (let waited = 0; listener.open > 0 && waited < 100; waited++) await milliseconds(10);
		expect(listener.open).toBe(0);
	}
});
