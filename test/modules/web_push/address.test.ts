import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { public_address_checker } from "../../../modules/mod_web_push/address";
import { HOST_NAMES, World } from "../../server/world";
import type { HostName } from "../../server/world";
import { isPublicV4, isPublicV6, spellV4, spellV6, v4, v6 } from "./public-addresses";

function load(host_name: HostName): (this: void, text: string) => boolean {
	let check!: (this: void, text: string) => boolean;
	new World(host_name).load("web_push", (_module, _prosody, require) => {
		check = public_address_checker(require);
	});
	return check;
}

describe.each(HOST_NAMES)("an address on %s", (host_name) => {
	const is_public = load(host_name);
	const numRuns = host_name === "node" ? 5000 : 500;

	it.each([
		"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "9.255.255.255", "223.255.255.255",
		"2606:4700:4700::1111", "2a00:1450:4001:80b::200a", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "64:ff9b::808:808",
	])("%s is public", (address) => {
		expect(is_public(address)).toBe(true);
	});

	it.each([
		"127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
		"0.0.0.0", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "240.0.0.1",
		"255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "fe80::1", "febf::1", "fc00::1", "fd00::1",
		"fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:808:808::1", "100::1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
		"64:ff9b:1::808:808", "3fff::1", "5f00::1", "4000::1",
	])("%s is not public", (address) => {
		expect(is_public(address)).toBe(false);
	});

	it.each([
		"", " ", "localhost", "8.8.8", "134744072", "0x8.8.8.8", "010.8.8.8", "8.8.8.8 ", " 8.8.8.8", "8.8.8.8.", "8.8.8.8/32",
		"8.8.8.8%lo", "2606:4700::1%lo", "[2606:4700::1]", "2606:4700::1::", "2606:4700:::1", "8.8.8.8:443", "\u0668.8.8.8", "256.1.1.1",
	])("%j is no public one", (text) => {
		expect(is_public(text)).toBe(false);
	});

	it("is public where no registry has it for another purpose (IPv4)", () => {
		fc.assert(fc.property(v4, (address) => {
			const text = spellV4(address);
			expect(is_public(text), text).toBe(isPublicV4(text));
			// Never by way of IPv6, save for a translator.
			expect(is_public(`::ffff:${text}`)).toBe(false);
			expect(is_public(`64:ff9b::${text}`)).toBe(isPublicV4(text));
		}), { numRuns });
	});

	it("is public where no registry has it for another purpose (IPv6)", () => {
		fc.assert(fc.property(v6, (address) => {
			const text = spellV6(address);
			expect(is_public(text), text).toBe(isPublicV6(address));
		}), { numRuns });
	});
});
