import type { CloudNotifyDeliveryEvent, Disk, PushRegistration, Session } from "../../../bridge/api";
import { mod_cloud_notify } from "../../../modules/mod_cloud_notify";
import { mod_cloud_notify_away } from "../../../modules/mod_cloud_notify_away";
import { child, World } from "../../server/world";
import type { App, HostName, Phone } from "../../server/world";

/** A server with `mod_cloud_notify`, where Juliet is registered on her phone. */
export class AwayWorld extends World {
	readonly service: App = this.app("push.localhost");

	constructor(host_name: HostName, options: Record<string, string> = {}, disk?: Disk) {
		super(host_name, options, disk);
		this.load("cloud_notify", mod_cloud_notify);
	}

	load_away(): void {
		this.load("cloud_notify_away", mod_cloud_notify_away);
	}

	/** What `cloud_notify/delivery` is answered with by a module of someone else. */
	answer(handler: (event: CloudNotifyDeliveryEvent) => unknown, priority?: number): void {
		this.load("beside", (module) => module.hook("cloud_notify/delivery", handler, priority));
	}

	register(phone: Phone, attributes = 'away="true"', node = "n1"): void {
		phone.send(`<iq type="set" id="e-${node}">`
			+ `<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="${node}" ${attributes}/></iq>`);
		this.pass(0);
		const [answer] = phone.take();
		if (answer?.attrs.type !== "result") throw new Error(`not registered: ${String(answer)}`);
	}

	/** Juliet's phone with a presence, registered. */
	registered(presence = "<presence><show>away</show></presence>", attributes?: string): Phone {
		const phone = this.phone("juliet@localhost/phone");
		this.register(phone, attributes);
		phone.send(presence);
		this.pass(0);
		phone.take();
		return phone;
	}

	/** A phone that can resume its session, registered and available. */
	resumable(jid = "juliet@localhost/phone"): Phone {
		const phone = this.phone(jid, { smacks: "resume" });
		this.register(phone);
		phone.send("<presence/>");
		this.pass(0);
		return phone;
	}

	/** Sends Juliet a message, in Romeo's name unless another is given. */
	message(
		content = "<body>Hello</body>", attributes = 'to="juliet@localhost" type="chat"', from = "romeo@localhost/orchard",
	): void {
		const sender = this.phone(from);
		sender.send(`<message ${attributes}>${content}</message>`);
		this.pass(0);
		sender.client.disconnect();
	}

	/** The nodes that were pushed to since it was asked last. */
	pushed(): unknown[] {
		this.pass(0);
		return this.service.take().map((push) => child(child(push, "pubsub"), "publish")?.attrs.node);
	}

	/** What `mod_cloud_notify_away` says to a message for a registration. */
	decision(push_info: Partial<PushRegistration>, username = "juliet"): { wanted: unknown; reason: unknown } {
		const event = this.host.table({
			original_stanza: this.host.require("util.stanza").message({ to: `${username}@localhost` }, "Hello"),
			username,
			push_info: this.host.table({ jid: "push.localhost", ...push_info }),
		});
		const wanted: unknown = this.host.prosody.hosts.localhost!.events.fire_event("cloud_notify/delivery", event);
		return { wanted, reason: (event as CloudNotifyDeliveryEvent).reason };
	}

	/** Has a client's session say what none would say itself. */
	pretend(phone: Phone, fields: Partial<Session>): void {
		const session = phone.session();
		for (const [name, value] of Object.entries(fields)) Reflect.set(session, name, value);
	}

	messages_logged(): string[] {
		return this.log.map(({ message }) => message);
	}
}
