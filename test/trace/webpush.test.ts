import { compare, type Recording } from "../../bridge/trace/compare";
import { countPushes } from "../../bridge/trace/pushes";
import { describe, expect, it } from "vitest";
import { entryLines } from "../../bridge/trace/lines";
import { now, requestTo, serviceThat, SUBJECT } from "../webpush/requests";
import { openedRequest, webPushIds } from "../../bridge/trace/webpush";
import { PushService, type PushRequest } from "../../bridge/webpush/service";
import { titleOf } from "../../bridge/trace/report";
import webpush from "web-push";
import type { HttpEntry, TraceEntry } from "../../bridge/trace/entry";

const OPTIONS = { TTL: 60, urgency: "high", topic: "t1" } as const;

interface LaneOptions {
	payload?: string;
	subject?: string;
	options?: webpush.RequestOptions;
	change?: (request: PushRequest) => PushRequest;
	keys?: webpush.VapidKeys;
}

/** What a lane whose server has keys of its own, and whose push service a port of its own, has in its trace. */
function lane(
	port: number,
	{
		payload = "{\"message-count\":1}", subject = SUBJECT, options = {}, change = (request) => request,
		keys: { publicKey, privateKey } = webpush.generateVAPIDKeys(),
	}: LaneOptions = {},
): Recording {
	const service = new PushService({ kind: "webpush", name: "Browser", answers: { with: "status", status: 201 } }, `https://localhost:${port}`);
	const request = requestTo(service.subscribe(publicKey), payload, { ...OPTIONS, ...options, vapidDetails: { subject, publicKey, privateKey } });
	const received = change({ ...request, headers: { ...request.headers, host: `localhost:${port}`, "user-agent": `port ${port}`, connection: String(port) } });
	const xml = `<iq type="result" id="d"><query xmlns="http://jabber.org/protocol/disco#info"><x xmlns="jabber:x:data">`
		+ `<field var="FORM_TYPE"><value>http://jabber.org/protocol/webpush#public-key</value></field>`
		+ `<field var="webpush#public-key"><value>${publicKey}</value></field></x></query></iq>`;
	const entries: TraceEntry[] = [
		{ at: 0, kind: "reply", to: "Romeo", xml }, { at: 1, ...service.receive(received, now()).entry },
	];
	return { entries, ids: new Set([...webPushIds(entries), `localhost:${port}`]) };
}

function differ(left: Recording, right: Recording): boolean {
	const [simulated, wire] = [false, true].map((isWire) => compare(left, right, { wire: isWire }).length > 0);
	expect(wire).toBe(simulated);
	return wire!;
}

function pushIn({ entries }: Recording): HttpEntry {
	return entries.find((entry) => entry.kind === "http")!;
}

describe("requests of two lanes", () => {
	it("are the same but for keys, salts, ports, times, topics and what the client says of itself", () => {
		expect(pushIn(lane(4431)).body).not.toBe(pushIn(lane(4431)).body);
		const [one, other] = ["x", "y"].map((letter) => ({ options: { topic: letter.repeat(32) } }));
		expect(differ(lane(4431, one), lane(20123, other))).toBe(false);
	});

	const without = (name: string) => (request: PushRequest): PushRequest => {
		return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([header]) => header !== name)) };
	};
	it.each<[string, LaneOptions]>([
		["another payload", { payload: "{\"message-count\":2}" }],
		["another TTL", { options: { TTL: 61 } }],
		["another urgency", { options: { urgency: "low" } }],
		["another word as topic", { options: { topic: "t2" } }],
		["no topic", { change: without("topic") }],
		["no token", { change: without("authorization") }],
		["no content type", { change: without("content-type") }],
		["another length", { change: (request) => ({ ...request, headers: { ...request.headers, "content-length": "1" } }) }],
		["another path", { change: (request) => ({ ...request, url: `${request.url}x` }) }],
		["another port", { change: (request) => ({ ...request, url: request.url.replace("20123", "20124") }) }],
		["another host", { change: (request) => ({ ...request, headers: { ...request.headers, host: "localhost" } }) }],
		["another method", { change: (request) => ({ ...request, method: "PUT" }) }],
		["what is said in the clear", { change: (request) => ({ ...request, body: Buffer.from("{\"message-count\":1}") }) }],
		["another key's token", {
			change: (request) => {
				const { publicKey, privateKey } = webpush.generateVAPIDKeys();
				const audience = new URL(request.url).origin;
				const headers = webpush.getVapidHeaders(audience, SUBJECT, publicKey, privateKey, "aes128gcm");
				return { ...request, headers: { ...request.headers, authorization: headers.Authorization } };
			},
		}],
		["another contact", { subject: "https://example.org" }],
		["more members", { payload: "{\"x\":1,\"message-count\":1}" }],
	])("differ by %s", (_, other) => {
		expect(differ(lane(4431), lane(20123, other))).toBe(true);
	});

	it("use one topic where the other one does", () => {
		const twice = (port: number, topics: string[]): Recording => {
			const all = topics.map((topic) => lane(port, { options: { topic: topic.repeat(16) } }));
			const entries = all.map(pushIn).map((entry) => ({ ...entry, headers: { ...entry.headers, authorization: "" } }));
			return { entries, ids: new Set([...all.flatMap(({ ids }) => [...ids])]) };
		};
		expect(differ(twice(4431, ["a", "a"]), twice(20123, ["b", "b"]))).toBe(false);
		expect(differ(twice(4431, ["a", "a"]), twice(20123, ["b", "c"]))).toBe(true);
	});
});

describe("a request", () => {
	it("reads as if it were neither encrypted nor signed", () => {
		const lines = entryLines(pushIn(lane(4431)), (text) => text.replace(/k=\S+/, "k=KEY"));
		expect(lines).toEqual([
			expect.stringMatching(/^POST https:\/\/localhost:4431\/push\/[\w-]{22}$/) as string,
			"{",
			"  \"answer\": \"201\",",
			"  \"headers\": {",
			"    \"authorization\": \"vapid t={signed}, k=KEY\",",
			"    \"content-encoding\": \"aes128gcm\",",
			"    \"content-length\": \"122\",",
			"    \"content-type\": \"application/octet-stream\",",
			"    \"host\": \"localhost:4431\",",
			"    \"topic\": \"t1\",",
			"    \"ttl\": \"60\",",
			"    \"urgency\": \"high\"",
			"  },",
			"  \"payload\": {",
			"    \"message-count\": 1",
			"  },",
			"  \"vapid\": {",
			"    \"aud\": \"https://localhost:4431\",",
			`    "sub": "${SUBJECT}"`,
			"  }",
			"}",
		]);
	});

	it("is opened once: what was opened stays so", () => {
		const opened = openedRequest(pushIn(lane(4431)));
		expect(openedRequest(opened)).toEqual(opened);
		expect(JSON.stringify(opened)).not.toContain("exp");
	});

	it("is named after who got it", () => {
		const push = pushIn(lane(4431));
		expect(titleOf(push)).toBe("HTTP request to Browser");
		expect(titleOf({ ...push, to: undefined, url: "https://localhost:1/", undelivered: true })).toBe("HTTP request to https://localhost:1/, where nobody is");
	});

	it("is a push if somebody got it", () => {
		const push = pushIn(lane(4431));
		expect(countPushes([push, { ...push, undelivered: true }, { ...push, method: "GET" }])).toBe(1);
	});

	it("that nobody got is not seen on the wire", () => {
		const push = pushIn(lane(4431));
		const lost: Recording = { entries: [{ ...push, undelivered: true }], ids: new Set() };
		const none: Recording = { entries: [], ids: new Set() };
		expect(compare(lost, none, { wire: true })).toEqual([]);
		expect(compare(lost, none, { wire: false })).toHaveLength(1);
	});

	it("to one place has no order with those to another", () => {
		const lost = (...urls: string[]): Recording => ({
			entries: urls.map((url) => ({ at: 0, kind: "http", method: "POST", url, headers: {}, body: "", undelivered: true })), ids: new Set(),
		});
		expect(compare(lost("https://a.example/1", "https://b.example/1"), lost("https://b.example/1", "https://a.example/1"), { wire: false })).toEqual([]);
		expect(compare(lost("https://a.example/1"), lost("https://b.example/1"), { wire: false })).toHaveLength(2);
	});

	it("that is refused for its token has no ids of the server's", () => {
		const topic = "t".repeat(32);
		expect(webPushIds([pushIn(lane(4431, { options: { topic } }))])).toHaveLength(2);
		expect(webPushIds([pushIn(lane(4431, { subject: "mailto:nobody", options: { topic } }))])).toEqual([]);
	});

	it("of which nobody can open the body is the same as another of its length", () => {
		const service = serviceThat();
		const { endpoint } = service.subscribe(undefined);
		const { p256dh, auth } = serviceThat(undefined, "Phone").subscribe(undefined);
		const unread = (payload: string): Recording => {
			const { entry } = service.receive(requestTo({ endpoint, p256dh, auth }, payload, OPTIONS), now());
			return { entries: [{ at: 0, ...entry }], ids: new Set() };
		};
		expect(pushIn(unread("{}")).answer).toBe("201");
		expect(pushIn(unread("{}"))).not.toHaveProperty("payload");
		expect(differ(unread("{}"), unread("{}"))).toBe(false);
		expect(differ(unread("{}"), unread("{ }"))).toBe(true);
		const opened = openedRequest(pushIn(unread("{}")));
		expect(openedRequest(opened)).toEqual(opened);
	});

	it.each<[string, LaneOptions, string]>([
		["for another subscription", { change: (request) => ({ ...request, url: `${request.url}x` }) }, "404 there is no such subscription"],
		["without a contact", { subject: "mailto:nobody" }, "403 Authorization: sub is"],
	])("that is refused, such as one %s, is the same as another that is", (_, options, answer) => {
		const keys = webpush.generateVAPIDKeys();
		const refused = (): Recording => lane(4431, { ...options, keys });
		expect(pushIn(refused()).answer).toContain(answer);
		expect(pushIn(refused()).headers.authorization).not.toBe(pushIn(refused()).headers.authorization);
		expect(differ(refused(), refused())).toBe(false);
	});
});
