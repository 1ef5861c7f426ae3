import { cpus } from "node:os";
import { Command, Option } from "commander";
import { findOriginal, type Original } from "../bridge/lanes/originals";
import type { Report } from "./figures";
import { measureFuzz } from "./fuzz";
import { measureGroupchat, measureUsers } from "./growth";
import { MODULE, originalInFengari, TS_FENGARI, TS_NODE, type Lane } from "./lanes";
import { measureMemory } from "./memory";
import { printReport } from "./print";
import { nameUnderLua, Subject } from "./process";
import { measurePushes } from "./pushes";
import { measureStartup } from "./startup";

const PARTS = ["pushes", "users", "groupchat", "memory", "start", "fuzz"] as const;

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
const counts = options.quick
	? { users: [1, 10], members: 10, answered: 1000, unanswered: 1000 }
	: { users: [1, 10, 1000, 100_000], members: 10_000, answered: 1_000_000, unanswered: 100_000 };

const report: Report = {
	node: process.version.slice(1),
	processors: `${cpus().length} × ${cpus()[0]!.model.trim()}`,
	figures: [], verdicts: [], missing: [],
};

/** The originals that are installed, one of each series. */
function installed(): (Original & { prosodyRoot: string })[] {
	const series = new Map<string, Original & { prosodyRoot: string }>();
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

const originals = installed();
const lanes: Lane[] = [
	TS_NODE, TS_FENGARI, ...originals.map(originalInFengari),
];

/** The originals under real Lua, as far as they run here. */
async function underLua(...collectors: ("prosody" | "lua")[]): Promise<Subject[]> {
	const subjects: Subject[] = [];
	for (const original of originals) {
		try {
			for (const collector of collectors) subjects.push(await Subject.ofProsody(original, collector));
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			const what = nameUnderLua(original);
			if (!report.missing.some((known) => known.what === what)) report.missing.push({ what, why });
		}
	}
	return subjects;
}

async function using(subjects: readonly Subject[], measure: () => Promise<void>): Promise<void> {
	try {
		await measure();
	} finally {
		for (const subject of subjects) subject.close();
	}
}

const measures: Record<typeof PARTS[number], () => Promise<void>> = {
	async pushes() {
		const subjects = [...await Promise.all(lanes.map((lane) => Subject.ofLane(lane))), ...await underLua("prosody", "lua")];
		await using(subjects, () => measurePushes(subjects, seconds, report));
	},
	users: () => measureUsers(counts.users, seconds, report),
	groupchat: () => measureGroupchat(counts.members, seconds, report),
	async memory() {
		for (const subject of [await Subject.ofLane(TS_NODE), ...await underLua("lua")]) {
			await using([subject], () => measureMemory(subject, counts, report));
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
