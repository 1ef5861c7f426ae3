import { browserName, CONTACT, ROOMS } from "./cast";
import type { Cast, CastClient } from "./cast";

/** A client in the course of a story. */
export interface Client extends CastClient {
	name: string;
	jid: string;
	state: "off" | "on" | "lost";
}

/** A component in the course of a story. */
export interface Service {
	name: string;
	jid: string;
	answers: string;
	connected: boolean;
}

/** A browser that gets Web Push, and its push service, in the course of a story. */
export interface Browser {
	name: string;
	answers: string;
	connected: boolean;
}

/** The clients of a cast, none connected: those of the account first, that of the other account last. */
export function clientsOf({ account, clients, other }: Cast): Client[] {
	const client = (each: CastClient, name: string, of: string): Client => {
		return { ...each, name, jid: `${of}@localhost/${each.resource}`, state: "off" };
	};
	return [
		...clients.map((each, index) => client(each, `Client ${index + 1}`, account)),
		client(other, "Other", other.account),
	];
}

/** The components of a cast, those under test first. */
export function servicesOf({ services }: Cast): Service[] {
	const others = [["Contact", CONTACT], ["Rooms", ROOMS]] as const;
	return [
		...services.map((service, index) => ({ ...service, name: `Service ${index + 1}`, connected: true })),
		...others.filter(([, jid]) => services.every((service) => service.jid !== jid))
			.map(([name, jid]) => ({ name, jid, answers: "nothing", connected: true })),
	];
}

/** The browsers of a cast. */
export function browsersOf({ browsers }: Cast): Browser[] {
	return browsers.map((browser, index) => ({ ...browser, name: browserName(index), connected: true }));
}

/**
 * The tags and characters of a script, and the line of dashes. Who is of no consequence to the steps is left out.
 * @param steps as they are written
 */
export function headingLines(
	modules: readonly string[], cast: Cast, clients: readonly Client[], services: readonly Service[], steps: readonly string[],
): string[] {
	const isNamed = (name: string): boolean => steps.some((step) => step.startsWith(`${name} `));
	const isMentioned = (jid: string): boolean => steps.some((step) => step.includes(jid));
	const other = clients.at(-1)!;
	const present = clients.filter((client, index) => {
		return index === 0 || isNamed(client.name) || (client === other && isMentioned(client.jid.replace(/\/.*$/s, "")));
	});
	const needed = services.filter(({ name, jid }) => {
		return name.startsWith("Service") || isNamed(name) || isMentioned(jid);
	});
	return [
		...modules.map((name) => `## module: ${name}`),
		...cast.series === undefined ? [] : [`## prosody: ${cast.series}`],
		...cast.options.map(([name, literal]) => `## option: ${name} = ${literal}`),
		...cast.dns.filter(([name]) => isMentioned(name)).map(([name, addresses]) => `## dns: ${name} = ${addresses.join(", ")}`),
		"",
		...present.flatMap(({ name, jid, smacks, sasl2, client_id }) => [
			`[Client] ${name}`,
			`\tjid: ${jid}`,
			`\tsmacks: ${smacks}`,
			...sasl2 ? ["\tsasl2: yes"] : [],
			...client_id === undefined ? [] : [`\tclient_id: ${client_id}`],
			"",
		]),
		...needed.flatMap(({ name, jid, answers }) => [
			`[Component] ${name}`, `\tjid: ${jid}`, `\tanswers: ${answers}`, "",
		]),
		...browsersOf(cast).filter(({ name }) => isNamed(name) || isMentioned(`\${${name}'s `)).flatMap(({ name, answers }) => [
			`[WebPush] ${name}`, `\tanswers: ${answers}`, "",
		]),
		"---------",
		"",
	];
}
