import type { Element } from "ltx";
import { describe, expect, it } from "vitest";
import type { CloudNotifyPushEvent, Disk, ModuleApi, PushRegistration, StanzaLibrary } from "../../bridge/api";
import { createMemoryDisk } from "../../bridge/node";
import { mod_cloud_notify } from "../../modules/mod_cloud_notify";
import { child, childText, condition, HOST_NAMES, World } from "../server/world";
import type { App, Phone } from "../server/world";

/** What scenarios have no words for: handlers of other modules, stores that fail, what is left behind. */
describe.each(HOST_NAMES)("mod_cloud_notify on %s", (host_name) => {
	interface Set {
		world: World;
		phone: Phone;
		app: App;
	}

	function start(disk: Disk = createMemoryDisk(), options: Record<string, string> = {}): Set {
		const world = new World(host_name, options, disk);
		world.load("cloud_notify", mod_cloud_notify);
		const app = world.app("push.localhost");
		return { world, phone: world.phone("juliet@localhost/phone"), app };
	}

	function register({ world, phone }: Set, node = "n1"): string {
		phone.send(`<iq type="set" id="e-${node}">`
			+ `<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="${node}"/></iq>`);
		world.pass(0);
		const [answer] = phone.take();
		return condition(answer) ?? answer!.attrs.type!;
	}

	function offlineMessage(world: World, content = "<body>Hello</body>"): void {
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(`<message to="juliet@localhost" type="chat" id="m1">${content}</message>`);
		world.pass(0);
		romeo.client.disconnect();
	}

	/** A module beside it, as someone else would write it. */
	function beside(world: World, handlers: (module: ModuleApi, st: StanzaLibrary) => void): void {
		world.load("beside", (module, _, require) => handlers(module, require("util.stanza")));
	}

	it("forgets the registrations of an account that is deleted, and only these", () => {
		const set = start();
		register(set);
		set.phone.client.disconnect();
		const delete_from = (host: string): void => {
			set.world.host.prosody.events.fire_event("user-deleted", set.world.host.table({ username: "juliet", host }));
		};
		delete_from("elsewhere");
		offlineMessage(set.world);
		expect(set.app.take()).toHaveLength(1);
		delete_from("localhost");
		set.world.machine.disk.write("localhost", "cloud_notify", "juliet", undefined);
		offlineMessage(set.world);
		expect(set.app.take()).toEqual([]);
	});

	it("lets a handler of cloud_notify/push change the notification", () => {
		const set = start();
		beside(set.world, (module) => module.hook("cloud_notify/push", (event) => {
			event.notification_payload.tag("priority", { xmlns: "tigase:push:priority:0" }).text("high").up();
			return undefined;
		}));
		register(set);
		set.phone.client.disconnect();
		offlineMessage(set.world);
		const [push] = set.app.take();
		const item = child(child(child(push, "pubsub"), "publish"), "item");
		expect(childText(child(item, "notification"), "priority")).toBe("high");
	});

	it("tells handlers of cloud_notify/push what the push is about", () => {
		const set = start();
		const seen: Partial<Record<keyof CloudNotifyPushEvent, unknown>>[] = [];
		beside(set.world, (module) => module.hook("cloud_notify/push", (event) => {
			seen.push({
				username: event.username,
				important: event.important,
				push_info: event.push_info.node,
				push_summary: event.push_summary["last-message-body"],
				original_stanza: event.original_stanza?.get_child_text("body"),
				notification_stanza: event.notification_stanza.attr.to,
			});
			return undefined;
		}));
		register(set);
		set.phone.client.disconnect();
		offlineMessage(set.world);
		set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		expect(seen).toEqual([
			{
				username: "juliet", important: true, push_info: "n1", push_summary: "New Message!",
				original_stanza: "Hello", notification_stanza: "push.localhost",
			},
			{
				username: "juliet", important: false, push_info: "n1", push_summary: undefined,
				original_stanza: undefined, notification_stanza: "push.localhost",
			},
		]);
	});

	it("sends nothing that a handler blocks, and logs why", () => {
		const set = start();
		beside(set.world, (module) => module.hook("cloud_notify/push", (event) => {
			event.reason = "muted";
			return true;
		}));
		register(set);
		set.phone.client.disconnect();
		offlineMessage(set.world);
		expect(set.app.take()).toEqual([]);
		expect(set.world.log.map(({ message }) => message)).toContain("Push was blocked by event handler: muted");
	});

	it("sends what a handler does not care about, even if it returns false", () => {
		const set = start();
		beside(set.world, (module) => module.hook("cloud_notify/push", () => false));
		register(set);
		set.phone.client.disconnect();
		offlineMessage(set.world);
		expect(set.app.take()).toHaveLength(1);
	});

	it("pushes what a module archives that tells of no session", () => {
		const set = start();
		beside(set.world, (module, st) => module.hook("cloud-notify-ping", () => {
			const stanza = st.message({ to: "juliet@localhost" }, "Hello");
			module.fire_event("archive-message-added", { stanza, for_user: "juliet", id: "a1" } as never);
			return true;
		}, 1));
		register(set);
		set.phone.client.disconnect();
		set.world.phone("juliet@localhost/laptop");
		set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		expect(set.app.take()).toHaveLength(1);
	});

	it("registers nothing that a handler of cloud_notify/registration refuses", () => {
		const set = start();
		beside(set.world, (module) => module.hook("cloud_notify/registration", (event) => {
			event.origin.send(set.world.host.require("util.stanza").error_reply(event.stanza, "cancel", "not-allowed"));
			return false;
		}));
		expect(register(set)).toBe("not-allowed");
		expect(set.world.machine.disk.users("localhost", "cloud_notify")).toEqual([]);
		set.phone.client.disconnect();
		offlineMessage(set.world);
		expect(set.app.take()).toEqual([]);
	});

	it("keeps what a handler of cloud_notify/registration adds", () => {
		const set = start();
		beside(set.world, (module) => module.hook("cloud_notify/registration", (event) => {
			(event.push_info as PushRegistration & { away?: boolean }).away = true;
			return undefined;
		}));
		expect(register(set)).toBe("result");
		expect(set.world.machine.disk.read("localhost", "cloud_notify", "juliet")).toContain('["away"] = true;');
	});

	it("pings the registrations that it is given, and no others", () => {
		const set = start();
		register(set);
		const push_services = set.world.host.table({
			"push.localhost<other": set.world.host.table({ jid: "push.localhost", node: "other", timestamp: 1 }),
		});
		set.world.server.fire("cloud-notify-ping", set.world.host.table({ user: "juliet", push_services }));
		set.world.pass(0);
		const pushes = set.app.take();
		expect(pushes.map((push) => child(child(push, "pubsub"), "publish")!.attrs.node)).toEqual(["other"]);
	});

	it("refuses to register where the store cannot be read, and leaves it as it is", () => {
		const set = start();
		set.world.machine.disk.write("localhost", "cloud_notify", "juliet", "return { torn");
		expect(register(set)).toBe("internal-server-error");
		expect(set.world.machine.disk.read("localhost", "cloud_notify", "juliet")).toBe("return { torn");
		set.phone.client.disconnect();
		offlineMessage(set.world);
		expect(set.app.take()).toEqual([]);
	});

	it("takes registrations that do not say when they were made for the oldest", () => {
		const set = start(createMemoryDisk(), { push_max_devices: "2" });
		set.world.machine.disk.write("localhost", "cloud_notify", "juliet", `return {
			["push.localhost<a"] = { jid = "push.localhost", node = "a", timestamp = 5 };
			["push.localhost<b"] = { jid = "push.localhost", node = "b" };
		};`);
		register(set, "c");
		set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		set.world.pass(0);
		const pushes = set.app.take();
		expect(pushes.map((push) => child(child(push, "pubsub"), "publish")!.attrs.node)).toEqual(["c", "a"]);
	});

	it("changes nothing where the store cannot be written", () => {
		let full = false;
		const disk = createMemoryDisk();
		const set = start({
			...disk,
			write: (...args) => {
				if (full) throw new Error("no space left on device");
				disk.write(...args);
			},
		});
		register(set, "n1");
		full = true;
		expect(register(set, "n2")).toBe("internal-server-error");
		set.phone.send('<iq type="set" id="d1"><disable xmlns="urn:xmpp:push:0" jid="push.localhost"/></iq>');
		set.world.pass(0);
		expect(condition(set.phone.take()[0])).toBe("internal-server-error");
		set.phone.client.disconnect();
		offlineMessage(set.world);
		const pushes = set.app.take();
		expect(pushes.map((push) => child(child(push, "pubsub"), "publish")!.attrs.node)).toEqual(["n1"]);
	});

	it("takes no limit that leaves room for no device", () => {
		const set = start(createMemoryDisk(), { push_max_devices: "0" });
		expect(set.world.errors()).toEqual(["Config option 'push_max_devices' must be 1 or more, not 0; using 5"]);
		expect(register(set)).toBe("result");
		set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		set.world.pass(0);
		expect(set.app.take()).toHaveLength(1);
	});

	it("knows after a reload what was pushed before", () => {
		const set = start();
		register(set);
		set.phone.client.disconnect();
		beside(set.world, (module) => module.hook("archive-message-added", () => {
			set.world.host.reload("cloud_notify");
			return undefined;
		}, -1));
		set.world.phone("juliet@localhost/laptop");
		offlineMessage(set.world);
		expect(set.app.take()).toHaveLength(1);
	});

	it("counts no push of an earlier hibernation as the first of this one", () => {
		const set = start();
		register(set);
		const { host, server } = set.world;
		const session = set.phone.session();
		const queue = host.table([host.require("util.stanza").message({ type: "chat" }, "Hello")]);
		const hibernate = (): number => {
			session.hibernating = set.world.clock.now();
			session.hibernating_watchdog = host.require("util.watchdog").new(600, () => undefined);
			server.fire("smacks-hibernation-start", { origin: session, queue });
			return session.hibernating_watchdog.timeout;
		};
		expect(hibernate()).toBe(600);
		server.fire("smacks-hibernation-end", { origin: session, resumed: session, queue });
		// The message was delivered on resumption, but is not acknowledged.
		expect(hibernate()).toBe(72 * 3600);
		set.world.pass(0);
		expect(set.app.take()).toHaveLength(1);
	});

	it("is done with a registration after its last error, whatever comes for its other pushes", () => {
		const set = start(createMemoryDisk(), { push_max_errors: "1" });
		register(set);
		set.app.component.answer({ with: "nothing" });
		for (let n = 0; n < 2; n++) set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		set.world.pass(0);
		const fail = (push: Element): void => {
			set.app.component.send(`<iq type="error" from="push.localhost" to="localhost" id="${push.attrs.id}">`
				+ "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
			set.world.pass(0);
		};
		const [first, second] = set.app.take();
		fail(first!);
		set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		set.world.pass(0);
		expect(set.app.take()).toEqual([]);

		expect(register(set)).toBe("result");
		fail(second!);
		set.world.server.fire("cloud-notify-ping", { user: "juliet" });
		set.world.pass(0);
		expect(set.app.take()).toHaveLength(1);
		expect(set.world.errors()).toEqual([]);
	});

	it("starts no timer for a push", () => {
		const set = start();
		register(set);
		set.phone.client.disconnect();
		set.world.pass(60);
		const before = set.world.clock.next_due();
		for (const answer of ["result", "nothing"] as const) {
			set.app.component.answer({ with: answer });
			set.world.server.fire("cloud-notify-ping", { user: "juliet" });
			set.world.pass(0);
			expect(set.app.take()).toHaveLength(1);
			expect(set.world.clock.next_due()).toBe(before);
		}
	});

	it("waits for the answers to the last thousand pushes", () => {
		const set = start(undefined, { push_max_errors: "1" });
		register(set);
		set.phone.client.disconnect();
		set.app.component.answer({ with: "nothing" });
		const ping = (): Element[] => {
			set.world.server.fire("cloud-notify-ping", { user: "juliet" });
			set.world.pass(0);
			return set.app.take();
		};
		const ids = Array.from({ length: 1001 }, () => String(ping()[0]!.attrs.id));
		const fail = (id: string): void => {
			set.app.component.send(`<iq type="error" from="push.localhost" to="localhost" id="${id}"><error type="cancel">`
				+ "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
			set.world.pass(0);
		};
		fail(ids[0]!);
		expect(ping()).toHaveLength(1);
		fail(ids[2]!);
		expect(ping()).toEqual([]);
	});

	it("pushes for a message with 10,000 nested elements", () => {
		const set = start();
		register(set);
		set.phone.client.disconnect();
		offlineMessage(set.world, `<body>Deep</body><a xmlns='x'>${"<a>".repeat(9_999)}${"</a>".repeat(10_000)}`);
		expect(set.app.take()).toHaveLength(1);
		expect(set.world.errors()).toEqual([]);
	});

	it.each([
		["a huge node", `jid="push.localhost" node="${"n".repeat(100_000)}"`, "result"],
		["a huge jid", `jid="${"j".repeat(100_000)}"`, "jid-malformed"],
		["an empty jid", 'jid=""', "jid-malformed"],
		["a jid without a host", 'jid="@"', "jid-malformed"],
	])("answers a request with %s", (_, attributes, answer) => {
		const set = start();
		set.phone.send(`<iq type="set" id="e1"><enable xmlns="urn:xmpp:push:0" ${attributes}/></iq>`);
		set.world.pass(0);
		const [reply] = set.phone.take();
		expect(condition(reply) ?? reply!.attrs.type).toBe(answer);
		expect(set.world.errors()).toEqual([]);
	});

	it("leaves sessions as they would be without it when it is unloaded", () => {
		const set = start();
		register(set);
		set.world.host.unload("cloud_notify");
		set.phone.client.disconnect();
		offlineMessage(set.world);
		expect(set.app.take()).toEqual([]);
		expect(set.world.errors()).toEqual([]);
	});
});
