import { describe, expect } from "vitest";
import { compare } from "../../bridge/trace/compare";
import { createFengariHost } from "../../bridge/fengari";
import { join } from "node:path";
import { parse } from "ltx";
import { parseScenario, SimulatedStage, type Scenario, type Stage } from "../../bridge/scenario";
import { postStanza, requestAt, requestTo, SERVER_KEYS } from "../webpush/requests";
import { ProsodyStage } from "../../bridge/prosody/stage";
import { prosodyFor } from "./performing";
import { prosodyRoots } from "../prosody-here";
import { webPushIds } from "../../bridge/trace/webpush";
import webpush from "web-push";
import type { LogEntry } from "../../bridge/api";
import type { PushRequest } from "../../bridge/webpush/service";
import type { Recording } from "../../bridge/trace/compare";

const POSTER = { name: "poster", path: join(import.meta.dirname, "../webpush/mod_poster.lua") };

const SCENARIO: Scenario = parseScenario("post.scs", `# A client that has the server post

[Client] Romeo
	jid: romeo@localhost/orchard

[WebPush] Browser

[WebPush] Tablet
	answers: 503 retry-after 7

---------

Romeo connects
`);

const PAYLOAD = "{\"message-count\":1}";

const FORMER_KEY = webpush.generateVAPIDKeys().publicKey;

/** What came of each step: of a request its status, then what else the answer says, or the browser's message as data. */
type Told = unknown[];

/** Has the server make requests of every kind. */
async function act(stage: Stage): Promise<Told> {
	const told: Told = [];
	let count = 0;
	const post = async (request: PushRequest): Promise<void> => {
		await stage.send("Romeo", postStanza(`p${++count}`, await requestAt(request, stage.began + stage.elapsed)));
	};
	const answer = async (patience = 0): Promise<void> => {
		const xml = await stage.receive("Romeo", patience);
		const { attrs: { code }, children } = parse(xml ?? "<iq><answer/></iq>").getChild("answer")!;
		told.push([code, ...children.map((child) => (typeof child === "string" ? child : child.getText()))]);
	};
	const message = async (name: string): Promise<void> => {
		const text = await stage.receive(name, 0);
		told.push(text === undefined ? undefined : JSON.parse(text));
	};

	await stage.connect("Romeo");
	// The browsers subscribe with the key that was published last.
	for (const key of [FORMER_KEY, SERVER_KEYS.publicKey]) {
		await stage.send("Romeo", `<iq type="set" id="k1"><publish xmlns="urn:example:poster">${key}</publish></iq>`);
		await stage.receive("Romeo", 0);
		await stage.send("Romeo", "<iq type=\"get\" id=\"k2\"><query xmlns=\"http://jabber.org/protocol/disco#info\"/></iq>");
		await stage.receive("Romeo", 0);
	}

	// What a step leads to is there when it is over: nothing here waits.
	const subscription = stage.subscription("Browser");
	await post(requestTo(subscription, PAYLOAD, { TTL: 60, urgency: "high", topic: "a-topic" }));
	await answer();
	await message("Browser");
	await post(requestTo(stage.subscription("Tablet"), PAYLOAD, { TTL: 60 }));
	await answer();
	await message("Tablet");
	await post({ ...requestTo(subscription, PAYLOAD, { TTL: 60 }), body: Buffer.from("{}") });
	await answer();
	await post({ ...requestTo(subscription, PAYLOAD, { TTL: 60 }), body: Buffer.alloc(100_000) });
	await answer(1);
	await message("Browser");
	await stage.disconnect("Browser");
	await post(requestTo(subscription, PAYLOAD, { TTL: 60 }));
	await answer();
	await stage.connect("Browser");
	await stage.answer("Browser", { with: "status", status: 410 });
	await post(requestTo(subscription, PAYLOAD, { TTL: 60 }));
	await answer();
	await message("Browser");
	await stage.answer("Browser", { with: "nothing" });
	await post(requestTo(subscription, PAYLOAD, { TTL: 60 }));
	await answer();
	await message("Browser");
	await message("Browser");
	return told;
}

/** What went out, as a run records it. */
function recordingOf(stage: Stage): Recording {
	const services = ["Browser", "Tablet"].map((name) => new URL(stage.subscription(name).endpoint).host);
	return { entries: stage.trace, ids: new Set([...webPushIds(stage.trace), ...services]) };
}

function toldOn(stage: Stage): Told {
	const origins = ["Browser", "Tablet"].map((name) => new URL(stage.subscription(name).endpoint).origin);
	const message = (origin: string, headers: object): object => {
		const claims = { aud: origin, exp: expect.any(Number) as number, sub: "mailto:admin@example.org" };
		return { "message-count": 1, "$headers": headers, "$claims": claims };
	};
	const normal = { ttl: "60", urgency: "normal" };
	return [
		["201", `${origins[0]}/message/1`, "60"],
		message(origins[0]!, { ttl: "60", urgency: "high", topic: "a-topic" }),
		["503", "7"],
		message(origins[1]!, normal),
		["400"],
		["413"],
		undefined,
		["0", "connection refused"],
		["410"],
		message(origins[0]!, normal),
		[undefined],
		message(origins[0]!, normal),
		undefined,
	];
}

async function actSimulated(): Promise<Stage> {
	const stage = new SimulatedStage(SCENARIO, {
		createHost: createFengariHost, modules: [[POSTER.name, { lua: POSTER.path }]], series: "13.0",
	});
	expect(await act(stage)).toEqual(toldOn(stage));
	await stage.close();
	return stage;
}

/** Of documentation: nobody is there (RFC 5737, RFC 3849). */
const OUTSIDE = ["192.0.2.1", "[2001:db8::1]"];

describe.each(prosodyRoots)("push services for the Prosody in %s", (root) => {
	const prosody = prosodyFor(root);

	prosody.it("get its requests over HTTPS, as those of the simulated server", async () => {
		const { server } = prosody;
		const log: LogEntry[] = [];
		const stage = await ProsodyStage.begin(SCENARIO, {
			server, release: () => server.end(), modules: [POSTER], log: (entry) => log.push(entry),
		});
		let told: Told;
		try {
			told = await act(stage);
		} finally {
			await stage.close();
		}
		expect(told).toEqual(toldOn(stage));
		expect(log.filter(({ source }) => source === "Browser").map(({ message }) => message)).toEqual([
			"refused with 400: body: too short for aes128gcm", "refused with 413: body: more than 4096 bytes",
		]);
		const simulated = recordingOf(await actSimulated());
		const http = ({ entries, ids }: Recording): Recording => ({ entries: entries.filter(({ kind }) => kind === "http"), ids });
		expect(compare(http(simulated), http(recordingOf(stage)), { wire: true })).toEqual([]);
	});

	prosody.it("are here, or nowhere: nothing leaves this machine", async () => {
		const { server } = prosody;
		const stage = await ProsodyStage.begin(SCENARIO, { server, release: () => server.end(), modules: [POSTER] });
		try {
			await stage.connect("Romeo");
			const request = requestTo(stage.subscription("Browser"), PAYLOAD, { TTL: 60 });
			for (const host of [...OUTSIDE, "push.example"]) {
				await stage.send("Romeo", postStanza(host, { ...request, url: `https://${host}/` }));
				const answer = parse((await stage.receive("Romeo", 0))!).getChild("answer");
				expect(answer?.getChildText("failure")).toBe(OUTSIDE.includes(host) ? "connection refused" : "unable to resolve service");
			}
		} finally {
			await stage.close();
		}
	});
});
