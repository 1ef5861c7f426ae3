import { chosenResources, generatedIds, generatedTimes, writtenIds } from "../trace/normalise";
import { findOriginal } from "./originals";
import { firstLine, type Failure } from "./failure";
import { inTheClear, withNotifications } from "../trace/push2";
import { isOriginal, isReal } from "./lane";
import { keysOfClients } from "../scenario/client-keys";
import { LoadError, realStage, simulatedStage } from "./staging";
import { located } from "./located";
import { Log } from "./log";
import { payloadKeys, withPayloads } from "../trace/payload";
import { perform } from "../scenario";
import { printXml } from "../scenario/xml-print";
import { recordedRun } from "./recorded";
import { webPushIds } from "../trace/webpush";
import type { LaneName } from "./lane";
import type { LogEntry } from "../api";
import type { Places } from "./originals";
import type { LogLine } from "./log";
import type { Outcome, Scenario, Stage } from "../scenario";
import type { Recording } from "../trace/compare";
import type { ServerPool } from "../prosody/pool";
import type { TraceEntry } from "../trace/entry";
import type { XmlElement } from "../scenario/xml";

/** An upstream module that cannot be loaded: one line that says where it fails, and why. */
export class CannotRun extends Error {
	override readonly name = "CannotRun";
}

/** How a scenario went on a lane. */
export interface LaneRun {
	/** What the server and the modules logged. */
	log: LogLine[];
	/** What went out, until the end or the step that failed. */
	recording: Recording;
	failure?: Failure;
	/** Of which revision of the upstream modules it was recorded; absent if it went just now. */
	recorded?: string;
	/** Nothing is known of how it went: `failure` says what is wrong with its recording. */
	isUnknown?: true;
}

/**
 * Performs a scenario on a lane that can run it, or shows how it went when it was recorded.
 * @param servers where a lane on a real server gets its server from; needed for these alone
 * @throws CannotRun, RecordingError
 */
export async function runOnLane(
	scenario: Scenario, lane: LaneName, places: Places, servers?: ServerPool,
): Promise<LaneRun> {
	const recorded = recordedRun(scenario, lane, places);
	if (recorded) {
		return recorded;
	}
	const log = new Log();
	let stage: Stage;
	try {
		const addToLog = (entry: LogEntry): void => log.add(entry);
		if (isReal(lane)) {
			if (!servers) throw new Error(`${lane} needs a pool of servers`);
			stage = await realStage(scenario, lane, places, servers, addToLog);
		} else {
			stage = simulatedStage(scenario, lane, places, addToLog);
		}
	} catch (error) {
		if (error instanceof LoadError && isOriginal(lane) && scenario.modules.includes(error.module)) {
			throw new CannotRun(whereInOriginal(error, places), { cause: error });
		}
		const failure = notBegun(error);
		const recording = { entries: [], ids: new Set<string>() };
		return located(lane, { recording, log: withoutReport(log.lines, error), failure });
	}
	log.stage = stage;
	const outcome = await perform(scenario, stage, ({ line }) => {
		log.step = line;
	});
	const notEnded = await failureToEnd(scenario, stage, log);
	const failure = failureOf(outcome) ?? notEnded;
	return located(lane, { recording: await recordingOf(scenario, outcome, stage), log: log.lines, failure });
}

/** What went out is known all the same if the stage cannot be closed. */
async function failureToEnd(scenario: Scenario, stage: Stage, log: Log): Promise<Failure | undefined> {
	try {
		await stage.close();
		return undefined;
	} catch (error) {
		const message = `the server cannot stop after it: ${firstLine(error)}`;
		log.add({ source: "server", level: "error", message: (error instanceof Error && error.stack) || message });
		return { line: log.step, step: scenario.steps.at(-1)!.text, message };
	}
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

/** The line of an upstream module at which it failed, and why, as Lua says it: `FILE:LINE: MESSAGE`. */
function whereInOriginal({ module, message }: LoadError, places: Places): string {
	const { path } = findOriginal(module, places)!;
	const start = message.indexOf(`${path}:`);
	return start >= 0 ? message.slice(start) : `${path}: ${message}`;
}

async function recordingOf(scenario: Scenario, { steps, trace }: Outcome, stage: Stage): Promise<Recording> {
	const during = steps.flatMap(({ line, entries }) => Array.from({ length: entries }, () => line));
	const before = Array.from({ length: trace.length - during.length }, () => undefined);
	const withJson = withPayloads(trace, payloadKeys(sentIn(scenario)));
	const entries = await withNotifications(withJson, keysOfClients(scenario.characters), stage.began);
	const clear = entries.map(inTheClear);
	const sent = sentIn(scenario).map((xml) => printXml(xml));
	const ids = new Set([...idsOf(scenario, sent, clear), ...webPushIds(trace), ...servicesOf(scenario, stage)]);
	return { entries, steps: [...before, ...during], ids, times: generatedTimes(clear, sent) };
}

function sentIn({ steps }: Scenario): XmlElement[] {
	return steps.flatMap(({ action }) => {
		if (action.does === "connect") return action.inline ?? [];
		return action.does === "send" ? action.stanzas : [];
	});
}

/** What the server made up, and another lane will have differently. */
function idsOf({ characters }: Scenario, sent: readonly string[], trace: readonly TraceEntry[]): Set<string> {
	const clients = characters.filter((character) => character.kind === "client");
	const resources = clients.map(({ jid }) => jid.replace(/^[^/]*\/?/, ""));
	const unbound = clients.filter(({ jid, sasl2 }) => sasl2 || !jid.includes("/"));
	const accounts = unbound.map(({ jid }) => jid.replace(/\/.*/s, ""));
	return new Set([
		...generatedIds(trace, writtenIds(sent)),
		...chosenResources(trace, accounts, new Set(resources)),
	]);
}

/** Where push services are, whose ports a real stage chooses. */
function servicesOf({ characters }: Scenario, stage: Stage): string[] {
	const services = characters.filter(({ kind }) => kind === "webpush");
	return services.map(({ name }) => new URL(stage.subscription(name).endpoint).host);
}

function failureOf({ steps }: Outcome): Failure | undefined {
	const last = steps.at(-1);
	if (!last?.failure) {
		return undefined;
	}
	const { message, expected, received } = last.failure;
	return { line: last.line, step: last.text, message, expected, received };
}
