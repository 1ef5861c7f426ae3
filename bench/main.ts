import { cpus } from "node:os";
import { Command, Option } from "commander";
import { findOriginal } from "../bridge/lanes/originals";
import { findLuaBuild } from "../bridge/lua-build";
import type { Report } from "./figures";
import { measureDelivered } from "./delivered";
import { measureEncrypted, SERIES_WITH_KEYS, WEB_PUSH } from "./encrypted";
import { measureFirstPushes } from "./first";
import { measureFuzz } from "./fuzz";
import { measureGroupchat, measureUsers } from "./growth";
import {
	ENCRYPTING_MODULE, luaInFengari, MODULE, originalInFengari, REQUESTING_MODULE, TS_FENGARI, TS_NODE, type Lane,
} from "./lanes";
import { measureMemory } from "./memory";
import { printReport } from "./print";
import { Subject } from "./process";
import { startUnderLua, type InstalledOriginal, type UnderLua } from "./prosodies";
import { measurePushes } from "./pushes";
import { measureRequests, requestingLane } from "./requests";
import { measureStartup } from "./startup";

const PARTS = ["pushes", "encrypted", "requests", "delivered", "first", "users", "groupchat", "memory", "start", "fuzz"] as const;

interface Options {
	json?: true;
	quick?: true;
	only?: typeof PARTS[number][];
	prosodyRoot: string[];
}

const options = new Command("npm run bench --")
	.description("Measures how fast pushes are, what they cost and what they leave behind.")
	.option("--json", "print the figures as JSON")
	.option("--quick", "measure next to nothing, to see that it runs")
	.addOption(new Option("--only <part...>", "measure this alone").choices(PARTS))
	.option("--prosody-root <folder...>", "root folders of file systems with Prosody in them", ["/"])
	.parse().opts<Options>();

const seconds = options.quick ? 0.05 : 6;
const memory = options.quick
	? { node: { answered: 1000, unanswered: 1000 }, lua: { answered: 1000, unanswered: 1000 } }
	: { node: { answered: 1_000_000, unanswered: 100_000 }, lua: { answered: 400_000, unanswered: 20_000 } };
const counts = options.quick
	? { memory, delivered: { sample: 50, few: 200, many: 400 }, first: 500, users: [1, 10], members: 10 }
	: {
		memory, delivered: { sample: 500, few: 10_000, many: 100_000 },
		first: 5000, users: [1, 10, 1000, 100_000], members: 10_000,
	};

const report: Report = {
	node: process.version.slice(1),
	processors: `${cpus().length} × ${cpus()[0]!.model.trim()}`,
	figures: [], verdicts: [], missing: [],
};

/** The originals that are installed, one of each series. */
function findInstalled(): InstalledOriginal[] {
	const series = new Map<string, InstalledOriginal>();
	for (const prosodyRoot of options.prosodyRoot) {
		const original = findOriginal(MODULE, { prosodyRoot });
		if (original?.series === undefined) {
			report.missing.push({ what: `original (${prosodyRoot})`, why: `no mod_${MODULE}.lua of Prosody's is installed` });
		} else if (!series.has(original.series)) {
			series.set(original.series, { ...original, prosodyRoot });
		}
	}
	return [...series.values()];
}

const originals = findInstalled();
const build = findLuaBuild(MODULE);
if (build === undefined) report.missing.push({ what: "lua", why: "the Lua build is made by npm run build" });
const lanes: Lane[] = [
	TS_NODE, TS_FENGARI, ...build === undefined ? [] : [luaInFengari(build)], ...originals.map(originalInFengari),
];

/** The Lua build and the originals under real Lua, as far as they run here. */
async function findUnderLua(): Promise<UnderLua[]> {
	const found: UnderLua[] = [];
	for (const installed of originals) {
		const original: UnderLua = { installed, collector: "prosody" };
		try {
			(await startUnderLua(original)).close();
			found.push(original, ...build === undefined ? [] : [{ ...original, build }]);
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			report.missing.push({ what: `real Lua with the libraries of ${installed.series}`, why });
		}
	}
	return found;
}

const underLua = await findUnderLua();

/** The same with Lua's own settings for the collection of garbage. */
const withOwnCollector = underLua.map((subject): UnderLua => ({ ...subject, collector: "lua" }));

async function using(subjects: readonly Subject[], measure: () => Promise<void>): Promise<void> {
	try {
		await measure();
	} finally {
		for (const subject of subjects) subject.close();
	}
}

const measures: Record<typeof PARTS[number], () => Promise<void>> = {
	async pushes() {
		const subjects = await Promise.all([
			...lanes.map((lane) => Subject.ofLane(lane)), ...[...underLua, ...withOwnCollector].map(startUnderLua),
		]);
		await using(subjects, () => measurePushes(subjects, seconds, report));
	},
	async encrypted() {
		const encryptingBuild = findLuaBuild(ENCRYPTING_MODULE);
		const ofBuild = encryptingBuild === undefined ? [] : [luaInFengari(encryptingBuild)];
		const subjects = await Promise.all([
			Subject.ofScript(WEB_PUSH, "web-push.mjs", [ENCRYPTING_MODULE]),
			...[TS_NODE, TS_FENGARI, ...ofBuild].map((lane) => Subject.ofLane({ ...lane, module: ENCRYPTING_MODULE })),
			...encryptingBuild === undefined ? [] : underLua
				.filter(({ installed, build }) => build !== undefined && installed.series === SERIES_WITH_KEYS)
				.map((subject) => startUnderLua({ ...subject, module: ENCRYPTING_MODULE, build: encryptingBuild })),
		]);
		await using(subjects, () => measureEncrypted(subjects, seconds, report));
	},
	async requests() {
		const requestingBuild = findLuaBuild(REQUESTING_MODULE);
		const ofBuild = requestingBuild === undefined ? [] : [luaInFengari(requestingBuild)];
		const subjects = await Promise.all([
			Subject.ofScript(WEB_PUSH, "web-push.mjs", [REQUESTING_MODULE]),
			...[TS_NODE, TS_FENGARI, ...ofBuild].map((lane) => Subject.ofLane(requestingLane(lane))),
		]);
		await using(subjects, () => measureRequests(subjects, seconds, report));
	},
	delivered: () => measureDelivered(counts.delivered, seconds, report),
	first: () => measureFirstPushes([...underLua, ...withOwnCollector], counts.first, seconds, report),
	users: () => measureUsers(counts.users, seconds, report),
	groupchat: () => measureGroupchat(counts.members, seconds, report),
	async memory() {
		const node = await Subject.ofLane(TS_NODE);
		await using([node], () => measureMemory(node, counts.memory.node, report));
		for (const one of withOwnCollector) {
			const subject = await startUnderLua(one);
			await using([subject], () => measureMemory(subject, counts.memory.lua, report));
		}
	},
	start: () => measureStartup(lanes, seconds, report),
	async fuzz() {
		for (const original of originals) await measureFuzz(original, original, options.quick ? 0.5 : 30, report);
	},
};

for (const part of PARTS) {
	if (options.only?.includes(part) === false) continue;
	if (!options.json) process.stderr.write(`measuring: ${part}\n`);
	await measures[part]();
}

console.log(options.json ? JSON.stringify(report, undefined, "\t") : printReport(report));
