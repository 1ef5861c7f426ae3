import { describe, expect, it } from "vitest";
import { createFengariHost } from "../../bridge/fengari";
import { createNodeHost } from "../../bridge/node";
import { createTestMachine } from "./machine";

describe.each([["Node", createNodeHost], ["Lua", createFengariHost]])("util.ip on %s", (_, createHost) => {
	const { new_ip, parse_cidr, match } = createHost(createTestMachine()).require("util.ip");

	it.each([
		["127.0.0.1", "IPv4", "127.0.0.1", undefined],
		["::1", "IPv6", "::1", undefined],
		["::", "IPv6", "::", undefined],
		["FE80::1%eth0", "IPv6", "fe80::1", "eth0"],
		["2001:db8:0:0:1:0:0:1", "IPv6", "2001:db8::1:0:0:1", undefined],
		["2001:db8:0:1:1:1:1:1", "IPv6", "2001:db8:0:1:1:1:1:1", undefined],
		["1:0:0:2::3", "IPv6", "1:0:0:2::3", undefined],
		["64:ff9b::10.0.0.1", "IPv6", "64:ff9b::a00:1", undefined],
		["::ffff:127.0.0.1", "IPv6", "::ffff:127.0.0.1", undefined],
		["::ffff:7f00:1", "IPv6", "::ffff:127.0.0.1", undefined],
		["::127.0.0.1", "IPv6", "::127.0.0.1", undefined],
		["1::", "IPv6", "1::", undefined],
	])("reads %s", (text, proto, normal, zone) => {
		const [ip] = new_ip(text);
		expect([ip?.proto, ip?.normal, ip?.zone, ip?.addr]).toEqual([proto, normal, zone, text.replace(/%.*/, "")]);
	});

	it.each([
		"", " ", "abc", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01", "127.0.0.1 ", "127.0.0.256", "[::1]",
		"1:2:3:4:5:6:7", "1::2::3", ":::", "::1/128", "12345::", "::1.2.3", "::ffff:0x7f.0.0.1", "١٢٧.0.0.1",
	])("takes %j for no address", (text) => {
		expect([...new_ip(text)]).toEqual([undefined, "Invalid argument"]);
	});

	it("holds an address to the protocol that is asked for", () => {
		expect([...new_ip("127.0.0.1", "IPv6")]).toEqual([undefined, "invalid-ipv6"]);
		expect([...new_ip("::1", "IPv4")]).toEqual([undefined, "invalid-ipv4"]);
		expect(new_ip("::1", "IPv6")[0]?.proto).toBe("IPv6");
	});

	it.each([
		["10.1.2.3", "10.0.0.0/8", true],
		["11.1.2.3", "10.0.0.0/8", false],
		["172.31.255.255", "172.16.0.0/12", true],
		["172.32.0.0", "172.16.0.0/12", false],
		["10.0.0.1", "10.0.0.1", true],
		["10.0.0.1", "10.0.0.2/32", false],
		["10.0.0.1", "::/0", true],
		["10.0.0.1", "::ffff:0:0/96", true],
		["::ffff:10.0.0.1", "10.0.0.0/8", true],
		["::ffff:11.0.0.1", "10.0.0.0/8", false],
		["::10.0.0.1", "10.0.0.0/8", false],
		["fe80::1", "fe80::/10", true],
		["fec0::1", "fe80::/10", false],
		["::1", "::1/128", true],
		["::1", "::1/127", true],
		["::2", "::1/127", false],
	])("finds whether %s is in %s: %s", (address, cidr, expected) => {
		const [prefix, bits] = parse_cidr(cidr);
		expect(match(new_ip(address)[0]!, prefix!, bits)).toBe(expected);
	});

	it("reads what stands behind a slash", () => {
		expect(parse_cidr("10.0.0.0/8")[1]).toBe(8);
		expect(parse_cidr("10.0.0.0")[1]).toBeUndefined();
		expect(parse_cidr("10.0.0.0/x")[1]).toBeUndefined();
		expect(parse_cidr("10/8")[0]).toBeUndefined();
	});
});
