import type { Element } from "ltx";
import { expect } from "vitest";
import type { Disk, Push2Registration } from "../../../bridge/api";
import { retrying_delivery } from "../../../modules/mod_push2/delivery";
import type { Delivery, DeliveryOptions } from "../../../modules/mod_push2/delivery";
import { open_registrations } from "../../../modules/push/registrations";
import type { Registrations } from "../../../modules/push/registrations";
import { child, childText, World } from "../../server/world";
import type { App, HostName } from "../../server/world";

export const SERVICE = "push.localhost";
export const HOUR = 3600;
/** How many pushes errors are known by. */
export const REMEMBERED = 10_000;
export const CONDITION = '<resource-constraint xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>';

/** What tests tell delivery; registrations are made directly, `juliet` has one named `phone`. */
export class Deliveries {
	readonly world: World;
	readonly service: App;
	/** Of the instance that is loaded. */
	delivery!: Delivery;
	registrations!: Registrations<Push2Registration>;
	/** What was given up, with the number of the instance that did it. */
	readonly failed: string[] = [];
	/** Errors that were left to others. */
	readonly left: string[] = [];
	private readonly options: Partial<DeliveryOptions>;
	private instances = 0;
	private pushes = 0;

	constructor(host_name: HostName, options: Partial<DeliveryOptions> = {}, disk?: Disk) {
		this.options = options;
		this.world = new World(host_name, {}, disk);
		this.load();
		this.service = this.world.app(SERVICE);
		this.register("juliet");
	}

	load(): void {
		this.world.load("push2", (module, _, require) => {
			const instance = ++this.instances;
			this.registrations = open_registrations(module, require, "push2_registrations");
			this.delivery = retrying_delivery(module, require, {
				registrations: this.registrations,
				max_retries: 5,
				retry_delay: 30,
				max_retry_age: HOUR,
				disable_after: 72 * HOUR,
				on_failed: (username, identifier) => void this.failed.push(`${username} ${identifier} ${instance}`),
				...this.options,
			});
		});
		this.world.load("others", (module) => module.hook("message/host", ({ stanza }) => {
			this.left.push(stanza.attr.id!);
			return true;
		}));
	}

	register(username: string, service = SERVICE): void {
		const registration = {
			service,
			client: "c1",
			timestamp: 1,
			matches: [{ match: "urn:xmpp:push2:match:all", send: "urn:xmpp:push2:send:notify-only:0" }],
		};
		expect(this.registrations.add(username, { identifier: "phone", registration })).toEqual([]);
	}

	stored(username = "juliet"): string | undefined {
		return this.world.machine.disk.read("localhost", "push2_registrations", username);
	}

	/** Sends a push with this priority in it. Returns its id. */
	push(priority = "normal", username = "juliet"): string {
		const id = `push${++this.pushes}`;
		const st = this.world.host.require("util.stanza");
		const registration = this.registrations.get(username, "phone")!;
		const message = st.message({ to: registration.service, from: "localhost", id })
			.tag("notification", { xmlns: "urn:xmpp:push2:0" })
			.text_tag("client", "c1").text_tag("priority", priority).reset();
		this.delivery.send(username, { identifier: "phone", registration }, message);
		this.world.pass(0);
		return id;
	}

	/** Sends many pushes, of which nothing more is said. */
	flood(count: number, username: string): void {
		const st = this.world.host.require("util.stanza");
		const registration = this.registrations.get(username, "phone")!;
		for (let sent = 0; sent < count; sent++) {
			const message = st.message({ to: registration.service, from: "localhost", id: `flood${++this.pushes}` });
			this.delivery.send(username, { identifier: "phone", registration }, message);
		}
		this.world.pass(0);
	}

	/** The service answers a push with an error. */
	answer(id: string, type = "wait", content = `<error type="${type}">${CONDITION}</error>`, from = SERVICE): void {
		this.service.component.send(`<message type="error" id="${id}" from="${from}" to="localhost">${content}</message>`);
		this.world.pass(0);
	}

	/** Passes time until the next push arrives. */
	next(within: number): { push: Element; after: number } {
		const start = this.world.clock.now();
		while (this.world.clock.now() - start <= within) {
			this.world.pass(1);
			const [push] = this.service.take();
			if (push !== undefined) return { push, after: this.world.clock.now() - start };
		}
		throw new Error(`No push within ${within} seconds`);
	}

	/** What arrives while this time passes: the priorities. */
	during(seconds: number): (string | undefined)[] {
		this.world.pass(seconds);
		return this.service.take().map((push) => childText(child(push, "notification"), "priority"));
	}

	/** What the module logged. */
	log(): string[] {
		return this.world.log.filter(({ source }) => source.endsWith("push2")).map(({ message }) => message);
	}
}
