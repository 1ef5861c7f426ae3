import type { Element } from "ltx";
import { describe, expect, it } from "vitest";
import type { CloudNotifyPushEvent, ModuleApi, ProsodyModule, Require } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node";
import { mod_cloud_notify } from "../../../modules/mod_cloud_notify";
import { mod_cloud_notify_encrypted } from "../../../modules/mod_cloud_notify_encrypted";
import { condition, HOST_NAMES, World, type App, type Phone } from "../../server/world";
import { encrypted_in, KEY, open } from "./opened";

const PROPOSE = '<propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="%"/></propose>';

/** What scenarios have no words for: stored data that others changed, libraries that fail, other modules, the log. */
describe.each(HOST_NAMES)("mod_cloud_notify_encrypted on %s", (host_name) => {
	interface Set {
		world: World;
		phone: Phone;
		app: App;
	}

	function start(encrypted: ProsodyModule = mod_cloud_notify_encrypted, disk = createMemoryDisk()): Set {
		const world = new World(host_name, {}, disk, "13.0");
		world.load("cloud_notify", mod_cloud_notify);
		world.load("cloud_notify_encrypted", encrypted);
		const app = world.app("push.localhost");
		return { world, phone: world.phone("juliet@localhost/phone"), app };
	}

	function register({ world, phone }: Set, key = KEY, attributes = ""): string {
		phone.send('<iq type="set" id="e1"><enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="n1">'
			+ `<encrypt xmlns="tigase:push:encrypt:0" alg="aes-128-gcm"${attributes}>${key}</encrypt></enable></iq>`);
		world.pass(0);
		const [answer] = phone.take();
		return condition(answer) ?? answer!.attrs.type!;
	}

	/** The pushes for a message that nobody is connected for. */
	function pushes({ world, phone, app }: Set, content = "<body>Hello</body>"): Element[] {
		if (phone.client.connected) phone.client.disconnect();
		const romeo = world.phone("romeo@localhost/orchard");
		romeo.send(`<message to="juliet@localhost" type="chat">${content}</message>`);
		world.pass(0);
		romeo.client.disconnect();
		return app.take();
	}

	/** Reads and changes what a registration keeps, as someone at the server would. */
	function change(world: World, encryption: unknown): void {
		world.load("changes", (module) => {
			const store = module.open_store<Record<string, { encryption?: unknown }>>("cloud_notify");
			const [data] = store.get("juliet");
			data!["push.localhost<n1"]!.encryption = encryption;
			store.set("juliet", data);
		});
	}

	function why({ world }: Set): string | undefined {
		return world.log.find(({ message }) => message.startsWith("Push was blocked"))?.message.split(": ").slice(1).join(": ");
	}

	it("pushes nothing in the clear for settings that are none any more", () => {
		const settings: [unknown, string][] = [
			[{ algorithm: "rot13", key_base64: KEY }, "Unsupported encryption algorithm: rot13"],
			[{ algorithm: "aes-128-gcm", key_base64: "AAAA" }, "Invalid encryption key"],
			[{ algorithm: "aes-128-gcm", key_base64: "?" }, "Invalid encryption key"],
			[{ algorithm: "aes-128-gcm", key_base64: 16 }, "Invalid encryption key"],
			[{ algorithm: "aes-128-gcm" }, "Invalid encryption key"],
			[{}, "Unsupported encryption algorithm"],
			[{ algorithm: {}, key_base64: KEY }, "Unsupported encryption algorithm"],
			["aes-128-gcm", "Invalid encryption settings"],
			[true, "Invalid encryption settings"],
		];
		for (const [encryption, reason] of settings) {
			const disk = createMemoryDisk();
			register(start(undefined, disk));
			change(new World(host_name, {}, disk, "13.0"), encryption);
			const set = start(undefined, disk);
			expect(pushes(set)).toEqual([]);
			expect(why(set)).toBe(reason);
			expect(set.world.errors()).toEqual([]);
		}
	});

	it("passes over a stored limit that is no number", () => {
		const disk = createMemoryDisk();
		register(start(undefined, disk));
		change(new World(host_name, {}, disk, "13.0"), { algorithm: "aes-128-gcm", key_base64: KEY, max_size: "300" });
		const [push] = pushes(start(undefined, disk), `<body>${"x".repeat(255)}</body>`);
		expect(JSON.parse(open(encrypted_in(push!)!))).toMatchObject({ message: "x".repeat(255) });
	});

	/** The module where some of its libraries are not there, or are others. */
	function beside(other: (this: void, name: string, require: Require) => unknown): ProsodyModule {
		return (module, prosody, require) => {
			mod_cloud_notify_encrypted(module, prosody, ((name: string) => other(name, require) ?? require(name as "util.crypto")) as Require);
		};
	}

	it("does not load where nothing can encrypt, and says what to install", () => {
		const without = beside((name) => {
			if (name === "util.crypto" || name === "openssl.cipher") throw new Error("module not found");
			return undefined;
		});
		expect(() => start(without)).toThrow("mod_cloud_notify_encrypted needs Prosody 13.0, or luaossl (Debian: lua-luaossl)");
	});

	it("pushes nothing in the clear where encrypting fails", () => {
		const set = start(beside((name) => name !== "util.crypto" ? undefined : {
			aes_128_gcm_encrypt: () => { throw new Error("out of order"); },
		}));
		register(set);
		expect(pushes(set)).toEqual([]);
		expect(why(set)).toBe("Encryption failed");
		expect(set.world.log.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Encryption failed: .*out of order/),
		]);
	});

	it("pushes by luaossl what a client with the key can read", () => {
		const set = start(beside((name) => {
			if (name === "util.crypto") throw new Error("module not found");
			return undefined;
		}));
		register(set);
		const [push] = pushes(set);
		expect(JSON.parse(open(encrypted_in(push!)!))).toEqual({ unread: 1, type: "chat", sender: "romeo@localhost", message: "Hello" });
	});

	/** A module beside it that is told of pushes. */
	function handler(world: World, priority: number, handle: (event: CloudNotifyPushEvent) => unknown): void {
		world.load(`beside${priority}`, (module: ModuleApi) => module.hook("cloud_notify/push", handle, priority));
	}

	it("tells modules after it that a call is important, and takes from those before it how much is unread", () => {
		const set = start();
		handler(set.world, 2, (event) => {
			event.important = false;
			event.push_summary["message-count"] = "7";
			return undefined;
		});
		const seen: boolean[] = [];
		handler(set.world, 0, (event) => {
			seen.push(event.important);
			return undefined;
		});
		register(set);
		const [message] = pushes(set);
		const [call] = pushes(set, PROPOSE.replace("%", "audio"));
		expect(seen).toEqual([false, true]);
		expect(JSON.parse(open(encrypted_in(message!)!))).toMatchObject({ unread: 7 });
		expect(JSON.parse(open(encrypted_in(call!)!))).toMatchObject({ unread: 7, media: ["audio"] });
	});

	it("writes 1 for a count that is none", () => {
		for (const count of ["", "NaN", "-1", "1.5", "1e3", "many"]) {
			const set = start();
			handler(set.world, 2, (event) => {
				event.push_summary["message-count"] = count;
				return undefined;
			});
			register(set);
			expect(JSON.parse(open(encrypted_in(pushes(set)[0]!)!))).toMatchObject({ unread: 1 });
		}
	});

	it("leaves what other modules added", () => {
		const set = start();
		handler(set.world, 2, (event) => {
			event.notification_payload.text_tag("priority", "high", { xmlns: "tigase:push:priority:0" });
			return undefined;
		});
		register(set);
		const xml = String(pushes(set)[0]);
		expect(xml).toMatch(/<priority xmlns="tigase:push:priority:0">high<\/priority><encrypted /);
		expect(xml).not.toContain("jabber:x:data");
	});

	it("is not taken in by what looks like a carbon copy", () => {
		const set = start();
		register(set);
		const inner = '<message xmlns="jabber:client" from="nurse@localhost" type="chat"><body>Forged</body></message>';
		const [push] = pushes(set, `<received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">${inner}</forwarded></received><body>Mine</body>`);
		expect(JSON.parse(open(encrypted_in(push!)!))).toMatchObject({ sender: "romeo@localhost", message: "Mine" });
	});

	it("reads thousands of media in little time, each once", () => {
		const set = start();
		register(set);
		const many = Array.from({ length: 3000 }, (_, index) => PROPOSE.replace(/.*(<description.*)<\/propose>/, "$1").replace("%", `m${index}`));
		const [push] = pushes(set, PROPOSE.replace(/<description.*(?=<\/propose>)/, many.join("")));
		const json = open(encrypted_in(push!)!);
		expect(Buffer.byteLength(json)).toBeLessThanOrEqual(3000);
		const { media } = JSON.parse(json) as { media: string[] };
		expect(media.slice(0, 3)).toEqual(["m0", "m1", "m2"]);
		expect(media.length).toBeGreaterThan(300);
	}, 20_000);

	it("refuses keys of any other length, and says none of them in the log", () => {
		const set = start();
		const lengths = [0, 1, 8, 15, 17, 18, 24, 32];
		const keys = lengths.map((length) => Buffer.alloc(length, "k").toString("base64"));
		expect(keys.map((key) => register(set, key))).toEqual(lengths.map(() => "bad-request"));
		expect(register(set, KEY, ' max-size="500"')).toBe("result");
		expect(encrypted_in(pushes(set)[0]!)).toBeDefined();
		// What Prosody itself writes of every stanza is for its operator to turn off.
		const log = set.world.log.map(({ message }) => message).filter((message) => !message.startsWith("Received[c2s]")).join("\n");
		for (const key of [...keys.filter((key) => key !== ""), KEY, Buffer.from(KEY, "base64").toString()]) expect(log.includes(key)).toBe(false);
	});
});
