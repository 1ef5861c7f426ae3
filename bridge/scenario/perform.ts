import type { Action, Scenario, Step } from "./scenario";
import type { Captures } from "./pattern";
import { fillIn, parseTemplate } from "./pattern";
import { matchStanza, type Mismatch } from "./match";
import { parseXml, type XmlElement } from "./xml";
import { prettyXml, printXml } from "./xml-print";
import { explainMismatch } from "./explain";
import { keysOfClients, type ClientKeys } from "./client-keys";
import { openNotification, showNotification } from "../trace/push2";
import { matchJson } from "./match-json";
import { Problem } from "./scenario-error";
import type { JsonValue } from "./scenario";
import type { Stage } from "./stage";
import type { TraceEntry } from "../trace/entry";
import { Variables } from "./variables";

/** How long a `receives` step waits, in seconds of the stage's time. */
export const PATIENCE = 5;

/** Why a step failed. */
export interface Failure {
	/** One line. */
	message: string;
	/** What should have come, laid out for a person; absent where the step could not be carried out. */
	expected?: string;
	/** What came instead, laid out for a person; absent if nothing came. */
	received?: string;
	/** Where the two differ first. */
	mismatch?: Mismatch;
	/** What was thrown, where the step could not be carried out. */
	cause?: unknown;
}

/** How a step went. */
export interface StepOutcome {
	/** In the script, from 1. */
	line: number;
	/** As in the script. */
	text: string;
	/** When it began, in seconds since the start. */
	at: number;
	/** How many entries the trace got meanwhile. */
	entries: number;
	passed: boolean;
	/** Present if it did not pass. */
	failure?: Failure;
}

/** How a scenario went: the steps up to the first that failed. */
export interface Outcome {
	passed: boolean;
	steps: StepOutcome[];
	/** What went out, up to the end of the last step. */
	trace: TraceEntry[];
}

/** What a step is performed with. */
interface Scene {
	stage: Stage;
	variables: Variables;
	/** Of all clients: what is encrypted for one of them is shown in the clear. */
	keys: readonly ClientKeys[];
}

/** Ends a step. */
class StepFailed extends Error {
	readonly failure: Failure;

	constructor(failure: Failure) {
		super(failure.message);
		this.failure = failure;
	}
}

/**
 * Performs a scenario step by step, up to the first that fails.
 * @param stage is left open
 * @param onStep told of each step before it begins
 */
export async function perform(
	scenario: Scenario, stage: Stage, onStep?: (step: Step) => void,
): Promise<Outcome> {
	const { characters } = scenario;
	const scene = { stage, variables: new Variables(characters, stage), keys: keysOfClients(characters) };
	const steps: StepOutcome[] = [];
	for (const step of scenario.steps) {
		onStep?.(step);
		const outcome = await performStep(step, scene);
		steps.push(outcome);
		if (!outcome.passed) break;
	}
	return { passed: steps.every(({ passed }) => passed), steps, trace: [...stage.trace] };
}

async function performStep({ line, text, action }: Step, scene: Scene): Promise<StepOutcome> {
	const { stage } = scene;
	const at = stage.elapsed;
	const before = stage.trace.length;
	let failure: Failure | undefined;
	try {
		await carryOut(action, scene);
	} catch (error) {
		failure = failureOf(error);
	}
	const entries = stage.trace.length - before;
	return { line, text, at, entries, passed: !failure, ...(failure && { failure }) };
}

function failureOf(error: unknown): Failure {
	if (error instanceof StepFailed) return error.failure;
	const message = error instanceof Error ? error.message : String(error);
	return { message: message.split("\n", 1)[0] ?? "", cause: error };
}

async function carryOut(action: Action, scene: Scene): Promise<void> {
	const { stage } = scene;
	switch (action.does) {
		case "connect": return stage.connect(action.who, action.inline?.map((element) => asSent(element, scene)));
		case "disconnect": return stage.disconnect(action.who);
		case "lose_connection": return stage.lose_connection(action.who);
		case "resume": return stage.resume(action.who);
		case "stop_acknowledging": return stage.stop_acknowledging(action.who);
		case "acknowledge": return stage.acknowledge(action.who);
		case "answer": return stage.answer(action.who, action.answer);
		case "pass": return stage.pass(action.seconds);
		case "fire": return stage.fire(action.event, action.user);
		case "reload": return stage.reload(action.module);
		case "restart": return stage.restart();
		case "send":
			for (const stanza of action.stanzas) await stage.send(action.who, asSent(stanza, scene));
			return;
		case "receive":
			for (const stanza of action.stanzas) await receiveStanza(action.who, stanza, scene);
			return;
		case "receive_json": return receiveJson(action.who, action.members, scene);
		case "receive_nothing": return receiveNothing(action.who, scene);
	}
}

function asSent(element: XmlElement, { variables }: Scene): string {
	return printXml(element, (text) => fillIn(parseTemplate(text), variables.valueOf));
}

async function receiveStanza(who: string, expected: XmlElement, scene: Scene): Promise<void> {
	const xml = await receive(who, prettyXml(expected), scene);
	const received = readReceived(xml, prettyXml(expected));
	const result = matchStanza(expected, received, scene.variables.valueOf);
	conclude(result, prettyXml(expected), prettyXml(received), scene);
}

async function receiveJson(who: string, expected: JsonValue, scene: Scene): Promise<void> {
	const shown = JSON.stringify(expected, undefined, 2);
	const text = await receive(who, shown, scene);
	let received: JsonValue;
	try {
		received = JSON.parse(text) as JsonValue;
	} catch {
		throw new StepFailed({ message: "the payload is no JSON", expected: shown, received: text });
	}
	const result = matchJson(expected, received, scene.variables.valueOf);
	conclude(result, shown, JSON.stringify(received, undefined, 2), scene);
}

async function receive(who: string, expected: string, scene: Scene): Promise<string> {
	const received = await take(who, PATIENCE, scene);
	if (received === undefined) {
		throw new StepFailed({ message: `${who} received nothing within ${PATIENCE} seconds`, expected });
	}
	return received;
}

async function receiveNothing(who: string, scene: Scene): Promise<void> {
	const received = await take(who, 0, scene);
	if (received === undefined) return;
	const message = `${who} received something, expected nothing`;
	throw new StepFailed({ message, expected: "nothing", received: layOut(received) });
}

/** The next that the character received, in the clear if it is a notification for one of the clients. */
async function take(who: string, patience: number, { stage, keys }: Scene): Promise<string | undefined> {
	const received = await stage.receive(who, patience);
	if (received === undefined) return undefined;
	const sent = stage.trace.find((entry) => "xml" in entry && entry.xml === received);
	const payload = await openNotification(received, keys, stage.began + (sent?.at ?? stage.elapsed));
	return payload ? showNotification(received, payload) : received;
}

/** What came, for a person: laid out if it is XML. */
function layOut(received: string): string {
	try {
		return parseXml(received).map(prettyXml).join("\n");
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return received;
	}
}

function readReceived(xml: string, expected: string): XmlElement {
	let elements: XmlElement[];
	try {
		elements = parseXml(xml);
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		throw new StepFailed({ message: `what came is no XML: ${error.message}`, expected, received: xml });
	}
	const [element] = elements;
	if (!element || elements.length > 1) {
		throw new StepFailed({ message: "what came is not one element", expected, received: xml });
	}
	return element;
}

function conclude(
	result: { captures: Captures } | { mismatch: Mismatch }, expected: string, received: string, { variables }: Scene,
): void {
	if ("captures" in result) {
		variables.capture(result.captures);
		return;
	}
	const { mismatch } = result;
	throw new StepFailed({ message: explainMismatch(mismatch), expected, received, mismatch });
}
