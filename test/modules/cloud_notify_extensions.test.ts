import { describe, expect, it } from "vitest";
import type { ProsodyModule } from "../../bridge/api";
import { modules } from "../../modules";
import { mod_cloud_notify_extensions } from "../../modules/mod_cloud_notify_extensions";
import { HOST_NAMES, World } from "../server/world";
import type { HostName } from "../server/world";

const without_cryptography = ["cloud_notify", "cloud_notify_away", "cloud_notify_extensions", "cloud_notify_filters",
	"cloud_notify_priority_tag"];

/** A server that finds our modules, some of them replaced. */
function world_with(host_name: HostName, replaced: Record<string, ProsodyModule> = {}): World {
	const world = new World(host_name);
	world.machine.find_module = (name) => {
		const typescript = replaced[name] ?? modules[name];
		return typescript && { typescript };
	};
	world.restart();
	return world;
}

function loaded(world: World): string[] {
	const on_host = world.host.prosody.hosts.localhost!.modules as Record<string, unknown>;
	return Object.keys(modules).filter((name) => on_host[name] !== undefined);
}

describe.each(HOST_NAMES)("mod_cloud_notify_extensions on %s", (host_name) => {
	it("loads all extensions, and what they extend", () => {
		const world = world_with(host_name);
		world.load("cloud_notify_extensions", mod_cloud_notify_extensions);
		expect(loaded(world)).toEqual([
			"cloud_notify", "cloud_notify_away", "cloud_notify_encrypted", "cloud_notify_extensions",
			"cloud_notify_filters", "cloud_notify_priority_tag",
		]);
	});

	it("loads what can do without where nothing can be encrypted, and says so", () => {
		const world = world_with(host_name, { cloud_notify_encrypted: () => {
			throw new Error("no cryptography here");
		} });
		world.load("cloud_notify_extensions", mod_cloud_notify_extensions);
		expect(loaded(world)).toEqual(without_cryptography);
		const [told] = world.log.filter(({ source }) => source === "localhost:cloud_notify_extensions");
		expect(told).toMatchObject({ level: "error", message: "Nothing will be encrypted, as mod_cloud_notify_encrypted does not load" });
	});

	it("is reloaded whole with what it extends", () => {
		const world = world_with(host_name);
		world.load("cloud_notify_extensions", mod_cloud_notify_extensions);
		world.log.length = 0;
		world.host.reload("cloud_notify");
		const told = world.log.filter(({ message }) => message.startsWith("Auto-reloading")).map(({ source }) => source);
		for (const name of ["away", "encrypted", "filters", "priority_tag"]) expect(told).toContain(`localhost:cloud_notify_${name}`);
	});
});
