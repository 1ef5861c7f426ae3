import { describe, expect, it } from "vitest";
import { createMemoryDisk } from "../../../bridge/node";
import { mod_cloud_notify } from "../../../modules/mod_cloud_notify";
import { mod_cloud_notify_away } from "../../../modules/mod_cloud_notify_away";
import { child, HOST_NAMES, HOSTS, World } from "../../server/world";
import { AwayWorld } from "./away-world";

function features(world: World): string[] {
	const phone = world.phone("juliet@localhost/phone");
	phone.send('<iq type="get" id="d1" to="juliet@localhost"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>');
	world.pass(0);
	return child(phone.take()[0], "query")!.getChildElements().map(({ attrs }) => String(attrs.var));
}

describe.each(HOST_NAMES)("mod_cloud_notify_away on %s", (host_name) => {
	it("stores that a registration is for those who are away, and nothing with the others", () => {
		const disk = createMemoryDisk();
		const world = new AwayWorld(host_name, {}, disk);
		world.load_away();
		const phone = world.phone("juliet@localhost/phone");
		const stored = (): string => disk.read("localhost", "cloud_notify", "juliet")!;
		for (const attributes of ['away="true"', 'away="1"']) {
			world.register(phone, attributes);
			expect(stored(), attributes).toContain('["away"] = true;');
		}
		for (const attributes of [
			"", 'away="false"', 'away="0"', 'away=""', 'away="True"', 'away=" true "', 'away="truetrue"', 'away="nil"',
			`away="${"1".repeat(10_000)}"`,
		]) {
			world.register(phone, attributes);
			expect(stored(), attributes).not.toContain("away");
		}
	});

	it("understands what was stored before, by whatever wrote it", () => {
		const disk = createMemoryDisk();
		disk.write("localhost", "cloud_notify", "juliet", `return {
			["push.localhost<a"] = { jid = "push.localhost", node = "a", timestamp = 3, away = true };
			["push.localhost<b"] = { jid = "push.localhost", node = "b", timestamp = 2, away = "true" };
			["push.localhost<c"] = { jid = "push.localhost", node = "c", timestamp = 1 };
		};`);
		const world = new AwayWorld(host_name, {}, disk);
		world.load_away();
		world.phone("juliet@localhost/laptop").send("<presence><show>away</show></presence>");
		world.message("<body>Hello</body><no-store xmlns='urn:xmpp:hints'/>");
		expect(world.pushed()).toEqual(["a"]);
	});

	it("is no part of the account once it is unloaded", () => {
		const world = new AwayWorld(host_name);
		world.load_away();
		world.registered();
		world.message();
		expect(world.pushed()).toEqual(["n1"]);
		world.host.unload("cloud_notify_away");
		expect(features(world)).not.toContain("tigase:push:away:0");
		world.registered();
		world.message();
		expect(world.pushed()).toEqual([]);
		expect(world.errors()).toEqual([]);
	});

	it("brings mod_cloud_notify with it", () => {
		const { machine, log } = new World(host_name);
		const host = HOSTS[host_name]({
			...machine,
			find_module: (name) => name === "cloud_notify" ? { typescript: mod_cloud_notify } : undefined,
		});
		host.load("cloud_notify_away", { typescript: mod_cloud_notify_away });
		expect(host.prosody.hosts.localhost!.modules["cloud_notify"]).toBeDefined();
		expect(log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
	});

	it("says that it does nothing with a mod_cloud_notify that does not ask it", () => {
		const world = new World(host_name);
		world.load("cloud_notify", () => undefined);
		world.load("cloud_notify_away", mod_cloud_notify_away);
		expect(world.log.filter(({ level }) => level === "warn").map(({ message }) => message))
			.toEqual(["Does nothing: the mod_cloud_notify that is loaded has no event 'cloud_notify/delivery'"]);
		expect(features(world)).not.toContain("tigase:push:away:0");
	});
});
