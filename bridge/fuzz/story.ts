import { addressesOf } from "./cast";
import { browsersOf, clientsOf, headingLines, servicesOf, type Browser, type Client, type Service } from "./story-cast";
import { printXml } from "../scenario/xml-print";
import { withAddresses } from "./roles";
import type { Addresses } from "./roles";
import type { Cast } from "./cast";
import type { ClientDeed, PlannedStep } from "./steps";
import type { XmlElement } from "../scenario/xml";

/** What is to happen. Any steps of a plan are a plan too, which is what makes small ones of large ones. */
export interface Plan {
	cast: Cast;
	steps: readonly PlannedStep[];
}

/** A plan as a script. */
export interface Story {
	/** The tags, the characters and the steps: all of it save the comment at the top. */
	text: string;
	/** Of each step in the script, which of the plan it is. */
	planned: readonly number[];
}

/**
 * How often a step of a plan turned out to be impossible where its story was performed. The first time its client is
 * taken to have lost its connection by then, or its stream if it was to be resumed; then it is passed over.
 */
export type Impossible = ReadonlyMap<number, number>;

/**
 * Writes a plan as a script, passing over steps that cannot be taken where they stand, such as of clients that are not
 * connected.
 * @param modules the modules under test
 * @param most how many steps the script may have
 */
export function tell(plan: Plan, modules: readonly string[], most: number, impossible: Impossible): Story {
	return new Teller(plan.cast, impossible).tell(plan.steps, modules, most);
}

class Teller {
	readonly #addresses: Addresses;
	readonly #cast: Cast;
	readonly #clients: Client[];
	readonly #services: Service[];
	readonly #browsers: Browser[];
	readonly #impossible: Impossible;
	readonly #steps: string[] = [];
	readonly #planned: number[] = [];
	/** Where each request came from that was noted. */
	readonly #requests: string[] = [];
	#ids = 0;

	constructor(cast: Cast, impossible: Impossible) {
		this.#impossible = impossible;
		this.#addresses = addressesOf(cast);
		this.#cast = cast;
		this.#clients = clientsOf(cast);
		this.#services = servicesOf(cast);
		this.#browsers = browsersOf(cast);
	}

	tell(steps: readonly PlannedStep[], modules: readonly string[], most: number): Story {
		for (const [index, step] of steps.entries()) {
			if (this.#steps.length >= most) break;
			const failures = this.#impossible.get(index) ?? 0;
			if (failures > 0) this.#learn(step);
			const told = failures > 1 ? undefined : this.#tell(step, failures > 0);
			if (told === undefined) continue;
			this.#steps.push(told);
			this.#planned.push(index);
		}
		// A script has steps.
		if (this.#steps.length === 0) {
			this.#steps.push("1 second passes");
			this.#planned.push(-1);
		}
		const heading = headingLines(modules, this.#cast, this.#clients, this.#services, this.#steps);
		return { text: [...heading, ...this.#steps, ""].join("\n"), planned: this.#planned };
	}

	/** Takes note of what a step that was not possible says about its client. */
	#learn(step: PlannedStep): void {
		if (!("client" in step)) return;
		const client = this.#who(step.client);
		client.state = client.state === "on" && client.smacks === "resume" ? "lost" : "off";
	}

	/** The step as it is written; undefined where it cannot be taken. */
	#tell(step: PlannedStep, hasFailed: boolean): string | undefined {
		switch (step.does) {
			case "connect":
			case "disconnect":
			case "lose":
			case "return":
			case "stop acknowledging":
			case "acknowledge":
				return this.#tellOfClient(step.does, this.#who(step.client));
			case "send": {
				const { name, state } = this.#who(step.client);
				return state === "on" ? this.#sends(name, step.stanza) : undefined;
			}
			case "send from": {
				const service = typeof step.domain === "number" ? this.#service(step.domain)
					: this.#services.find(({ jid }) => jid === step.domain);
				return service?.connected && !hasFailed ? this.#sends(service.name, step.stanza) : undefined;
			}
			case "pass":
				return passing(step.seconds);
			case "pass about": {
				const numbers = this.#cast.options.map(([, literal]) => Number(literal)).filter((number) => number > 0 && number <= 900);
				const number = numbers[step.option % numbers.length];
				return number === undefined ? undefined : passing(number + step.more);
			}
			case "answer with":
				return `${this.#service(step.service).name} answers with ${step.answer}`;
			case "answer push with":
				return this.#browsers.length === 0 ? undefined : `${this.#browser(step.browser).name} answers with ${step.answer}`;
			case "go down":
			case "come up":
				return this.#browsers.length === 0 ? undefined : connecting(this.#browser(step.browser), step.does === "come up");
			case "note request":
				return hasFailed ? undefined : this.#notesRequest(this.#service(step.service));
			case "answer by hand":
				return hasFailed ? undefined : this.#answersByHand(step);
			case "leave":
			case "come back":
				return hasFailed ? undefined : connecting(this.#service(step.service), step.does === "come back");
			case "fire": {
				const users = { account: this.#addresses.account, other: this.#addresses.other, nobody: "nobody@" };
				return `localhost fires ${step.event} for ${users[step.user].split("@")[0]}`;
			}
			case "reload":
				return hasFailed ? undefined : `localhost reloads ${step.module}`;
			case "restart":
				for (const client of this.#clients) client.state = "off";
				return "localhost restarts";
		}
	}

	#tellOfClient(does: ClientDeed, client: Client): string | undefined {
		const { name, state, smacks } = client;
		if (does === "connect" || does === "return") {
			if (state === "on" || (does === "return" && state === "off" && smacks === "resume")) return undefined;
			client.state = "on";
			return does === "return" && state === "lost" ? `${name} resumes` : `${name} connects`;
		}
		if (state !== "on") return undefined;
		switch (does) {
			case "disconnect":
				client.state = "off";
				return `${name} disconnects`;
			case "lose":
				client.state = smacks === "resume" ? "lost" : "off";
				return `${name} loses its connection`;
			case "stop acknowledging":
				return smacks === "no" ? undefined : `${name} stops acknowledging`;
			case "acknowledge":
				return smacks === "no" ? undefined : `${name} acknowledges`;
		}
	}

	#sends(name: string, stanza: XmlElement): string {
		const xml = printXml(stanza, (text) => {
			const literal = text.replaceAll("${", "$ {").replace("{id}", () => `i${++this.#ids}`);
			return withAddresses(literal, this.#addresses);
		}).replaceAll("&apos;s", "'s"); // As in `${Browser 1's endpoint}`.
		return `${name} sends:\n\t${xml.replaceAll("\n", "&#10;")}`;
	}

	#notesRequest({ name, jid, connected }: Service): string | undefined {
		if (!connected) return undefined;
		this.#requests.push(jid);
		return `${name} receives:\n\t<iq type="set" id="{scansion:capture:request${this.#requests.length}}"/>`;
	}

	#answersByHand({ request, type, error, from }: PlannedStep & { does: "answer by hand" }): string | undefined {
		const at = this.#requests.length - 1 - (request % Math.max(1, this.#requests.length));
		const jid = this.#requests[at];
		const sender = jid === undefined ? undefined : withAddresses(from ?? jid, this.#addresses);
		const domain = sender?.replace(/^[^@/]*@|\/.*$/g, "");
		const service = this.#services.find((each) => each.jid === domain);
		if (!service?.connected) return undefined;
		const [errorType, condition] = error.split(" ");
		const content = type === "result" || error === "" ? "" : `<error type="${errorType}">`
			+ `<${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`;
		return `${service.name} sends:\n\t<iq type="${type}" from="${sender}" to="localhost" id="\${request${at + 1}}">`
			+ `${content}</iq>`;
	}

	#who(client: number): Client {
		const others = this.#clients.length - 1;
		return this.#clients[client >= 3 ? others : client % others]!;
	}

	/** One of those under test. */
	#service(service: number): Service {
		return this.#services[service % this.#addresses.services.length]!;
	}

	#browser(browser: number): Browser {
		return this.#browsers[browser % this.#browsers.length]!;
	}
}

/** Undefined where it is so already. */
function connecting(who: Service | Browser, comes: boolean): string | undefined {
	if (who.connected === comes) return undefined;
	who.connected = comes;
	return `${who.name} ${comes ? "connects" : "disconnects"}`;
}

/** At least a tenth of a second; as decimals, since a script takes no others. */
function passing(seconds: number): string {
	const rounded = Math.max(0.1, Math.round(seconds * 1000) / 1000);
	if (rounded % 3600 === 0) return `${rounded / 3600} ${rounded === 3600 ? "hour passes" : "hours pass"}`;
	return rounded === 1 ? "1 second passes" : `${rounded} seconds pass`;
}
