import { describe, expect, it } from "vitest";
import { createTestMachine } from "../node/machine";
import { HOSTS } from "../server/hosts";
import type { Host, ModuleSource, ProsodyModule } from "../../bridge/api";

/** A host on which these modules can be found, and what ran on it. */
function hostWith(create: typeof HOSTS.node, modules: Readonly<Record<string, readonly string[]>>): {
	host: Host; ran: string[]; sources: Readonly<Record<string, ModuleSource>>;
} {
	const ran: string[] = [];
	const source = (name: string, needed: readonly string[]): ModuleSource => {
		const typescript: ProsodyModule = (module) => {
			for (const other of needed) module.depends(other);
			ran.push(name);
		};
		return { typescript };
	};
	const sources = Object.fromEntries(Object.entries(modules).map(([name, needed]) => [name, source(name, needed)]));
	const host = create({ ...createTestMachine(), find_module: (name) => (Object.hasOwn(sources, name) ? sources[name] : undefined) });
	return { host, ran, sources };
}

describe.each(Object.entries(HOSTS))("what a module depends on, on %s", (_, create) => {
	it("is loaded from where the machine finds it", () => {
		const { host, ran, sources } = hostWith(create, { top: ["middle"], middle: ["base"], base: [] });
		host.load("top", sources.top!);
		expect(ran).toEqual(["base", "middle", "top"]);
	});

	it("may be named afterwards, once, if it comes from there", () => {
		const { host, ran, sources } = hostWith(create, { top: ["base"], base: [] });
		host.load("top", sources.top!);
		expect(() => host.load("base", { typescript: () => undefined })).toThrow("already");
		host.load("base", sources.base!);
		expect(ran).toEqual(["base", "top"]);
		expect(() => host.load("base", sources.base!)).toThrow("already");
		host.unload("base");
		host.load("base", sources.base!);
		expect(ran).toEqual(["base", "top", "base"]);
	});

	it("may be named afterwards if it was loaded before, and unloaded", () => {
		const { host, ran, sources } = hostWith(create, { top: ["base"], base: [] });
		host.load("base", sources.base!);
		host.unload("base");
		host.load("top", sources.top!);
		host.load("base", sources.base!);
		expect(ran).toEqual(["base", "base", "top"]);
		expect(() => host.load("base", sources.base!)).toThrow("already");
	});

	it("may be named afterwards if it was unloaded together with what it depends on", () => {
		const { host, ran, sources } = hostWith(create, { over: ["top"], top: ["base"], base: [] });
		host.load("base", sources.base!);
		host.load("top", sources.top!);
		host.unload("base");
		host.load("over", sources.over!);
		expect(ran).toEqual(["base", "top", "base", "top", "over"]);
		host.load("top", sources.top!);
		expect(() => host.load("top", sources.top!)).toThrow("already");
		expect(ran).toHaveLength(5);
	});

	it("may be named afterwards if it was gone because its reload failed", () => {
		const { host, ran, sources } = hostWith(create, { top: ["base"] });
		let fails = false;
		const base: ModuleSource = {
			typescript: () => {
				if (fails) throw new Error("not today");
				ran.push("base");
			},
		};
		host.load("base", base);
		fails = true;
		expect(() => host.reload("base")).toThrow("not today");
		fails = false;
		host.load("top", sources.top!);
		host.load("base", base);
		expect(ran).toEqual(["base", "base", "top"]);
	});

	it("is that which was loaded, if one was", () => {
		const { host, ran, sources } = hostWith(create, { top: ["base"], base: [] });
		host.load("base", { typescript: () => void ran.push("another base") });
		host.load("top", sources.top!);
		expect(ran).toEqual(["another base", "top"]);
	});

	it("must be somewhere", () => {
		const { host, sources } = hostWith(create, { top: ["base"] });
		expect(() => host.load("top", sources.top!)).toThrow("Unable to load required module, mod_base: there is no module of this name");
	});

	it("is reloaded from there", () => {
		const { host, ran, sources } = hostWith(create, { top: ["base"], base: [] });
		host.load("top", sources.top!);
		host.reload("base");
		expect(ran).toEqual(["base", "top", "base", "top"]);
	});
});
