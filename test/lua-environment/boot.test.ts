import { describe, expect, it } from "vitest";
import { START, bootEnvironment, createMachine } from "./environment";

describe("boot.lua", () => {
	it("makes the prosody table with the host localhost", () => {
		const { run } = bootEnvironment();
		expect(run("return prosody.version")).toBe("0.12.3");
		expect(run("return prosody.hosts.localhost.type")).toBe("local");
		expect(run("return tostring(prosody.hosts.localhost)")).toBe('VirtualHost "localhost"');
		expect(run("return hosts == prosody.hosts and boot.prosody == prosody")).toBe(true);
	});

	it("answers both spellings of a library with the same table", () => {
		const { run } = bootEnvironment();
		expect(run('return require "prosody.util.stanza" == require "util.stanza"')).toBe(true);
		expect(run('return require "prosody.util.hashes" == require "util.hashes"')).toBe(true);
		expect(() => run('require "prosody.util.absent"')).toThrow("module 'util.absent' not found");
	});

	it("has no library from outside of its folder", () => {
		const { run } = bootEnvironment();
		expect(run("return package.cpath")).toBe("");
		expect(run("return select(2, package.path:gsub('%?', '')) == 1")).toBe(true);
	});

	it("creates hosts and announces them", () => {
		const { run } = bootEnvironment();
		expect(run(`
			local announced;
			prosody.events.add_handler("host-activated", function (host) announced = host; end);
			boot.create_host("push.localhost", "component");
			return announced.." "..prosody.hosts["push.localhost"].type.." "..tostring(prosody.hosts["push.localhost"].sessions);
		`)).toBe("push.localhost component nil");
		expect(() => run('boot.create_host("localhost", "local")')).toThrow("already activated");
		expect(() => run('boot.create_host("x", "moon")')).toThrow("neither local nor a component");
	});

	it("says which option is no literal", () => {
		expect(() => bootEnvironment(createMachine({ options: { push_max_errors: "{" } })))
			.toThrow(/The option 'push_max_errors' is no Lua literal/);
		expect(() => bootEnvironment(createMachine({ options: { evil: "os.exit()" } })))
			.toThrow(/The option 'evil' is no Lua literal/);
	});

	it("logs to the machine", () => {
		const { run, machine } = bootEnvironment();
		run('require "util.logger".init("mod_x")("warn", "%s is %d", "it", 5)');
		expect(machine.logged.at(-1)).toEqual({ at: START, source: "mod_x", level: "warn", message: "it is 5" });
	});

	it("takes time and chance from the machine", () => {
		const { run, machine } = bootEnvironment();
		expect(run("return os.time()")).toBe(START);
		machine.clock.advance(1.5);
		expect(run("return os.time()")).toBe(START + 1);
		expect(run('return require "util.time".now()')).toBe(START + 1.5);
		const draw = 'return math.random(1000)..require "util.id".short()';
		expect(run(draw)).toBe(bootEnvironment().run(draw));
		expect(run("local x = math.random() return x >= 0 and x < 1")).toBe(true);
	});
});
