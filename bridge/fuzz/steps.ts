import fc from "fast-check";
import { answers, CONTACT, ROOMS, webPushAnswers } from "./cast";
import { clientStanzas, foreignStanzas, longDurations, messageContents, reloadable, retryDurations } from "./general-words";
import { attributeOf } from "../trace/canonical";
import { elementsOf } from "../scenario/xml";
import { grouped } from "./grouped";
import { kindOf, mixtures } from "./mixtures";
import { miss, misses, missesInRequest } from "./near-misses";
import { ofOtherBrowsers } from "./roles";
import { printXml } from "../scenario/xml-print";
import { parseElements, rewritten } from "./elements";
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
	const mix = mixtures(words.requests);
	const changed = (stanza: fc.Arbitrary<XmlElement>, how = misses()) => {
		return fc.tuple(stanza.chain(mix), how, browser).map(([base, changes, places]) => miss(aboutOtherBrowsers(base, places), changes, words));
	};
	const sent = (stanza: fc.Arbitrary<XmlElement>, who: fc.Arbitrary<number> = client, how = misses()) => {
		return fc.record({ does: fc.constant("send" as const), client: who, stanza: changed(stanza, how) });
	};
	const sentFrom = (domain: fc.Arbitrary<string | number>, stanza: fc.Arbitrary<XmlElement>) => {
		return fc.record({ does: fc.constant("send from" as const), domain, stanza: changed(stanza) });
	};
	const of = (list: readonly XmlElement[]) => fc.constantFrom(...list);
	const states = clientStanzas.filter(({ name }) => name === "active" || name === "inactive");
	const friend = fc.constantFrom(`friend@${CONTACT}/x`, CONTACT, "friend@{service/0}");
	const occupant = fc.constantFrom(`room@${ROOMS}/nick`, ...words.occupants, ...words.occupants);
	const toAccount = words.ofClients.filter((stanza) => {
		return stanza.name === "message" && attributeOf(stanza, "to")?.startsWith("{account") === true;
	});
	const weighted = (steps: Weighted[]): Weighted[] => steps;
	const kinds: Weighted[] = [
		[12, sent(messages(words, to("{account}")), fc.constant(3))],
		...toAccount.length === 0 ? [] : weighted([[12, sent(ofEach((stanza) => nameOf(elementsOf(stanza)[0]), toAccount), fc.constant(3))]]),
		[10, sentFrom(fc.constant(CONTACT), messages(words, to("{account}"), friend))],
		[6, occupant.chain((from) => sentFrom(fc.constant(domainOf(from)), messages(words, to("{account}"), fc.constant(from), "groupchat")))],
		[5, sent(messages(words, to("{other}")))],
		...words.ofClients.length === 0 ? [] : weighted([
			[7, sent(of([...words.greetings, ...words.ofClients]))], [9, sent(ofEach(kindOf, words.ofClients))],
		]),
		[8, sent(of(PRESENCES))],
		[4, sent(of(states))],
		[4, sent(of(clientStanzas))],
		[2, sentFrom(fc.constant(CONTACT), of(foreignStanzas))],
		...words.ofComponents.length === 0 ? [] : weighted([[6, of(words.ofComponents).chain((stanza) => {
			return sentFrom(fc.constant(domainOf(attributeOf(stanza, "from") ?? "{service/0}")), fc.constant(stanza));
		})]]),
		[18, fc.record({ does: fc.constant("pass" as const), seconds: fc.constantFrom(...words.durations) })],
		[6, fc.record({
			does: fc.constant("pass about" as const), option: fc.nat(9), more: fc.constantFrom(0, -0.1, 0.1, 1, -1),
		})],
		[0.3, fc.record({ does: fc.constant("pass" as const), seconds: fc.constantFrom(...longDurations) })],
		[9, by("lose")],
		[2, by("disconnect")],
		[20, by("return")],
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
			from: fc.constantFrom(undefined, undefined, undefined, undefined, CONTACT, "{service/1}", "friend@{service/0}"),
		})],
		[1, fc.record({ does: fc.constantFrom("leave" as const, "come back" as const), service })],
		...words.browsers === 0 ? [] : weighted([
			...ofBrowsers.length === 0 ? [] : weighted([[16, sent(ofEach(kindOf, ofBrowsers), client, missesInRequest())]]),
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
		[2.5, fc.record({
			does: fc.constant("reload" as const), module: fc.constantFrom(...modules, ...modules, ...modules, ...reloadable),
		})],
		[0.5, fc.record({ does: fc.constant("restart" as const) })],
	];
	return fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight: weight * 10, arbitrary })));
}

/**
 * Elements, those of a kind together as often as those of any other: scenarios may say one thing a hundred times, and
 * what undoes it twice.
 */
function ofEach(kind: (element: XmlElement) => string, elements: readonly XmlElement[]): fc.Arbitrary<XmlElement> {
	return fc.oneof(...Array.from(grouped(elements, kind).values(), (some) => fc.constantFrom(...some)));
}

function nameOf(element: XmlElement | undefined): string {
	return element === undefined ? "" : `${element.namespace} ${element.name}`;
}

/** Of which component an address is: one under test, by its number, or one of the others. */
function domainOf(address: string): string | number {
	const [, service] = /\{service\/(\d+)\}/.exec(address) ?? [];
	return service === undefined ? address.replace(/^[^/]*@|\/.*$/gs, "") : Number(service);
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
		...account === "{other}" ? ["", "{account}", "{account/0}", `friend@${CONTACT}`, "friend@{service/0}"] : [],
	);
}

/** Messages that hold a few things, of one type or of any. */
function messages(
	words: Words, receiver: fc.Arbitrary<string>, sender: fc.Arbitrary<string> = fc.constant(""), type?: string,
): fc.Arbitrary<XmlElement> {
	const content = ofEach(nameOf, words.contents);
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
 * ask for carbon copies, become available, perhaps make friends, and perhaps go to sleep. Each has a browser of its own,
 * where there are enough.
 */
export function openings(words: Words): fc.Arbitrary<PlannedStep[]> {
	const subscribing = words.greetings.filter(namesBrowser);
	const greeting = words.greetings.length === 0 ? fc.constant(undefined) : fc.oneof(
		{ weight: 1, arbitrary: fc.constantFrom(...words.greetings) },
		// Of other endpoints the server mostly says at once that it takes none such.
		...subscribing.length === 0 ? [] : [{ weight: 2, arbitrary: fc.constantFrom(...subscribing) }],
	).chain(mixtures(words.requests));
	const client = (number: number, greets: number) => fc.record({
		connects: chance(85),
		greeting: fc.oneof(
			{ weight: 100 - greets, arbitrary: fc.constant(undefined) }, { weight: greets, arbitrary: greeting },
		),
		carbons: chance(35),
		available: chance(75),
		leaves: fc.constantFrom(...LEAVING),
	}).map(({ connects, greeting: first, carbons, available, leaves: does }) => (presence: XmlElement): Opening => ({
		comes: !connects ? [] : [
			{ does: "connect", client: number },
			...[first, ...carbons ? [CARBONS] : [], ...available ? [presence] : []].flatMap((stanza): PlannedStep[] => {
				return stanza ? [{ does: "send", client: number, stanza: aboutOtherBrowsers(stanza, number) }] : [];
			}),
		],
		leaves: !connects || does === undefined ? [] : [{ does, client: number }],
	}));
	return fc.record({
		other: client(3, 15),
		friends: chance(60).map((some) => (some ? FRIENDS : [])),
		// Somebody who goes away goes away from all clients, and often leaves them on.
		presence: chance(60).chain((some) => fc.constantFrom(...some ? PRESENCES : PRESENCES.slice(0, 1))),
		stay: chance(50),
		clients: fc.tuple(client(0, 90), client(1, 75), client(2, 75)),
	}).map(({ other, friends, presence, stay, clients }) => {
		const [first, ...rest] = clients.map((opening) => opening(presence));
		const leaving = ({ leaves }: Opening): PlannedStep[] => (stay && presence !== PRESENCES[0] ? [] : leaves);
		return [
			...other(PRESENCES[0]!).comes,
			...friends.map(({ asks }) => asks),
			...first!.comes,
			...friends.map(({ consents }) => consents),
			...leaving(first!),
			...rest.flatMap((opening) => [...opening.comes, ...leaving(opening)]),
		];
	});
}

const BODY = messageContents[0]!;
const CARBONS = clientStanzas.find(({ children }) => {
	return children.some((child) => typeof child !== "string" && child.name === "enable");
})!;

/** What a client says of itself to all. The first is what most say at first. */
const PRESENCES = clientStanzas.filter((stanza) => stanza.name === "presence" && attributeOf(stanza, "to") === undefined);

/** Who becomes a contact of the account. */
const FRIENDS: readonly { asks: PlannedStep; consents: PlannedStep }[] = [
	{
		asks: { does: "send", client: 3, stanza: subscription("subscribe", "{account}") },
		consents: { does: "send", client: 0, stanza: subscription("subscribed", "{other}") },
	},
	{
		asks: { does: "send from", domain: CONTACT, stanza: subscription("subscribe", "{account}", `friend@${CONTACT}`) },
		consents: { does: "send", client: 0, stanza: subscription("subscribed", `friend@${CONTACT}`) },
	},
];

function subscription(type: "subscribe" | "subscribed", to: string, from?: string): XmlElement {
	return parseElements(`<presence${from === undefined ? "" : ` from="${from}"`} to="${to}" type="${type}"/>`)[0]!;
}

/** What a client does at first. */
interface Opening {
	comes: PlannedStep[];
	leaves: PlannedStep[];
}

/** How clients are left at first. */
const LEAVING = [
	undefined, undefined, undefined, "lose", "lose", "lose", "stop acknowledging", "stop acknowledging", "disconnect",
] as const;

function chance(percent: number): fc.Arbitrary<boolean> {
	return fc.oneof(
		{ weight: 100 - percent, arbitrary: fc.constant(false) }, { weight: percent, arbitrary: fc.constant(true) },
	);
}
