import { describe, expect, it } from "vitest";
import { parseScenario, perform, SimulatedStage, START } from "../../bridge/scenario";
import type { LogEntry, ModuleSource, ProsodyModule } from "../../bridge/api";
import { createNodeHost } from "../../bridge/node";

/** Does something of everything that a stage shows. */
const mod_sample: ProsodyModule = (module, _prosody, require) => {
	const st = require("util.stanza");
	const store = module.open_store<{ count: number }>("sample");
	const send = (id: string) => {
		module.send(st.iq({ type: "set", id, to: "push.localhost", from: module.host }).tag("x", { xmlns: "u" }));
	};
	module.hook("sample-send", (event) => send(String(event.user)));
	module.hook("sample-later", (event) => {
		module.add_timer(3, () => send(String(event.user)));
	});
	module.hook("sample-count", (event) => {
		const user = String(event.user);
		const [data] = store.get(user);
		const count = (data?.count ?? 0) + 1;
		store.set(user, { count });
		send(`${user}-${count}`);
	});
	module.hook("sample-forget", (event) => {
		store.set(String(event.user), undefined);
	});
	module.hook("sample-id", () => send(require("util.id").short()));
	module.hook("sample-fail", () => {
		throw new Error("on purpose");
	});
	module.hook("iq-result/host/answered", () => {
		send("thanks");
		return true;
	});
	module.save = () => "kept";
	module.restore = (state) => {
		module.hook("sample-state", () => send(String(state)));
	};
};

const CAST = `
[Client] Romeo
	jid: romeo@localhost/orchard

[Client] Phone
	jid: juliet@localhost/phone
	smacks: resume

[Component] App server
	jid: push.localhost

---------
`;

interface Options {
	cast?: string;
	modules?: [string, ModuleSource][];
	log?(entry: LogEntry): void;
}

const SAMPLE: [string, ModuleSource][] = [["sample", { typescript: mod_sample }]];

async function run(steps: string, { cast = CAST, modules = SAMPLE, log }: Options = {}) {
	const scenario = parseScenario("test.scs", cast + steps);
	const stage = new SimulatedStage(scenario, { createHost: createNodeHost, modules, log });
	return perform(scenario, stage).finally(() => stage.close());
}

/** Runs what must pass, and gives the trace. */
async function pass(steps: string, options?: Options) {
	const { passed, steps: done, trace } = await run(steps, options);
	expect(done.at(-1)?.failure).toBeUndefined();
	expect(passed).toBe(true);
	return trace;
}

async function failure(steps: string) {
	const { steps: done } = await run(steps);
	return done.at(-1)?.failure?.message;
}

describe("the simulated stage", () => {
	it("shows what the host sent, what clients got and what was stored, with the time", async () => {
		const trace = await pass(`
Romeo connects
Phone connects
2 seconds pass
localhost fires sample-count for romeo
App server receives:
	<iq id="romeo-1" from="localhost" to="push.localhost" type="set"/>
0.5 seconds pass
Romeo sends:
	<message to="\${Phone's full JID}"><body>Hi</body></message>
Phone receives:
	<message from="\${Romeo's full JID}"><body>Hi</body></message>
localhost fires sample-forget for romeo
`);
		expect(trace.map((entry) => ("xml" in entry ? { ...entry, xml: entry.xml.replace(/ .*/s, "") } : entry))).toEqual([
			{ at: 2, kind: "store", store: "sample", user: "romeo", data: { count: 1 } },
			{ at: 2, kind: "stanza", to: "push.localhost", from: "localhost", xml: "<iq" },
			{ at: 2.5, kind: "reply", to: "Phone", xml: "<message" },
			{ at: 2.5, kind: "store", store: "sample", user: "romeo", data: null },
		]);
	});

	it("has components answer, and shows the request but not the answer", async () => {
		const trace = await pass(`
localhost fires sample-send for answered
App server receives:
	<iq id="answered"/>
App server receives:
	<iq id="thanks"/>
App server answers with nothing
localhost fires sample-send for answered
App server receives:
	<iq id="answered"/>
App server receives: nothing
`);
		expect(trace).toHaveLength(3);
	});

	it("waits in virtual time for what is to come, and not at all for nothing", async () => {
		const { steps, passed } = await run(`
localhost fires sample-later for a
App server receives: nothing
App server receives:
	<iq id="a"/>
1 second passes
localhost fires sample-later for b
3 seconds pass
App server receives:
	<iq id="b"/>
`);
		expect(passed).toBe(true);
		expect(steps.map(({ at }) => at)).toEqual([0, 0, 0, 3, 4, 4, 7]);
		expect(steps.map(({ entries }) => entries)).toEqual([0, 0, 1, 0, 0, 1, 0]);
	});

	it("gives up when nothing comes", async () => {
		expect(await failure("App server receives:\n\t<iq/>")).toBe("App server received nothing within 5 seconds");
		expect(await failure("localhost fires sample-send for x\nApp server receives: nothing"))
			.toBe("App server received something, expected nothing");
	});

	it("loses connections, and resumes them", async () => {
		await pass(`
Romeo connects
Phone connects
Phone sends: <presence/>
Phone receives: <presence/>
Phone loses its connection
Romeo sends:
	<message to="juliet@localhost" type="chat"><body>1</body></message>
Phone receives: nothing
Phone resumes
Phone receives:
	<message><body>1</body></message>
Phone stops acknowledging
Romeo sends:
	<message to="juliet@localhost" type="chat"><body>2</body></message>
Phone acknowledges
Phone receives:
	<message><body>2</body></message>
Phone disconnects
`);
	});

	it("binds with what a client asks Bind 2 for, of which it hears at once", async () => {
		const cast = "[Client] Tablet\n\tjid: juliet@localhost/tablet\n\tsasl2: yes\n\tsmacks: resume\n---\n";
		const trace = await pass(`Tablet connects with:
	<enable xmlns="urn:xmpp:carbons:2"/>
	<inactive xmlns="urn:xmpp:csi:0"/>
Tablet receives:
	<bind xmlns="urn:xmpp:bind:0"><inline><feature var="urn:xmpp:carbons:2"/><feature var="urn:xmpp:csi:0"/></inline></bind>
	<bound xmlns="urn:xmpp:bind:0"><enabled xmlns="urn:xmpp:carbons:2"/></bound>
Tablet loses its connection
Tablet resumes
Tablet receives: nothing
`, { cast, modules: [] });
		expect(trace.map((entry) => ("to" in entry ? `${entry.kind} ${entry.to}` : entry.kind))).toEqual(["reply Tablet", "reply Tablet"]);
	});

	it("reloads a module, which keeps its state", async () => {
		await pass("localhost fires sample-state for x\nApp server receives: nothing\nlocalhost reloads sample\n"
			+ "localhost fires sample-state for x\nApp server receives:\n\t<iq id='kept'/>");
		expect(await failure("localhost reloads nothing")).toMatch(/nothing/);
	});

	it("restarts on the stored data; components come back, clients when the script says so", async () => {
		await pass(`
Romeo connects
localhost fires sample-count for romeo
App server receives:
	<iq id="romeo-1"/>
localhost restarts
localhost fires sample-count for romeo
App server receives:
	<iq id="romeo-2"/>
Romeo connects
`);
		expect(await failure("Romeo connects\nlocalhost restarts\nRomeo sends: <presence/>")).toBe("Romeo is not connected");
	});

	it("restarts with a component left as it was", async () => {
		await pass(`
App server disconnects
localhost restarts
localhost fires sample-send for a
App server receives: nothing
App server connects
App server connects
localhost fires sample-send for b
App server receives:
	<iq id="b"/>
`);
	});

	it("has components send", async () => {
		await pass(`
Romeo connects
App server sends:
	<message to="\${Romeo's full JID}" from="x@push.localhost"><body>Hi</body></message>
Romeo receives:
	<message from="x@push.localhost"><body>Hi</body></message>
`);
	});

	it("says what cannot be done", async () => {
		expect(await failure("Romeo sends: <presence/>")).toBe("Romeo is not connected");
		expect(await failure("Romeo connects\nRomeo connects")).toBe("Romeo is connected already");
		expect(await failure("localhost fires sample-fail for x")).toMatch(/on purpose/);
		expect(await failure("Phone resumes")).toBe("Phone has no stream to resume");
		expect(await failure("App server disconnects\nApp server sends: <message/>"))
			.toBe("The component push.localhost is not connected");
	});

	it("is the same in every run", async () => {
		const steps = "Romeo connects\nlocalhost fires sample-id for x\nlocalhost fires sample-id for x";
		const [first, second] = [await pass(steps), await pass(steps)];
		expect(first).toEqual(second);
		expect(new Set(first.map((entry) => ("xml" in entry ? entry.xml : ""))).size).toBe(2);
	});

	it("begins at a fixed time, and gives the log away", async () => {
		const log: LogEntry[] = [];
		await pass("Romeo connects", { log: (entry) => log.push(entry) });
		expect(new Date(START * 1000).toISOString()).toBe("2023-11-14T22:13:20.000Z");
		expect(log.length).toBeGreaterThan(0);
		expect(log.every(({ at }) => at === START)).toBe(true);
	});

	it("takes names that mean something elsewhere", async () => {
		const names = ["__proto__", "constructor", "length", "5"];
		const cast = `${names.map((name) => `[Client] ${name}\n\tjid: ${name}@localhost/${name}`).join("\n")}\n---\n`;
		await pass(names.map((name) => `${name} connects\n${name} sends: <message to="\${${name}'s full JID}"/>
${name} receives: <message from="\${${name}'s full JID}"/>\n`).join(""), { cast, modules: [] });
	});

	it("knows an account by its prepared name before anyone logs in", async () => {
		const cast = "[Client] A\n\tjid: Romeo@localhost/a\n[Client] B\n\tjid: b@localhost/b\n---\n";
		const message = "<message to='romeo@localhost' type='chat'><body>x</body></message>";
		await pass(`B connects\nB sends: ${message}\nB receives: nothing`, { cast, modules: [] });
	});

	it("passes on that a module cannot be loaded", async () => {
		const typescript: ProsodyModule = () => {
			throw new Error("no way");
		};
		await expect(run("Romeo connects", { modules: [["broken", { typescript }]] })).rejects.toThrow(/no way/);
	});

	it("can be closed more than once", async () => {
		const scenario = parseScenario("test.scs", "---\nlocalhost restarts");
		const stage = new SimulatedStage(scenario, { createHost: createNodeHost, modules: [] });
		await stage.close();
		await expect(stage.close()).resolves.toBeUndefined();
	});
});
