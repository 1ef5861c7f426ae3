import { chosenResources, generatedIds, writtenIds } from "../trace/normalise";
import { createFengariHost } from "../fengari";
import { createNodeHost } from "../node";
import { findOriginal } from "./originals";
import { perform } from "../scenario";
import { printXml } from "../scenario/xml-print";
import { SimulatedStage, START } from "../scenario/simulated-stage";
import { sourceOnLane } from "./applies";
import type { Host, LogEntry, LogLevel } from "../api";
import type { LaneName } from "./lane";
import type { Places } from "./originals";
import type { Outcome, Scenario } from "../scenario";
import type { Recording } from "../trace/compare";
import type { TraceEntry } from "../trace/entry";

/** An upstream module that cannot be loaded: one line that says where it fails, and why. */
export class CannotRun extends Error {
	override readonly name = "CannotRun";
}

/** What went wrong when a scenario was run. */
export interface Failure {
	/** The step's line and text; absent if the scenario did not begin. */
	line?: number;
	step?: string;
	/** One line. */
	message: string;
	/** What should have come, and what came, laid out for a person. */
	expected?: string;
	received?: string;
	/** Where in the code it failed, if the scenario did not begin. */
	stack?: string;
}

/** A line of the server's log. */
export interface LogLine {
	/** The line of the step during which it was logged; absent before the first. */
	line?: number;
	/** Seconds since the start. */
	at: number;
	/** How many entries the trace had by then. */
	after: number;
	source: string;
	level: LogLevel;
	message: string;
}

/** How a scenario went on a lane. */
export interface LaneRun {
	/** What the server and the modules logged. */
	log: LogLine[];
	/** What went out, until the end or the step that failed. */
	recording: Recording;
	failure?: Failure;
}

/** A module under test that failed to load. */
class LoadError extends Error {
	readonly module: string;

	constructor(module: string, cause: unknown) {
		super(firstLine(cause), { cause });
		this.module = module;
	}
}

/**
 * Performs a scenario on a lane that can run it.
 * @throws CannotRun
 */
export async function runOnLane(scenario: Scenario, lane: LaneName, places: Places): Promise<LaneRun> {
	const log: LogLine[] = [];
	let line: number | undefined;
	let stage: SimulatedStage | undefined;
	const addToLog = ({ at, source, level, message }: LogEntry): void => {
		const after = stage?.trace.length ?? 0;
		log.push({ line, at: Math.round((at - START) * 1e6) / 1e6, after, source, level, message });
	};
	try {
		stage = createStage(scenario, lane, places, addToLog);
	} catch (error) {
		if (error instanceof LoadError && lane.startsWith("original@")) {
			throw new CannotRun(whereInOriginal(error, places), { cause: error });
		}
		const failure = notBegun(error);
		return { recording: { entries: [], ids: new Set() }, log: withoutReport(log, error), failure };
	}
	let notEnded: Failure | undefined;
	const running = stage;
	const close = running.close.bind(running);
	running.close = async () => {
		try {
			await close();
		} catch (error) {
			// What went out is known all the same.
			const message = `the server cannot stop after it: ${firstLine(error)}`;
			notEnded = { line, step: scenario.steps.at(-1)!.text, message };
			const stack = error instanceof Error ? error.stack : undefined;
			addToLog({ at: START + running.elapsed, source: "server", level: "error", message: stack ?? message });
		}
	};
	const outcome = await perform(scenario, running, (step) => {
		line = step.line;
	});
	return { recording: recordingOf(scenario, outcome), log, failure: failureOf(outcome) ?? notEnded };
}

function createStage(
	scenario: Scenario, lane: LaneName, places: Places, log: (entry: LogEntry) => void,
): SimulatedStage {
	const createHost = lane.endsWith("@node") ? createNodeHost : createFengariHost;
	return new SimulatedStage(scenario, {
		createHost: (machine) => tellingWhatLoads(createHost(machine), scenario.modules),
		modules: scenario.modules.map((name) => [name, sourceOnLane(name, lane, places)!]),
		log,
	});
}

/** The log, save that the module manager logged what the failure says. */
function withoutReport(log: readonly LogLine[], error: unknown): LogLine[] {
	return log.filter(({ level, source }) => !(error instanceof LoadError && level === "error"
		&& source === "modulemanager"));
}

/** Why a scenario did not begin; with the stack where code is to blame rather than the script. */
function notBegun(error: unknown): Failure {
	const isLoad = error instanceof LoadError;
	const cause = isLoad ? error.cause : error;
	const isCode = cause instanceof Error && (isLoad || cause.constructor !== Error);
	return {
		message: isLoad ? `mod_${error.module} does not load: ${error.message}` : `cannot begin: ${firstLine(error)}`,
		stack: isCode ? cause.stack : undefined,
	};
}

/** The host, save that a module under test that fails to load throws a LoadError. */
function tellingWhatLoads(host: Host, modules: readonly string[]): Host {
	const load = host.load.bind(host);
	host.load = (name, source) => {
		let thrown: unknown;
		try {
			load(name, "lua" in source ? source : {
				typescript(module, prosody, require) {
					try {
						source.typescript(module, prosody, require);
					} catch (error) {
						// The hosts throw errors of their own instead.
						thrown = error;
						throw error;
					}
				},
			});
		} catch (error) {
			throw modules.includes(name) ? new LoadError(name, thrown ?? error) : error;
		}
	};
	return host;
}

/** The line of an upstream module at which it failed, and why, as Lua says it: `FILE:LINE: MESSAGE`. */
function whereInOriginal({ module, message }: LoadError, places: Places): string {
	const { path } = findOriginal(module, places)!;
	const start = message.indexOf(`${path}:`);
	return start >= 0 ? message.slice(start) : `${path}: ${message}`;
}

function firstLine(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return message.split("\n", 1)[0]!.replace(/:$/, "");
}

function recordingOf(scenario: Scenario, { steps, trace }: Outcome): Recording {
	const during = steps.flatMap(({ line, entries }) => Array.from({ length: entries }, () => line));
	const before = Array.from({ length: trace.length - during.length }, () => undefined);
	return { entries: trace, steps: [...before, ...during], ids: idsOf(scenario, trace) };
}

/** What the server made up, and another lane will have differently. */
function idsOf({ characters, steps }: Scenario, trace: readonly TraceEntry[]): Set<string> {
	const sent = steps.flatMap(({ action }) => (action.does === "send" ? action.stanzas : []));
	const clients = characters.filter((character) => character.kind === "client");
	const resources = clients.map(({ jid }) => jid.replace(/^[^/]*\/?/, ""));
	const unbound = clients.filter(({ jid, sasl2 }) => sasl2 || !jid.includes("/"));
	const accounts = unbound.map(({ jid }) => jid.replace(/\/.*/s, ""));
	return new Set([
		...generatedIds(trace, writtenIds(sent.map((xml) => printXml(xml)))),
		...chosenResources(trace, accounts, new Set(resources)),
	]);
}

function failureOf({ steps }: Outcome): Failure | undefined {
	const last = steps.at(-1);
	if (!last?.failure) {
		return undefined;
	}
	const { message, expected, received } = last.failure;
	return { line: last.line, step: last.text, message, expected, received };
}
