import { describe, expect, it } from "vitest";
import type { Machine, Resolver } from "../../bridge/api";
import { createFengariHost } from "../../bridge/fengari";
import { createNodeHost } from "../../bridge/node";
import { createTestMachine } from "./machine";

function addressesOf(resolver: Resolver): unknown[] {
	const addresses: unknown[] = [];
	let more = true;
	while (more) {
		resolver.next((conn_type, ip, port, _extra, another = false) => {
			if (conn_type !== undefined) addresses.push(`${conn_type} ${ip} ${port} ${another}`);
			more = conn_type !== undefined;
		});
	}
	return addresses;
}

describe.each([["Node", createNodeHost], ["Lua", createFengariHost]])("net.resolvers.basic on %s", (_, createHost) => {
	function resolversOf(resolve?: Machine["resolve"]) {
		return createHost(Object.assign(createTestMachine(), { resolve })).require("net.resolvers.basic");
	}

	it.each([
		["127.0.0.1", ["tcp4 127.0.0.1 443 false"]],
		["::FFFF:127.0.0.1", ["tcp6 ::ffff:127.0.0.1 443 false"]],
		["[2001:db8:0:0::1]", ["tcp6 2001:db8::1 443 false"]],
		["localhost", ["tcp4 127.0.0.1 443 false"]],
		["push.example", []],
		["127.1", []],
		["0x7f.0.0.1", []],
		["2130706433", []],
		["::1%lo", []],
	])("gives the addresses of %s without a machine that knows names", (hostname, addresses) => {
		expect(addressesOf(resolversOf().new(hostname, 443))).toEqual(addresses);
	});

	it("gives those that the machine knows, IPv6 first and in turn", () => {
		const asked: string[] = [];
		const { new: create } = resolversOf((name, answer) => {
			asked.push(name);
			answer(["192.0.2.1", "192.0.2.2", "nonsense", "2001:db8::1", "192.0.2.3"]);
		});
		const resolver = create("Bücher.example", 443, "udp");
		expect(addressesOf(resolver)).toEqual([
			"udp6 2001:db8::1 443 true", "udp4 192.0.2.1 443 true", "udp4 192.0.2.2 443 true", "udp4 192.0.2.3 443 false",
		]);
		expect(asked).toEqual(["xn--bcher-kva.example"]);
	});

	it("says that a name is none", () => {
		const resolver = resolversOf().new("a b", 443);
		expect(addressesOf(resolver)).toEqual([]);
		expect(resolver.last_error).toBe("hostname failed IDNA");
	});

	it("can be replaced by a module, for the host's own HTTP requests", () => {
		const machine = createTestMachine();
		const given: unknown[] = [];
		machine.resolve = (_name, answer) => answer(["10.0.0.1", "192.0.2.1"]);
		machine.http = ({ resolver }) => {
			resolver.next((conn_type, ip) => given.push(conn_type === undefined ? resolver.last_error : ip));
		};
		const { require } = createHost(machine);
		const [http, resolvers] = [require("net.http"), require("net.resolvers.basic")];
		const before = resolvers.new;
		resolvers.new = (hostname, ...others) => {
			const inner = before(hostname, ...others);
			return {
				last_error: "not public",
				next(callback) {
					inner.next((conn_type, ip, ...rest) => {
						if (conn_type !== undefined && ip?.startsWith("10.") === true) this.next(callback);
						else callback(conn_type, ip, ...rest);
					});
				},
			};
		};
		http.request("https://push.example/", {}, () => undefined);
		http.request("https://10.0.0.1/", {}, () => undefined);
		resolvers.new = before;
		http.request("https://10.0.0.1/", {}, () => undefined);
		expect(given).toEqual(["192.0.2.1", "not public", "10.0.0.1"]);
	});
});
