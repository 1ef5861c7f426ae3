import { parse } from "ltx";
import type { Element } from "ltx";
import type { Disk, Host, LogEntry, Machine, ProsodyModule, Session } from "../../bridge/api";
import type { Answer } from "../../bridge/scenario/stage";
import { createClock } from "../../bridge/server/clock";
import { createAccounts } from "../../bridge/server/accounts";
import { SimulatedClient } from "../../bridge/scenario/simulated-client";
import { SimulatedComponent } from "../../bridge/scenario/simulated-component";
import { Server } from "../../bridge/server/server";
import type { Accounts } from "../../bridge/server/accounts";
import type { Series } from "../../bridge/server/series";
import type { ClientSettings } from "../../bridge/scenario/simulated-client";
import { createMemoryDisk } from "../../bridge/node/disk";
import { HOSTS } from "./hosts";
import type { HostName } from "./hosts";

export { HOSTS, HOST_NAMES } from "./hosts";
export type { HostName } from "./hosts";

export const START = Date.UTC(2024, 0, 1) / 1000;

/** A client with what it received. */
export interface Phone {
	client: SimulatedClient;
	/** Takes all that came so far. */
	take(): Element[];
	/** Every element that the server sent, stream management included; filled from `connect` on. */
	wire: string[];
	closed: (string | undefined)[];
	send(xml: string): void;
	session(): Session;
}

export interface App {
	component: SimulatedComponent;
	take(): Element[];
}

/** A simulated server on one host, with what the tests look at. */
export class World {
	readonly clock = createClock(START);
	readonly accounts: Accounts = createAccounts(["juliet", "romeo", "nurse"]);
	readonly log: LogEntry[] = [];
	readonly sent: { to: string; from: string; xml: string; reached: boolean }[] = [];
	readonly machine: Machine;
	host!: Host;
	server!: Server;
	private readonly host_name: HostName;
	private readonly series: Series | undefined;
	private random = 1;

	constructor(
		host_name: HostName, options: Record<string, string> = {}, disk: Disk = createMemoryDisk(), series?: Series,
	) {
		this.host_name = host_name;
		this.series = series;
		this.machine = {
			clock: this.clock,
			disk,
			random_bytes: (count) => Uint8Array.from({ length: count }, () => {
				this.random = (Math.imul(this.random, 1103515245) + 12345) >>> 0;
				return this.random >>> 24;
			}),
			options,
			log: (entry) => void this.log.push(entry),
		};
		this.start();
	}

	private start(): void {
		this.host = HOSTS[this.host_name](this.machine);
		this.server = new Server({
			host: this.host,
			machine: this.machine,
			accounts: this.accounts,
			series: this.series,
			onSent: (to, from, xml, reached) => void this.sent.push({ to, from, xml, reached }),
		});
	}

	restart(): void {
		this.server.stop();
		this.host.stop();
		this.start();
	}

	pass(seconds: number): void {
		this.clock.advance(seconds);
	}

	/** Loads a module that records what it is told. */
	load(name: string, module: ProsodyModule): void {
		this.host.load(name, { typescript: module });
	}

	/** What was logged as an error. */
	errors(): string[] {
		return this.log.filter(({ level }) => level === "error").map(({ message }) => message);
	}

	phone(jid: string, settings: Partial<Pick<ClientSettings, "smacks">> & Partial<ClientSettings["login"]> = {}): Phone {
		const [, username, resource] = /^(.*)@localhost(?:\/(.*))?$/.exec(jid) as unknown as [string, string, string?];
		const { smacks = "no", ...login } = settings;
		let received: string[] = [];
		const wire: string[] = [];
		const closed: (string | undefined)[] = [];
		const client = new SimulatedClient({
			name: jid,
			login: { username, resource, ...login },
			smacks,
			accept: (wish, end) => this.server.acceptClient(wish, {
				receive: (xml) => {
					wire.push(xml);
					end.receive(xml);
				},
				closed: (error) => end.closed(error),
			}),
			onReceived: (xml) => void received.push(xml),
			onClosed: (error) => void closed.push(error),
		});
		client.connect();
		return {
			client,
			wire,
			closed,
			take() {
				const taken = received;
				received = [];
				return taken.map((xml) => parse(xml));
			},
			send: (xml) => client.send(xml),
			session: () => this.host.prosody.full_sessions[client.full_jid!]!,
		};
	}

	/** A client that has sent its presence and taken what came of it. */
	online(jid: string, settings: Parameters<World["phone"]>[1] = {}): Phone {
		const phone = this.phone(jid, settings);
		phone.send("<presence/>");
		phone.take();
		return phone;
	}

	app(jid: string, answers: Answer = { with: "result" }): App {
		let received: string[] = [];
		const component = new SimulatedComponent({
			jid,
			clock: this.clock,
			answers,
			accept: (name, end) => this.server.acceptComponent(name, end),
			onReceived: (xml) => void received.push(xml),
		});
		component.connect();
		return {
			component,
			take() {
				const taken = received;
				received = [];
				return taken.map((xml) => parse(xml));
			},
		};
	}
}

/** The child element of that name, in that namespace if one is given. */
export function child(element: Element | undefined, name: string, xmlns?: string): Element | undefined {
	return element?.getChildElements().find((tag) =>
		tag.name === name && (xmlns === undefined || tag.attrs.xmlns === xmlns));
}

/** The text of the child element of that name. */
export function childText(element: Element | undefined, name: string): string | undefined {
	const found = child(element, name);
	return found?.children.filter((part) => typeof part === "string").join("");
}

/** Names and the attribute that tells most, such as `message chat` or `iq result`. */
export function kinds(elements: readonly Element[]): string[] {
	return elements.map(({ name, attrs }) => attrs.type === undefined ? name : `${name} ${attrs.type}`);
}

/** The condition of a stanza error. */
export function condition(stanza: Element | undefined): string | undefined {
	const error = child(stanza, "error");
	return error?.getChildElements().find((tag) => tag.name !== "text")?.name;
}
