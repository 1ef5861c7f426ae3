import { createClock } from "../../bridge/server/clock";
import { describe, expect, it } from "vitest";
import { requestAt, requestTo } from "../webpush/requests";
import { SimulatedNetwork } from "../../bridge/scenario/simulated-network";
import { START } from "../../bridge/scenario";
import { bytesToText } from "../../bridge/native/bytes";
import type { Answer } from "../../bridge/scenario";
import type { HttpRequest, HttpResponse, Resolver } from "../../bridge/api";
import type { PushRequest } from "../../bridge/webpush/service";

/** Gives these addresses, one after the other. */
function resolverOf(port: number, ...addresses: string[]): Resolver {
	return {
		next(callback) {
			const ip = addresses.shift();
			if (ip === undefined) callback();
			else callback(ip.includes(":") ? "tcp6" : "tcp4", ip, port, {}, addresses.length > 0);
		},
	};
}

function networkWith(answers: Answer = { with: "status", status: 201 }, dns: Record<string, string[]> = {}) {
	const clock = createClock(START);
	const seen: string[] = [];
	const network = new SimulatedNetwork({
		clock, dns,
		onPush: ({ name }, { entry }) => seen.push(`${name} ${entry.answer}`),
		onUndelivered: ({ url, undelivered }) => seen.push(`${url} ${undelivered}`),
	});
	const browser = network.open({ kind: "webpush", name: "Browser", answers });
	const post = (request: PushRequest, resolver: Resolver): { got: [HttpResponse | undefined, string?][]; abort(): void } => {
		const got: [HttpResponse | undefined, string?][] = [];
		const sent: HttpRequest = { ...request, body: bytesToText(request.body), resolver, size_limits: () => ({}) };
		const abort = network.http(sent, (...args) => got.push(args)) as () => void;
		return { got, abort };
	};
	const made = (): Promise<PushRequest> => requestAt(requestTo(browser.subscribe(undefined), "{}", { TTL: 1 }), START);
	return { network, browser, clock, seen, post, made };
}

describe("the simulated network", () => {
	it("leads to a push service, which answers at the same instant but not at once", async () => {
		const { post, made, clock, seen } = networkWith();
		const { got } = post(await made(), resolverOf(4431, "127.0.0.1"));
		expect(got).toEqual([]);
		clock.advance(0);
		expect(got.map(([response]) => response)).toEqual([{ code: 201, headers: { location: "https://localhost:4431/message/1", ttl: "1" }, body: "" }]);
		expect(seen).toEqual(["Browser 201"]);
	});

	it("takes names of headers however they are written", async () => {
		const { post, made, clock, seen } = networkWith();
		const request = await made();
		const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toUpperCase(), value]));
		post({ ...request, headers }, resolverOf(4431, "127.0.0.1"));
		clock.advance(0);
		expect(seen).toEqual(["Browser 201"]);
	});

	it("hands on all values of a header that is there more than once", async () => {
		const { post, made, clock, seen } = networkWith();
		const request = await made();
		post({ ...request, headers: { ...request.headers, Ttl: "2" } }, resolverOf(4431, "127.0.0.1"));
		clock.advance(0);
		expect(seen).toEqual(["Browser 400 TTL: expected seconds"]);
	});

	it("asks for one address after the other, and connects to no other", async () => {
		const { post, made, clock, seen } = networkWith();
		const first = post(await made(), resolverOf(4431, "::1", "127.0.0.2", "127.0.0.1"));
		const second = post(await made(), resolverOf(4431, "::1", "127.0.0.2"));
		const third = post(await made(), resolverOf(443, "127.0.0.1"));
		clock.advance(0);
		expect(first.got[0]![0]?.code).toBe(201);
		const { url } = await made();
		expect(second.got).toEqual([[undefined, "connection refused"]]);
		expect(third.got).toEqual([[undefined, "connection refused"]]);
		expect(seen).toEqual(["Browser 201", `${url} true`, `${url} true`]);
	});

	it("leads nowhere without an address, and tells of no such request", async () => {
		const { post, made, clock, seen } = networkWith();
		const plain = post(await made(), resolverOf(4431));
		const guarded = post(await made(), { ...resolverOf(4431), last_error: "not a public address" });
		clock.advance(0);
		expect(plain.got).toEqual([[undefined, "unable to resolve service"]]);
		expect(guarded.got).toEqual([[undefined, "not a public address"]]);
		expect(seen).toEqual([]);
	});

	it("has services that are down, and up again", async () => {
		const { post, made, clock, browser } = networkWith();
		browser.disconnect();
		const down = post(await made(), resolverOf(4431, "127.0.0.1"));
		clock.advance(0);
		expect(down.got).toEqual([[undefined, "connection refused"]]);
		expect(() => browser.disconnect()).toThrow("The push service Browser is down already");
		browser.connect();
		const up = post(await made(), resolverOf(4431, "127.0.0.1"));
		clock.advance(0);
		expect(up.got[0]![0]?.code).toBe(201);
	});

	it("has services that never answer", async () => {
		const { post, made, clock, seen } = networkWith({ with: "nothing" });
		const { got } = post(await made(), resolverOf(4431, "127.0.0.1"));
		clock.advance(86_400);
		expect(got).toEqual([]);
		expect(seen).toEqual(["Browser none"]);
	});

	it("has no certificate but that of localhost, and nothing without one", async () => {
		const { post, made, clock, seen } = networkWith();
		const request = await made();
		const named = post({ ...request, url: "https://push.example:4431/" }, resolverOf(4431, "127.0.0.1"));
		const plain = post({ ...request, url: "http://localhost:4431/" }, resolverOf(4431, "127.0.0.1"));
		clock.advance(0);
		expect(named.got).toEqual([[undefined, "certificate-verify-failed"]]);
		expect(plain.got).toEqual([[undefined, "connection-closed"]]);
		expect(seen).toEqual(["https://push.example:4431/ true", "http://localhost:4431/ true"]);
	});

	it("sends the path and the query, and no more of a URL", async () => {
		const { post, made, clock, seen } = networkWith();
		const request = await made();
		const { got } = post({ ...request, url: `${request.url.replace("https://localhost", "HTTPS://LocalHost")}#part` }, resolverOf(4431, "127.0.0.1"));
		const other = post({ ...request, url: `${request.url}?x` }, resolverOf(4431, "127.0.0.1"));
		clock.advance(0);
		expect([got, other.got].map(([first]) => first?.[0]?.code)).toEqual([201, 404]);
		expect(seen).toEqual(["Browser 201", "Browser 404 there is no such subscription"]);
	});

	it.each(["https://exa mple.com/", "https://localhost:99999/", "https://%zz/"])("bears %s", async (url) => {
		const { post, made, clock } = networkWith();
		const { got } = post({ ...await made(), url }, { ...resolverOf(99999), last_error: "hostname failed IDNA" });
		clock.advance(0);
		expect(got).toEqual([[undefined, "hostname failed IDNA"]]);
	});

	it("makes no request that was aborted in time", async () => {
		const { post, made, clock, seen } = networkWith();
		const aborted = post(await made(), resolverOf(4431, "127.0.0.1"));
		aborted.abort();
		clock.advance(0);
		const late: { got: unknown[]; abort(): void } = post(await made(), {
			next: (callback) => {
				late.abort();
				callback("tcp4", "127.0.0.1", 4431);
			},
		});
		clock.advance(0);
		expect([aborted.got, late.got]).toEqual([[], []]);
		expect(seen).toEqual([]);
	});

	it("knows localhost, and what the scenario says", () => {
		const { network } = networkWith(undefined, { "push.example": ["192.0.2.1", "::1"], "localhost": ["127.0.0.3"] });
		const resolve = (from: SimulatedNetwork, name: string): readonly string[] => {
			let addresses: readonly string[] = ["none came"];
			from.resolve(name, (answer) => {
				addresses = answer;
			});
			return addresses;
		};
		expect(resolve(network, "push.example")).toEqual(["192.0.2.1", "::1"]);
		expect(resolve(network, "localhost")).toEqual(["127.0.0.3"]);
		expect(resolve(networkWith().network, "localhost")).toEqual(["127.0.0.1"]);
		for (const name of ["example.org", "constructor", ""]) expect(resolve(network, name)).toEqual([]);
	});
});
