import { createHash } from "node:crypto";
import { basename } from "node:path";
import { inTheClear } from "../trace/push2";
import { isRecordedFile } from "./recorded-shape";
import { kindOf } from "../scenario";
import { openedRequest } from "../trace/webpush";
import { packageRoot } from "../package-root";
import { writeJson } from "../trace/json";
import type { Failure } from "./failure";
import type { LaneRun } from "./run";
import type { LogLine } from "./log";
import type { Scenario } from "../scenario";
import type { Series } from "../api";
import type { TraceEntry } from "../trace/entry";

/** What was recorded: of which scenario, and with which files. */
export interface Recorded {
	/** The scenario's file, as seen from the folder of the recording. */
	scenario: string;
	/** What the scenario said then (`digestOf`). */
	script: string;
	/** Where the modules come from, for people. */
	revision: string;
	/** The Prosody that the modules are for; absent if they do not tell. */
	series?: Series;
	/** The SHA-256 of each module's file, in hex. */
	originals: Record<string, string>;
}

/** A run of upstream modules as it is kept: `spec/recorded/README.md` explains it. */
export interface RecordedFile extends Recorded {
	failure?: Stepped<Omit<Failure, "step" | "stack">>;
	/** What was logged as an error. */
	log: Stepped<LogLine>[];
	entries: (TraceEntry & Step)[];
	/** `Recording`'s. */
	ids: string[];
	times: string[];
}

/** Which step, from 1: lines change with every comment above them. Absent before the first. */
interface Step {
	step?: number;
}

type Stepped<Located extends { line?: number }> = Omit<Located, "line"> & Step;

/**
 * What a script says, in short: the SHA-256 of its lines, without comments and the tags that change nothing in a run.
 * @param script the text of the file
 */
export function digestOf(script: string): string {
	const isSaid = (line: string): boolean => {
		const kind = kindOf(line);
		return kind !== "blank" && kind !== "comment" && !(kind === "tag" && /^##\s*(?:known-difference|not-on)\b/.test(line));
	};
	return sha256(script.split(/\r?\n/).filter(isSaid).map((line) => line.trimEnd()).join("\n"));
}

/** In hex. */
export function sha256(data: string | Uint8Array): string {
	return createHash("sha256").update(data).digest("hex");
}

/**
 * The text of the file that keeps a run: JSON, an entry a line. What could be decrypted is kept as it is compared.
 * @param paths of the upstream files, which are named without their folders
 */
export function recordedText(
	recorded: Recorded, { steps }: Scenario, run: LaneRun, paths: readonly string[],
): string {
	const { recording, failure, log } = run;
	const stepAt = (line: number | undefined): Step => {
		const index = steps.findIndex((step) => step.line === line);
		return index < 0 ? {} : { step: index + 1 };
	};
	const errors = log.filter(({ level }) => level === "error");
	const file: RecordedFile = {
		...recorded,
		failure: failure && kept(failure, stepAt(failure.line)),
		log: errors.map(({ line, message, ...rest }) => ({ ...stepAt(line), ...rest, message: withoutFolders(message, paths) })),
		entries: recording.entries.map((entry, index) => ({ ...stepAt(recording.steps?.[index]), ...opened(entry) })),
		ids: [...recording.ids],
		times: [...recording.times ?? []],
	};
	const members = Object.entries(file).filter(([, value]) => value !== undefined);
	return `{\n${members.map(([name, value]) => `  ${JSON.stringify(name)}: ${jsonOf(value)}`).join(",\n")}\n}\n`;
}

function opened(entry: TraceEntry): TraceEntry {
	return entry.kind === "http" ? openedRequest(entry) : inTheClear(entry);
}

function kept({ message, expected, received }: Failure, step: Step): RecordedFile["failure"] {
	return { ...step, message, expected, received };
}

/** Items of lists that are objects on lines of their own. */
function jsonOf(value: unknown): string {
	if (!Array.isArray(value) || typeof value[0] !== "object") {
		return writeJson(value);
	}
	return `[\n${value.map((item) => `    ${writeJson(item)}`).join(",\n")}\n  ]`;
}

/** The first line of an error, naming no folder of this machine. */
function withoutFolders(message: string, paths: readonly string[]): string {
	const [first] = message.split("\n", 1);
	return paths.reduce((text, path) => text.replaceAll(path, basename(path)), first!).replaceAll(`${packageRoot()}/`, "");
}

/**
 * What a file keeps.
 * @returns undefined if it is no recording
 */
export function readRecorded(text: string): RecordedFile | undefined {
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch {
		return undefined;
	}
	return isRecordedFile(data) ? data : undefined;
}

/** The run that a file keeps. */
export function runOf({ revision, failure, log, entries, ids, times }: RecordedFile, { steps }: Scenario): LaneRun {
	const lineAt = (step: number | undefined): number | undefined => (step === undefined ? undefined : steps[step - 1]?.line);
	const located = entries.map(({ step, ...entry }) => ({ line: lineAt(step), entry }));
	return {
		recorded: revision,
		log: log.map(({ step, ...rest }) => ({ ...rest, line: lineAt(step) })),
		recording: {
			entries: located.map(({ entry }) => entry),
			steps: located.map(({ line }) => line),
			ids: new Set(ids),
			times: new Set(times),
		},
		...failure && { failure: failureOf(failure, steps) },
	};
}

function failureOf({ step, ...rest }: NonNullable<RecordedFile["failure"]>, steps: Scenario["steps"]): Failure {
	const { line, text } = step === undefined ? {} : steps[step - 1] ?? {};
	return { line, step: text, ...rest };
}
