import { describe, expect, it } from "vitest";
import { START, bootEnvironment } from "./environment";

describe("util.timer", () => {
	it("calls back at its time, again after what was returned", () => {
		const { run, machine } = bootEnvironment();
		run(`calls = {};
			require "util.timer".add_task(2, function (now, _, param) table.insert(calls, now); return param; end, 3)`);
		machine.clock.advance(1.9);
		expect(run("return #calls")).toBe(0);
		machine.clock.advance(6.1);
		expect(run("return table.concat(calls, ' ')")).toBe(`${START + 2} ${START + 5} ${START + 8}`);
	});

	it("stops and reschedules", () => {
		const { run, machine } = bootEnvironment();
		run(`timer, fired = require "util.timer", "";
			a = timer.add_task(1, function () fired = fired.."a"; end);
			b = timer.add_task(1, function () fired = fired.."b"; end);
			c = timer.add_task(1, function (_, id) fired = fired.."c"; timer.stop(id); return 1; end);`);
		expect(run("return timer.stop(a)")).toBe(true);
		expect(run("return timer.stop(a)")).toBe(false);
		run("timer.reschedule(b, 5)");
		machine.clock.advance(4);
		expect(run("return fired")).toBe("c");
		machine.clock.advance(4);
		expect(run("return fired")).toBe("cb");
	});

	it("logs errors of callbacks and goes on", () => {
		const { run, machine } = bootEnvironment();
		run(`require "util.timer".add_task(1, function () error("oops"); end);
			require "util.timer".add_task(1, function () survived = true; end);`);
		machine.clock.advance(1);
		expect(run("return survived")).toBe(true);
		const [entry] = machine.logged.filter(({ level }) => level === "error");
		expect(entry).toMatchObject({ source: "timer" });
		expect(entry!.message).toMatch(/Error in timer: test:1: oops\n\s*stack traceback/);
	});

	it("forgets all timers when the instance stops", () => {
		const { run, machine } = bootEnvironment();
		run('require "util.timer".add_task(1, function () fired = true; return 1; end); boot.stop()');
		expect(machine.clock.next_due()).toBe(Infinity);
	});
});

describe("util.watchdog", () => {
	const NEW = 'dog = require "util.watchdog".new(10, function (self) fired = self == dog; end);';

	it("barks one second after its timeout", () => {
		const { run, machine } = bootEnvironment();
		run(NEW);
		machine.clock.advance(10.9);
		expect(run("return fired")).toBe(undefined);
		machine.clock.advance(0.1);
		expect(run("return fired")).toBe(true);
	});

	it("waits anew after a reset, and for ever when cancelled", () => {
		const { run, machine } = bootEnvironment();
		run(NEW);
		machine.clock.advance(8);
		run("dog:reset()");
		machine.clock.advance(10.5);
		expect(run("return fired")).toBe(undefined);
		machine.clock.advance(1);
		expect(run("return fired")).toBe(true);

		run(`fired = nil; ${NEW} dog:cancel()`);
		machine.clock.advance(100);
		expect(run("return fired")).toBe(undefined);
	});

	it("calls the callback that it has by then", () => {
		const { run, machine } = bootEnvironment();
		run(`${NEW} dog.callback = function () other = true; end`);
		machine.clock.advance(11);
		expect(run("return tostring(fired)..tostring(other)")).toBe("niltrue");
	});
});

describe("module:add_timer", () => {
	it("passes its arguments, and is silent once the module is unloaded", () => {
		const { run, machine } = bootEnvironment();
		run(`boot.load("timed", function (module)
			module:add_timer(1, function (now, a, b) got = a..tostring(b); return 1; end, "a", nil);
		end)`);
		machine.clock.advance(1);
		expect(run("return got")).toBe("anil");
		run('got = nil; boot.unload("timed")');
		machine.clock.advance(5);
		expect(run("return got")).toBe(undefined);
	});

	it("stops and reschedules", () => {
		const { run, machine } = bootEnvironment();
		run(`boot.load("timed", function (module)
			count = 0;
			stopped = module:add_timer(1, function () count = count + 1; end);
			later = module:add_timer(1, function () count = count + 10; end);
		end); stopped:stop(); later:reschedule(2)`);
		machine.clock.advance(1.5);
		expect(run("return count")).toBe(0);
		machine.clock.advance(1);
		expect(run("return count")).toBe(10);
	});
});

describe("net.server_select", () => {
	it("has timers, and no sockets", () => {
		const { run, machine } = bootEnvironment();
		run('server = require "net.server_select"; server.add_task(2, function () fired = true; end)');
		machine.clock.advance(3);
		expect(run("return fired")).toBe(true);
		expect(run('return select(2, server.addserver("*", 5222, {}))')).toBe("no sockets here");
	});
});
