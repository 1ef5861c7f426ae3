import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setTimeout as milliseconds } from "node:timers/promises";
import type { Clock, Host, Machine, Resolver } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node/disk";
import { createNodeHost } from "../../../bridge/node";
import { createRealHttp, type RealHttp } from "../../../bridge/node/real-http";
import { certificateFor } from "../../../bridge/webpush/certificate";
import { endpoint_reader, type EndpointReader } from "../../../modules/mod_web_push/endpoint";
import { guarded_post, type Answer, type Post } from "../../../modules/mod_web_push/post";
import { Listener } from "./hostile-service";

const HOST = "push.example.com";
const OTHER = "other.example.com";
const PUBLIC = "203.0.114.1";
const LOOPBACK = "127.0.0.1";
/** Seconds that a post may take. */
const TIMEOUT = 1;

const realClock: Clock = {
	now: () => Date.now() / 1000,
	schedule: (delay, callback) => {
		const timer = setTimeout(callback, delay * 1000);
		return () => clearTimeout(timer);
	},
	advance: () => { throw new Error("real time passes by itself"); },
	next_due: () => Infinity,
};

/** Addresses have other ones in their stead: what is not routed is loopback itself, or cannot be reached. */
function routed(resolver: Resolver, routes: Map<string, string>, connected: string[]): Resolver {
	return {
		get last_error() {
			return resolver.last_error;
		},
		next: (callback) => {
			const next = (): void => resolver.next((conn_type, address, ...rest) => {
				if (conn_type === undefined || address === undefined) {
					callback();
					return;
				}
				connected.push(address);
				const route = routes.get(address) ?? (address.startsWith("127.") ? address : undefined);
				if (route === undefined) next();
				else callback("tcp4", route, ...rest);
			});
			next();
		},
	};
}

describe("posts with the Node host's HTTP", () => {
	let http: RealHttp;
	let service: Listener;
	let host: Host;
	let read: EndpointReader;
	let post_to: Post;
	let connected: string[];
	let names: Map<string, string[][]>;
	let routes: Map<string, string>;

	function start(ports: number[], options: Record<string, string> = {}): void {
		http = createRealHttp({ ca: [certificateFor(HOST).cert] });
		connected = [];
		names = new Map([[HOST, [[PUBLIC]]]]);
		routes = new Map([[PUBLIC, LOOPBACK]]);
		const machine: Machine = {
			clock: realClock,
			disk: createMemoryDisk(),
			random_bytes: (count) => new Uint8Array(count),
			options: { web_push_ports: `{ ${ports.join(", ")} }`, ...options },
			log: () => undefined,
			resolve: (name, answer) => {
				const answers = names.get(name) ?? [[]];
				setImmediate(() => answer(answers.length > 1 ? answers.shift()! : answers[0]!));
			},
			http: (request, answer) => http.http({ ...request, resolver: routed(request.resolver, routes, connected) }, answer),
		};
		host = createNodeHost(machine);
		host.load("posting", { typescript: (module, _prosody, require) => {
			read = endpoint_reader(module, require);
			post_to = guarded_post(require, { timeout: TIMEOUT });
		} });
	}

	function stop(): void {
		host.stop();
		http.close();
	}

	beforeEach(async () => {
		service = await Listener.service(HOST);
		start([service.port]);
	});

	afterEach(async () => {
		stop();
		await service.close();
	});

	function url(path: string, { host = HOST, port = service.port } = {}): string {
		return `https://${host}:${port}/${path}`;
	}

	/** What comes of a post, with how often it was answered. */
	async function post(endpoint: string): Promise<Answer> {
		const { value, refusal } = read(endpoint);
		if (value === undefined) throw new Error(refusal);
		let answered = 0;
		const answer = await new Promise<Answer>((resolve) => {
			post_to(value, { TTL: "60" }, "some bytes", (answer) => {
				answered++;
				resolve(answer);
			});
		});
		await milliseconds(1);
		expect(answered).toBe(1);
		return { ...answer };
	}

	/** Waits, for a moment, until a service sees that its connections are closed. */
	async function closed(listener = service): Promise<void> {
		for (let waited = 0; listener.open > 0 && waited < 100; waited++) await milliseconds(10);
		expect(listener.open).toBe(0);
	}

	it("reach a service that has a public address", async () => {
		expect(await post(url("created/1"))).toEqual({ status: 201 });
		expect(connected).toEqual([PUBLIC]);
		expect(service.requests[0]).toMatch(/^POST \/created\/1 HTTP\/1\.1\r\n/);
	});

	it.each([
		"127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1",
	])("are not sent to a name of %s", async (address) => {
		names.set(HOST, [[address]]);
		routes.set(address, LOOPBACK);
		expect(await post(url("created"))).toEqual({ failure: "no public address" });
		expect(connected).toEqual([]);
		expect(service.connections).toBe(0);
	});

	it("are not sent to what a name has beside public addresses, or later on", async () => {
		names.set(HOST, [["203.0.114.9", LOOPBACK], [PUBLIC], [LOOPBACK]]);
		expect(await post(url("created"))).toEqual({ failure: "no public address" });
		expect(service.connections).toBe(0);
		expect(await post(url("created"))).toEqual({ status: 201 });
		expect(await post(url("created"))).toEqual({ failure: "no public address" });
		expect(connected).toEqual(["203.0.114.9", PUBLIC]);
		expect(service.connections).toBe(1);
	});

	it("are not sent to an address that cannot be checked any more, as its name leads elsewhere, though a connection is kept", async () => {
		names.set(HOST, [[PUBLIC], [LOOPBACK]]);
		expect(await post(url("kept"))).toEqual({ status: 201 });
		expect(service.open).toBe(1);
		expect(await post(url("kept"))).toEqual({ failure: "no public address" });
		expect(service.requests.length).toBe(1);
	});

	it("reach an internal service wherever it is, and nothing else there", async () => {
		const other = await Listener.service(HOST);
		stop();
		start([other.port], { web_push_internal_services: `{ "${HOST}:${service.port}" }` });
		names.set(HOST, [[LOOPBACK]]);
		expect(await post(url("created"))).toEqual({ status: 201 });
		expect(await post(url("created", { port: other.port }))).toEqual({ failure: "no public address" });
		expect(other.connections).toBe(0);
		await other.close();
	});

	it("do not follow redirects", async () => {
		const target = await Listener.service(HOST);
		for (const to of [`https://localhost:${target.port}/created`, url("created", { port: target.port }), url("created")]) {
			expect(await post(url(`redirect/${encodeURIComponent(to)}`))).toEqual({ status: 307 });
		}
		expect(target.connections).toBe(0);
		expect(service.connections).toBe(3);
		await target.close();
	});

	it("are sent to nobody without the right certificate", async () => {
		const [untrusted, impostor] = [await Listener.service(OTHER), await Listener.service(HOST)];
		stop();
		start([untrusted.port, impostor.port]);
		names.set(OTHER, [[PUBLIC]]);
		expect((await post(url("created", { port: untrusted.port }))).failure).toMatch(/^certificate-/);
		expect((await post(url("created", { host: OTHER, port: impostor.port }))).failure).toMatch(/^certificate-/);
		expect([...untrusted.requests, ...impostor.requests]).toEqual([]);
		await Promise.all([untrusted.close(), impostor.close()]);
	});

	it.each<[string, Answer]>([
		["headers", { failure: "header-too-large" }],
		["slow-headers", { failure: "no answer in time" }],
		["chunked", { status: 201 }],
		["endless", { status: 201 }],
		["long-gone", { status: 410 }],
		["bomb", { status: 201 }],
		["silent", { failure: "no answer in time" }],
		["early-hints", { failure: "no answer in time" }],
		["closes", { failure: "connection-closed" }],
		["garbage", { failure: "HPE_INVALID_CONSTANT" }],
	])("hold little for a service that answers with %s", async (path, answer) => {
		const count = 30;
		const memory = process.memoryUsage().rss;
		const answers = await Promise.all(Array.from({ length: count }, () => post(url(path))));
		expect(answers).toEqual(Array(count).fill(answer));
		await closed();
		expect(process.memoryUsage().rss - memory).toBeLessThan(100 * 1024 * 1024);
	});

	it.each([
		["says nothing", () => Listener.silent()],
		["takes its time for TLS", () => Listener.slowHandshake()],
	])("hold no sockets for a service that %s", async (_what, listen) => {
		const listener = await listen();
		stop();
		start([listener.port]);
		names.set(HOST, [[PUBLIC, "203.0.114.2", "203.0.114.3"]]);
		const count = 30;
		const answers = await Promise.all(Array.from({ length: count }, () => post(url("created", { port: listener.port }))));
		expect(answers).toEqual(Array(count).fill({ failure: "no answer in time" }));
		expect(listener.connections).toBeGreaterThan(0);
		await closed(listener);
		// Node's agent may connect once more for a request that waited and was given up, and lets go of it at once.
		await milliseconds(300);
		const { connections } = listener;
		await milliseconds(500);
		expect([listener.connections, listener.open]).toEqual([connections, 0]);
		await listener.close();
	});
});
