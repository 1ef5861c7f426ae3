import fc from "fast-check";
import { serverOptions, strangeNames } from "./general-words";
import type { Addresses } from "./roles";
import type { Series } from "../server/series";
import type { Words } from "./words";

/** A client of a scenario. */
export interface CastClient {
	resource: string;
	smacks: "resume" | "yes" | "no";
	sasl2: boolean;
	client_id?: string;
}

/** Who is there, and how the server is configured. */
export interface Cast {
	/** The Prosody that it takes; any will do if absent. */
	series?: Series;
	/** The addresses of names. */
	dns: readonly (readonly [name: string, addresses: readonly string[]])[];
	options: readonly (readonly [name: string, literal: string])[];
	account: string;
	clients: readonly CastClient[];
	/** One of another account. */
	other: CastClient & { account: string };
	/** Components under test, such as app servers, with how they answer. */
	services: readonly { jid: string; answers: string }[];
	/** Those that get Web Push, with how the push service of each answers. */
	browsers: readonly { answers: string }[];
}

/** Domains that others write from. They answer nothing. */
export const CONTACT = "contact.localhost";
export const ROOMS = "muc.localhost";

/** As a push service answers a request that it takes. */
export const TAKEN = "201";

const RESOURCES = ["phone", "laptop", "tablet"];

/** How a component may answer. */
export function answers(): fc.Arbitrary<string> {
	const type = fc.constantFrom("cancel", "modify", "auth", "wait", "continue");
	const condition = fc.constantFrom(
		"item-not-found", "gone", "internal-server-error", "not-allowed", "service-unavailable", "remote-server-timeout",
	);
	return fc.oneof(
		{ weight: 4, arbitrary: fc.constant("result") },
		{ weight: 2, arbitrary: fc.constant("nothing") },
		{ weight: 4, arbitrary: fc.tuple(type, condition).map(([a, b]) => `error ${a} ${b}`) },
	);
}

/** How a push service may answer. */
export function webPushAnswers(): fc.Arbitrary<string> {
	const seconds = fc.constantFrom("0", "1", "10", "60", "600", "7200", "999999999");
	return fc.oneof(
		{ weight: 5, arbitrary: fc.constant(TAKEN) },
		{ weight: 2, arbitrary: fc.constantFrom("200", "202", "204", "301", "307", "400", "401", "403", "408", "599") },
		{ weight: 3, arbitrary: fc.constantFrom("404", "410", "413") },
		{ weight: 4, arbitrary: fc.constantFrom("429", "500", "502", "503") },
		{ weight: 2, arbitrary: fc.tuple(fc.constantFrom("429", "503", "413", "201"), seconds).map((parts) => parts.join(" retry-after ")) },
		{ weight: 2, arbitrary: fc.constant("nothing") },
	);
}

/** Casts at random. */
export function casts(words: Words): fc.Arbitrary<Cast> {
	const services = words.services.length > 0 ? words.services.slice(0, 3) : ["service.localhost"];
	const names = fc.oneof(
		{ weight: 6, arbitrary: fc.constant({ account: "juliet", other: "romeo", resources: RESOURCES }) },
		{ weight: 1, arbitrary: strangeCast() },
	);
	const client = fc.record({
		smacks: fc.constantFrom<CastClient["smacks"]>("resume", "resume", "resume", "yes", "no"),
		client_id: fc.constantFrom("", "", "", "", "", "cid-a", "cid-b", "sasl2"),
	});
	return fc.record({
		names,
		options: options(words),
		clients: fc.array(client, { minLength: 1, maxLength: 3, size: "max" }),
		other: client,
		answers: fc.tuple(...services.map(() => answers())),
		dns: knownNames(words),
		browsers: browsers(words),
	}).map(({ names: { account, other, resources }, ...cast }) => ({
		options: cast.options,
		account,
		clients: cast.clients.map((each, index) => castClient(each, resources[index]!)),
		other: { ...castClient(cast.other, "orchard"), account: other },
		services: services.map((jid, index) => ({ jid, answers: cast.answers[index]! })),
		browsers: cast.browsers,
		dns: cast.dns,
		...words.series !== undefined && { series: words.series },
	}));
}

/** One at least, where there are any in scenarios. Most push services begin with taking what they get. */
function browsers({ browsers: most }: Words): fc.Arbitrary<{ answers: string }[]> {
	const answer = fc.oneof({ weight: 3, arbitrary: fc.constant(TAKEN) }, { weight: 1, arbitrary: webPushAnswers() });
	return fc.array(answer.map((text) => ({ answers: text })), { minLength: Math.min(1, most), maxLength: most, size: "max" });
}

/** Names, none twice. */
function knownNames({ dns }: Words): fc.Arbitrary<Cast["dns"]> {
	return fc.subarray([...dns]).map((some) => [...new Map(some)]);
}

function castClient({ smacks, client_id }: { smacks: CastClient["smacks"]; client_id: string }, resource: string) {
	const sasl2 = client_id !== "";
	return { resource, smacks, sasl2, ...(sasl2 && client_id !== "sasl2" && { client_id }) };
}

function strangeCast(): fc.Arbitrary<{ account: string; other: string; resources: string[] }> {
	return fc.record({
		account: fc.constantFrom(...strangeNames),
		other: fc.constantFrom("prototype", "2", "name", "romeo"),
		resources: fc.shuffledSubarray(["__proto__", "length", "constructor", "a b", "1", "next", "ü"], { minLength: 3 }),
	});
}

/** Some options, none twice. Few casts have many. */
function options(words: Words): fc.Arbitrary<[string, string][]> {
	const one = ([name, literals]: readonly [string, readonly string[]]) => {
		return fc.constantFrom(...literals).map((literal): [string, string] => [name, literal]);
	};
	const some = (known: Words["options"], most: number) => {
		const chosen = fc.subarray([...known], { maxLength: Math.min(most, known.length) });
		return chosen.chain((list) => fc.tuple(...list.map(one)));
	};
	const server = fc.oneof(
		{ weight: 2, arbitrary: fc.constant<[string, string][]>([]) },
		{ weight: 3, arbitrary: some(serverOptions, 3) },
	);
	const module = fc.oneof(
		{ weight: 1, arbitrary: fc.constant<[string, string][]>([]) },
		{ weight: 3, arbitrary: some(words.options, 4) },
	);
	return fc.tuple(module, server).map((lists) => lists.flat());
}

/** How a script calls a browser, from 0. */
export function browserName(index: number): string {
	return `Browser ${index + 1}`;
}

/** The addresses of a cast's roles. */
export function addressesOf({ account, clients, other, services, browsers: { length } }: Cast): Addresses {
	return {
		account: `${account}@localhost`,
		other: `${other.account}@localhost`,
		accountClients: clients.map(({ resource }) => `${account}@localhost/${resource}`),
		otherClients: [`${other.account}@localhost/${other.resource}`],
		services: services.map(({ jid }) => jid),
		browsers: Array.from({ length }, (_, index) => browserName(index)),
	};
}
