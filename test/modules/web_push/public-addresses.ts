import fc from "fast-check";
import { BlockList } from "node:net";

// IANA's registries of special-purpose addresses (2025), of IPv4's multicast and reserved space, and of what of IPv6 is
// global unicast: written down here once more, by the registries' names.
const SPECIAL_V4: [string, number][] = [
	["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16], ["172.16.0.0", 12],
	["192.0.0.0", 24], ["192.0.2.0", 24], ["192.31.196.0", 24], ["192.52.193.0", 24], ["192.88.99.0", 24],
	["192.168.0.0", 16], ["192.175.48.0", 24], ["198.18.0.0", 15], ["198.51.100.0", 24], ["203.0.113.0", 24],
	["224.0.0.0", 4], ["240.0.0.0", 4], ["255.255.255.255", 32],
];
const SPECIAL_V6: [string, number][] = [
	["::1", 128], ["::", 128], ["::ffff:0:0", 96], ["64:ff9b:1::", 48], ["100::", 64], ["100:0:0:1::", 64], ["2001::", 23],
	["2001::", 32], ["2001:1::1", 128], ["2001:1::2", 128], ["2001:1::3", 128], ["2001:2::", 48], ["2001:3::", 32],
	["2001:4:112::", 48], ["2001:10::", 28], ["2001:20::", 28], ["2001:30::", 28], ["2001:db8::", 32], ["2002::", 16],
	["2620:4f:8000::", 48], ["3fff::", 20], ["5f00::", 16], ["fc00::", 7], ["fe80::", 10], ["fec0::", 10], ["ff00::", 8],
	["3ffe::", 16],
];

// Two, since IPv4 beside IPv6 counts as mapped there.
const listV4 = new BlockList();
for (const [network, bits] of SPECIAL_V4) listV4.addSubnet(network, bits, "ipv4");
const listV6 = new BlockList();
for (const [network, bits] of SPECIAL_V6) listV6.addSubnet(network, bits, "ipv6");
const unicast = new BlockList();
unicast.addSubnet("2000::", 3, "ipv6");

export const spellV4 = (address: number): string => [24, 16, 8, 0].map((bits) => (address >>> bits) & 0xff).join(".");
export const spellV6 = (address: bigint): string => {
	const groups = address.toString(16).padStart(32, "0").match(/.{4}/g)!;
	return groups.map((group) => group.replace(/^0{1,3}/, "")).join(":");
};

function numberOfV6(text: string): bigint {
	const [before, after = ""] = text.split("::") as [string, string?];
	const [head, tail] = [before, after].map((part) => (part === "" ? [] : part.split(":")));
	const groups = [...head!, ...Array<string>(8 - head!.length - tail!.length).fill("0"), ...tail!];
	return BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`);
}

const numberOfV4 = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** IPv4 addresses as numbers, many of them at the ends of blocks. */
export const v4 = fc.oneof(
	fc.integer({ min: 0, max: 0xffff_ffff }),
	// The first and last of each block, and what is beside them.
	fc.tuple(fc.constantFrom(...SPECIAL_V4), fc.constantFrom(-1, 0, 1), fc.boolean()).map(([[network, bits], by, last]) =>
		(numberOfV4(network) + (last ? 2 ** (32 - bits) - 1 : 0) + by + 2 ** 32) % 2 ** 32),
);
/** IPv6 addresses, likewise. */
export const v6 = fc.oneof(
	fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
	fc.bigInt({ min: 0n, max: 2n ** 125n - 1n }).map((address) => address + 2n ** 125n),
	fc.tuple(
		fc.constantFrom(...SPECIAL_V6, ["2000::", 3] as [string, number], ["64:ff9b::", 96] as [string, number]),
		fc.constantFrom(-1n, 0n, 1n), fc.boolean(),
	).map(([[network, bits], by, last]) =>
		(numberOfV6(network) + (last ? 2n ** BigInt(128 - bits) - 1n : 0n) + by + 2n ** 128n) % 2n ** 128n),
);
const NAT64 = numberOfV6("64:ff9b::");

export const isPublicV4 = (text: string): boolean => !listV4.check(text, "ipv4");
export function isPublicV6(address: bigint): boolean {
	const text = spellV6(address);
	if (address >> 32n === NAT64 >> 32n) return isPublicV4(spellV4(Number(address & 0xffff_ffffn)));
	return unicast.check(text, "ipv6") && !listV6.check(text, "ipv6");
}
