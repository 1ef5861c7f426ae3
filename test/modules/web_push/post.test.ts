import { describe, expect, it } from "vitest";
import type { HttpRequest, HttpResponse, Libraries, Require } from "../../../bridge/api";
import { guarded_post, type Answer, type Post } from "../../../modules/mod_web_push/post";
import { HOST_NAMES, World } from "../../server/world";
import type { HostName } from "../../server/world";

const TIMEOUT = 20;
const PUBLIC = "203.0.114.1";
const NAME = "push.example.com";
const ENDPOINT = { url: `https://${NAME}/secret?token=1`, service: `https://${NAME}`, is_internal: false };

interface Connection {
	address: string;
	request: HttpRequest;
	answer(response: Partial<HttpResponse> | undefined, error?: string): void;
	aborted: boolean;
}

/** A host with a network on which the addresses below answer when they are told to, and all others cannot be reached. */
class Network {
	readonly world: World;
	readonly connections: Connection[] = [];
	/** Attempts, in order. */
	readonly tried: string[] = [];
	/** Of `NAME`: for one lookup after the other. */
	addresses: string[][] = [[PUBLIC]];
	reachable = [PUBLIC, "127.0.0.1"];
	require!: Require;
	post!: Post;
	/** While true, requests wait before they ask for an address. */
	stalled = false;
	private waiting: (() => void)[] = [];

	constructor(host_name: HostName) {
		this.world = new World(host_name);
		this.world.machine.resolve = (name, answer) => {
			if (name !== NAME) answer([]);
			else answer(this.addresses.length > 1 ? this.addresses.shift()! : this.addresses[0]!);
		};
		this.world.machine.http = (request, answer) => {
			const connection: Connection = {
				address: "", request, aborted: false,
				answer: (response, error) => answer(response && { code: 200, body: "", headers: {}, ...response }, error),
			};
			const connect = (): void => request.resolver.next((conn_type, address) => {
				if (conn_type === undefined) {
					answer(undefined, request.resolver.last_error ?? "unable to resolve service");
					return;
				}
				this.tried.push(address!);
				if (!this.reachable.includes(address!)) connect();
				else this.connections.push(Object.assign(connection, { address }));
			});
			if (this.stalled) this.waiting.push(connect);
			else connect();
			return () => void (connection.aborted = true);
		};
		// The host reads both when it starts.
		this.world.restart();
		this.world.load("posting", (_module, _prosody, require) => {
			this.require = require;
			this.post = guarded_post(require, { timeout: TIMEOUT });
		});
	}

	/** Has those that were stalled go on. */
	resume(): void {
		for (const connect of this.waiting.splice(0)) connect();
	}

	send(endpoint = ENDPOINT, headers: Record<string, string> = {}): Answer[] {
		const answers: Answer[] = [];
		this.post(endpoint, headers, "bytes", (answer) => answers.push({ ...answer }));
		return answers;
	}
}

describe.each(HOST_NAMES)("a post on %s", (host_name) => {
	it("goes out with its headers and body, and brings back the status once", () => {
		const network = new Network(host_name);
		const answers = network.send(ENDPOINT, { TTL: "60", Urgency: "high" });
		expect(network.connections).toMatchObject([{ address: PUBLIC, request: {
			method: "POST", url: ENDPOINT.url, body: "bytes", headers: { TTL: "60", Urgency: "high", Host: NAME },
		} }]);
		expect(answers).toEqual([]);
		network.connections[0]!.answer({ code: 201 });
		network.connections[0]!.answer({ code: 500 });
		network.world.pass(2 * TIMEOUT);
		expect(answers).toEqual([{ status: 201 }]);
		expect(network.world.log.filter(({ message }) => /secret|token/.test(message))).toEqual([]);
		expect(network.world.errors()).toEqual([]);
	});

	it("leaves no timer behind", () => {
		const network = new Network(host_name);
		const { clock } = network.world;
		const schedule = clock.schedule.bind(clock);
		const timers = new Set<object>();
		clock.schedule = (delay, callback) => {
			const timer = {};
			timers.add(timer);
			const take_back = schedule(delay, () => {
				timers.delete(timer);
				callback();
			});
			return () => {
				timers.delete(timer);
				take_back();
			};
		};
		network.send();
		expect(timers.size).toBe(1);
		network.connections[0]!.answer({ code: 201 });
		expect(timers.size).toBe(0);
	});

	it.each([
		["127.0.0.1"], ["10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], ["fe80::1"],
	])("is not sent to a name of %s", (address) => {
		const network = new Network(host_name);
		network.addresses = [[address]];
		network.reachable = [address];
		expect(network.send()).toEqual([{ failure: "no public address" }]);
		expect(network.tried).toEqual([]);
	});

	it("is not sent to a private address that comes after public ones", () => {
		const network = new Network(host_name);
		network.addresses = [["203.0.114.9", "127.0.0.1", "::1", "203.0.114.8"]];
		expect(network.send().length).toBe(1);
		expect([...network.tried].sort()).toEqual(["203.0.114.8", "203.0.114.9"]);
	});

	it("is sent to the address that was looked at, not to what the name has later", () => {
		const network = new Network(host_name);
		network.addresses = [[PUBLIC], ["127.0.0.1"]];
		network.send();
		expect(network.tried).toEqual([PUBLIC]);
		expect(network.send()).toEqual([{ failure: "no public address" }]);
		expect(network.tried).toEqual([PUBLIC]);
	});

	it("tries 8 addresses at most", () => {
		const network = new Network(host_name);
		network.addresses = [Array.from({ length: 1000 }, (_, index) => `203.0.115.${index % 256}`)];
		expect(network.send()).toEqual([{ failure: "too many addresses" }]);
		expect(network.tried.length).toBe(8);
		network.addresses = [Array<string>(1000).fill("127.0.0.1")];
		expect(network.send()).toEqual([{ failure: "no public address" }]);
	});

	it("is sent to an internal service wherever it is", () => {
		const network = new Network(host_name);
		network.addresses = [["127.0.0.1"]];
		network.send({ ...ENDPOINT, is_internal: true });
		expect(network.connections.map(({ address }) => address)).toEqual(["127.0.0.1"]);
	});

	it("leaves all other requests alone, those too that are made when it is answered", () => {
		const network = new Network(host_name);
		network.addresses = [["127.0.0.1"]];
		const others: (number | string)[] = [];
		const request = (): void => void network.require("net.http")
			.request(ENDPOINT.url, {}, (body, code) => void others.push(code === 0 ? body : code));
		network.post(ENDPOINT, {}, "", ({ failure }) => {
			others.push(failure!);
			request();
			network.post({ ...ENDPOINT, is_internal: true }, {}, "", ({ status }) => others.push(`internal ${status}`));
		});
		request();
		for (const connection of network.connections) connection.answer({ code: 202 });
		expect(others).toEqual(["no public address", 202, "internal 202", 202]);
	});

	it("is given up after a time, whatever it waits for", () => {
		const network = new Network(host_name);
		const answers = network.send();
		network.world.pass(TIMEOUT - 1);
		expect(answers).toEqual([]);
		expect(network.connections[0]!.aborted).toBe(false);
		network.world.pass(1);
		expect(answers).toEqual([{ failure: "no answer in time" }]);
		expect(network.connections[0]!.aborted).toBe(true);
		network.connections[0]!.answer({ code: 201 });
		expect(answers.length).toBe(1);
	});

	it("does not connect once it was given up", () => {
		const network = new Network(host_name);
		network.stalled = true;
		const answers = network.send();
		network.world.pass(TIMEOUT);
		network.resume();
		expect(network.tried).toEqual([]);
		expect(answers).toEqual([{ failure: "no answer in time" }]);
	});

	it.each([307, 404, 410, 413, 429, 500, 599])("brings back status %i, as it is", (code) => {
		const network = new Network(host_name);
		const answers = network.send();
		network.connections[0]!.answer({ code, headers: { location: "https://localhost/" } });
		expect(answers).toEqual([{ status: code }]);
		expect(network.connections.length).toBe(1);
	});

	it("has no use for an answer that is not the last one", () => {
		const network = new Network(host_name);
		const answers = network.send();
		network.connections[0]!.answer({ code: 103 });
		expect(answers).toEqual([{ failure: "an answer that is not the last one" }]);
	});

	it("takes the status of an answer whose body is too large", () => {
		const network = new Network(host_name);
		const answers = network.send();
		expect(network.connections[0]!.request.size_limits()).toEqual({ body: 4096, head: 8192 });
		network.connections[0]!.answer({ code: 410, body: "x".repeat(4097) });
		expect(answers).toEqual([{ status: 410 }]);
	});

	it.each([
		["certificate-chain-invalid", "certificate-chain-invalid"],
		["evil\nmod_smacks\terror\tlie", "[control characters]"],
		["x".repeat(10_000), "[long]"],
	])("fails with what can be logged", (error, failure) => {
		const network = new Network(host_name);
		const answers = network.send();
		network.connections[0]!.answer(undefined, error);
		expect(answers).toEqual([{ failure }]);
	});

	it("fails on a machine without HTTP", () => {
		const world = new World(host_name);
		const answers: Answer[] = [];
		world.load("posting", (_module, _prosody, require) => {
			guarded_post(require, { timeout: TIMEOUT })(ENDPOINT, {}, "", (answer) => answers.push({ ...answer }));
		});
		world.pass(TIMEOUT);
		expect(answers).toEqual([{ failure: "no-http" }]);
	});

	it.each([
		["120", 120], ["0", 0], ["000000010", 10], ["-5", 0], ["999999999", 999_999_999],
		["Mon, 01 Jan 2024 00:01:40 GMT", 100], ["Mon, 01 Jan 2024 00:00:00 GMT", 0], ["Sun, 31 Dec 2023 00:00:00 GMT", 0],
		["", undefined], ["soon", undefined], ["1.5", undefined], ["1e3", undefined], ["0x10", undefined], ["+5", undefined],
		["12 0", undefined], ["120, 120", undefined], ["Infinity", undefined], ["NaN", undefined], ["--5", undefined],
		["1000000000", undefined], ["9".repeat(1000), undefined], ["\u0661", undefined],
		["Mon, 01 Foo 2024 00:01:40 GMT", undefined], ["Mon, 01 Jan 2024 00:01:40 CET", undefined],
		["Mon, 01 Jan 2024 00:01 GMT", undefined], ["Monday, 01-Jan-24 00:01:40 GMT", undefined], ["Mon, 1 Jan 2024 00:01:40 GMT", undefined],
		["2024-01-01T00:01:40Z", undefined], ["Mon, 01 Jan 2024 -1:01:40 GMT", undefined],
	])("has Retry-After: %s as %s seconds", (header, seconds) => {
		const network = new Network(host_name);
		const answers = network.send();
		network.connections[0]!.answer({ code: 429, headers: { "retry-after": header } });
		expect(answers.map(({ retry_after }) => retry_after)).toEqual([seconds]);
		expect(answers[0]!.status).toBe(429);
	});
});

describe("a post that the host does not ask an address for", () => {
	it("is no post", () => {
		const network = new Network("node");
		let cancelled = 0;
		const http = { request: () => ({ host: NAME, cancel: () => void cancelled++ }) };
		const require = ((name: keyof Libraries) => (name === "net.http" ? http : network.require(name))) as Require;
		const answers: Answer[] = [];
		guarded_post(require, { timeout: TIMEOUT })(ENDPOINT, {}, "", (answer) => answers.push(answer));
		expect(answers).toEqual([{ failure: "a connection that is not guarded" }]);
		expect(cancelled).toBe(1);
	});

	it("fails with what the host throws, and the next request is not guarded", () => {
		const network = new Network("node");
		const resolvers = network.require("net.resolvers.basic");
		const original = resolvers.new;
		const http = { request: () => { throw new Error("no TLS"); } };
		const require = ((name: keyof Libraries) => (name === "net.http" ? http : network.require(name))) as Require;
		const answers: Answer[] = [];
		guarded_post(require, { timeout: TIMEOUT })(ENDPOINT, {}, "", (answer) => answers.push(answer));
		expect(answers).toEqual([{ failure: "Error: no TLS" }]);
		expect(resolvers.new).toBe(original);
	});
});
