import fc from "fast-check";
import { answers, CONTACT, ROOMS, webPushAnswers } from "./cast";
import { clientStanzas, foreignStanzas, longDurations, messageContents, reloadable, retryDurations } from "./general-words";
import { elementsOf } from "../scenario/xml";
import { miss, misses, missesInRequest } from "./near-misses";
import { ofOtherBrowsers } from "./roles";
import { printXml } from "../scenario/xml-print";
import { rewritten } from "./elements";
import type { Words } from "./words";
import type { XmlElement } from "../scenario/xml";

/** What a client does without saying anything. `return` resumes its stream if it lost its connection. */
export type ClientDeed = "connect" | "disconnect" | "lose" | "return" | "stop acknowledging" | "acknowledge";

/** What somebody is to do. Clients are those of the account, 0 to 2, taken round; 3 is that of the other account. */
export type PlannedStep =
	| { does: ClientDeed; client: number }
	| { does: "send"; client: number; stanza: XmlElement }
	| { does: "send from"; domain: string | number; stanza: XmlElement }
	| { does: "pass"; seconds: number }
	/** As long as an option of the cast says, a little less or more. */
	| { does: "pass about"; option: number; more: number }
	| { does: "answer with"; service: number; answer: string }
	/** Notes the next request that a component got, to be answered by hand. */
	| { does: "note request"; service: number }
	| { does: "answer by hand"; request: number; type: "result" | "error"; error: string; from: string | undefined }
	| { does: "leave" | "come back"; service: number }
	| { does: "answer push with"; browser: number; answer: string }
	| { does: "go down" | "come up"; browser: number }
	| { does: "fire"; event: string; user: "account" | "other" | "nobody" }
	| { does: "reload"; module: string }
	| { does: "restart" };

/** How likely a kind of step is, beside the others. */
type Weighted = [weight: number, step: fc.Arbitrary<PlannedStep>];

/** A step at random, each kind as often as it is likely to lead somewhere. */
export function plannedSteps(words: Words, modules: readonly string[]): fc.Arbitrary<PlannedStep> {
	const client = fc.nat(3);
	const service = fc.nat(2);
	const by = (does: ClientDeed) => {
		return fc.record({ does: fc.constant(does), client });
	};
	const ofBrowsers = words.ofClients.filter(namesBrowser);
	const browser = fc.nat(Math.max(0, words.browsers - 1));
	const changed = (stanza: fc.Arbitrary<XmlElement>, how = misses()) => {
		return fc.tuple(stanza, how, browser).map(([base, changes, places]) => miss(aboutOtherBrowsers(base, places), changes, words));
	};
	const sent = (stanza: fc.Arbitrary<XmlElement>, who: fc.Arbitrary<number> = client, how = misses()) => {
		return fc.record({ does: fc.constant("send" as const), client: who, stanza: changed(stanza, how) });
	};
	const sentFrom = (domain: fc.Arbitrary<string | number>, stanza: fc.Arbitrary<XmlElement>) => {
		return fc.record({ does: fc.constant("send from" as const), domain, stanza: changed(stanza) });
	};
	const of = (list: readonly XmlElement[]) => fc.constantFrom(...list);
	const presences = clientStanzas.filter(({ name, attributes }) => name === "presence" && attributes.length === 0);
	const states = clientStanzas.filter(({ name }) => name === "active" || name === "inactive");
	const from = fc.constantFrom(`friend@${CONTACT}/x`, CONTACT, `{user at service/0}`);
	const weighted = (steps: Weighted[]): Weighted[] => steps;
	const kinds: Weighted[] = [
		[20, sent(messages(words, to("{account}")), fc.constant(3))],
		[10, sentFrom(fc.constant(CONTACT), messages(words, to("{account}"), from))],
		[6, sentFrom(fc.constant(ROOMS), messages(words, to("{account}"), fc.constant(`room@${ROOMS}/nick`), "groupchat"))],
		[5, sent(messages(words, to("{other}")))],
		...words.ofClients.length === 0 ? [] : weighted([
			[7, sent(of([...words.greetings, ...words.ofClients]))], [9, sent(ofEachKind(words.ofClients))],
		]),
		[5, sent(of(presences))],
		[4, sent(of(states))],
		[4, sent(of(clientStanzas))],
		[2, sentFrom(fc.constant(CONTACT), of(foreignStanzas))],
		...words.ofComponents.length === 0 ? [] : weighted([[2, sentFrom(service, of(words.ofComponents))]]),
		[18, fc.record({ does: fc.constant("pass" as const), seconds: fc.constantFrom(...words.durations) })],
		[6, fc.record({
			does: fc.constant("pass about" as const), option: fc.nat(9), more: fc.constantFrom(0, -0.1, 0.1, 1, -1),
		})],
		[0.3, fc.record({ does: fc.constant("pass" as const), seconds: fc.constantFrom(...longDurations) })],
		[8, by("lose")],
		[2, by("disconnect")],
		[14, by("return")],
		[4, by("connect")],
		[4, by("stop acknowledging")],
		[3, by("acknowledge")],
		[4, fc.record({ does: fc.constant("answer with" as const), service, answer: answers() })],
		[4, fc.record({ does: fc.constant("note request" as const), service })],
		[4, fc.record({
			does: fc.constant("answer by hand" as const),
			request: fc.nat(9),
			type: fc.constantFrom("error" as const, "error" as const, "result" as const),
			error: fc.constantFrom(
				"cancel item-not-found", "cancel gone", "wait internal-server-error", "modify bad-request", "",
			),
			from: fc.constantFrom(undefined, undefined, undefined, undefined, CONTACT, "{service/1}", "{user at service/0}"),
		})],
		[1, fc.record({ does: fc.constantFrom("leave" as const, "come back" as const), service })],
		...words.browsers === 0 ? [] : weighted([
			...ofBrowsers.length === 0 ? [] : weighted([[16, sent(ofEachKind(ofBrowsers), client, missesInRequest())]]),
			[10, fc.record({ does: fc.constant("answer push with" as const), browser, answer: webPushAnswers() })],
			[5, fc.record({ does: fc.constant("go down" as const), browser })],
			[8, fc.record({ does: fc.constant("come up" as const), browser })],
			[6, fc.record({ does: fc.constant("pass" as const), seconds: fc.constantFrom(...retryDurations) })],
		]),
		...words.events.length === 0 ? [] : weighted([[3, fc.record({
			does: fc.constant("fire" as const),
			event: fc.constantFrom(...words.events),
			user: fc.constantFrom("account" as const, "account" as const, "other" as const, "nobody" as const),
		})]]),
		[2, fc.record({
			does: fc.constant("reload" as const), module: fc.constantFrom(...modules, ...modules, ...modules, ...reloadable),
		})],
		[0.5, fc.record({ does: fc.constant("restart" as const) })],
	];
	return fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight: weight * 10, arbitrary })));
}

/**
 * Stanzas, those of a kind together as often as those of any other: scenarios may say one thing a hundred times, and
 * what undoes it twice.
 */
function ofEachKind(stanzas: readonly XmlElement[]): fc.Arbitrary<XmlElement> {
	const kinds = new Set(stanzas.map(kindOf));
	return fc.oneof(...Array.from(kinds, (kind) => {
		return fc.constantFrom(...stanzas.filter((stanza) => kindOf(stanza) === kind));
	}));
}

/** What a request holds makes its kind, what messages and presences hold does not. */
function kindOf(stanza: XmlElement): string {
	return stanza.name === "iq" ? `iq ${elementsOf(stanza)[0]?.name}` : stanza.name;
}

/** Whether it is about a browser's push service rather than one that is only in the script. */
function namesBrowser(stanza: XmlElement): boolean {
	return printXml(stanza).includes("{browser/0 endpoint}");
}

function aboutOtherBrowsers(stanza: XmlElement, places: number): XmlElement {
	return rewritten(stanza, (text) => ofOtherBrowsers(text, places));
}

/** Somebody of an account: mostly the account as such. */
function to(account: "{account}" | "{other}"): fc.Arbitrary<string> {
	const client = account.replace("}", "/0}");
	return fc.constantFrom(
		account, account, account, account, client, client, client.replace("0", "1"), client.replace("0", "gone"),
		...account === "{other}" ? ["", "{account}", "{account/0}", `friend@${CONTACT}`, `{user at service/0}`] : [],
	);
}

/** Messages that hold a few things, of one type or of any. */
function messages(
	words: Words, receiver: fc.Arbitrary<string>, sender: fc.Arbitrary<string> = fc.constant(""), type?: string,
): fc.Arbitrary<XmlElement> {
	const content = fc.constantFrom(...words.contents);
	return fc.record({
		receiver,
		sender,
		type: fc.constantFrom(...type === undefined
			? ["chat", "chat", "chat", "chat", "normal", "headline", "groupchat", "error", ""] : [type, type, type, "chat", ""]),
		contents: fc.oneof(
			{ weight: 2, arbitrary: content.map((one): XmlElement[] => [BODY, one]) },
			{ weight: 3, arbitrary: fc.constant<XmlElement[]>([BODY]) },
			{ weight: 5, arbitrary: fc.array(content, { maxLength: 3, size: "max" }) },
		),
		hasId: fc.boolean(),
	}).map(({ contents, hasId, ...header }) => ({
		name: "message",
		namespace: "",
		local: "message",
		attributes: [["to", header.receiver], ["from", header.sender], ["type", header.type], ["id", hasId ? "{id}" : ""]]
			.filter(([, value]) => value !== "")
			.map(([name, value]) => ({ name: name!, namespace: "", local: name!, value: value! })),
		children: contents,
		line: 0,
	}));
}

/**
 * What clients do at first, so that most scenarios get somewhere: connect, say what clients say first in scenarios,
 * ask for carbon copies, become available, and perhaps go to sleep. Each has a browser of its own, where there are enough.
 */
export function openings(words: Words): fc.Arbitrary<PlannedStep[]> {
	const subscribing = words.greetings.filter(namesBrowser);
	const greeting = words.greetings.length === 0 ? fc.constant(undefined) : fc.oneof(
		{ weight: 1, arbitrary: fc.constantFrom(...words.greetings) },
		// Of other endpoints the server mostly says at once that it takes none such.
		...subscribing.length === 0 ? [] : [{ weight: 2, arbitrary: fc.constantFrom(...subscribing) }],
	);
	const steps = (client: number, greets: number, leaves = true) => fc.record({
		connects: chance(85),
		greeting: fc.oneof(
			{ weight: 100 - greets, arbitrary: fc.constant(undefined) }, { weight: greets, arbitrary: greeting },
		),
		carbons: chance(35),
		available: chance(75),
		leaves: leaves ? fc.constantFrom(...LEAVING) : fc.constant(undefined),
	}).map(({ connects, greeting: first, carbons, available, leaves: does }): PlannedStep[] => !connects ? [] : [
		{ does: "connect", client },
		...[first, ...carbons ? [CARBONS] : [], ...available ? [AVAILABLE] : []].flatMap((stanza): PlannedStep[] => {
			return stanza ? [{ does: "send", client, stanza: aboutOtherBrowsers(stanza, client) }] : [];
		}),
		...does === undefined ? [] : [{ does, client }],
	]);
	return fc.tuple(steps(3, 15, false), steps(0, 90), steps(1, 75), steps(2, 75)).map((lists) => lists.flat());
}

const BODY = messageContents[0]!;
const AVAILABLE = clientStanzas.find(({ name }) => name === "presence")!;
const CARBONS = clientStanzas.find(({ children }) => {
	return children.some((child) => typeof child !== "string" && child.name === "enable");
})!;

/** How clients are left at first. */
const LEAVING = [
	undefined, undefined, undefined, "lose", "lose", "lose", "stop acknowledging", "stop acknowledging", "disconnect",
] as const;

function chance(percent: number): fc.Arbitrary<boolean> {
	return fc.oneof(
		{ weight: 100 - percent, arbitrary: fc.constant(false) }, { weight: percent, arbitrary: fc.constant(true) },
	);
}
