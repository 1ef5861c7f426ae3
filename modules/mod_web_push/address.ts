import type { IpAddress, IpLibrary, Require } from "../../bridge/api";

// The special-purpose blocks of IANA's registries (RFC 6890), those that can be reached too: no push service is in them.

/** Of IPv4: network and bits. */
const special_v4: readonly (readonly [string, number])[] = [
	["0.0.0.0", 8], // this network
	["10.0.0.0", 8], // private
	["100.64.0.0", 10], // shared by the customers of a carrier
	["127.0.0.0", 8], // loopback
	["169.254.0.0", 16], // link-local
	["172.16.0.0", 12], // private
	["192.0.0.0", 24], // IETF protocols
	["192.0.2.0", 24], // documentation
	["192.31.196.0", 24], // AS112
	["192.52.193.0", 24], // AMT
	["192.88.99.0", 24], // 6to4 relays
	["192.168.0.0", 16], // private
	["192.175.48.0", 24], // AS112
	["198.18.0.0", 15], // benchmarks
	["198.51.100.0", 24], // documentation
	["203.0.113.0", 24], // documentation
	["224.0.0.0", 4], // multicast
	["240.0.0.0", 4], // reserved, and broadcast
];

/** All that is public in IPv6, save for what follows, and what NAT64 leads to: the rest is not given out, or not for the public. */
const global_unicast = "2000::/3";

const special_v6: readonly string[] = [
	"2001::/23", // IETF protocols: Teredo, benchmarks, ORCHID and others
	"2001:db8::/32", // documentation
	"2002::/16", // 6to4
	"2620:4f:8000::/48", // AS112
	"3ffe::/16", // the 6bone
	"3fff::/20", // documentation
];

/** IPv4 behind a translator (RFC 6052, 2.1), in the last 32 bits. */
const nat64 = "64:ff9b::";
const nat64_bits = 96;

interface Block {
	network: IpAddress;
	bits: number;
}

function read_block(ip: IpLibrary, text: string): Block {
	const [network, bits] = ip.parse_cidr(text);
	if (network === undefined || bits === undefined) throw `No block of IP addresses: ${text}`;
	return { network, bits };
}

/**
 * Tells whether an IP address is a public one: not of this machine, nor of a network that only some can reach.
 * What is no address, or has a zone, is not public.
 */
export function public_address_checker(require: Require): (this: void, text: string) => boolean {
	const ip = require("util.ip");
	const blocks_v4 = special_v4.map(([network, bits]) => read_block(ip, `${network}/${String(bits)}`));
	const translated = read_block(ip, `${nat64}/${String(nat64_bits)}`);
	const blocks_translated = special_v4.map(
		([network, bits]) => read_block(ip, `${nat64}${network}/${String(nat64_bits + bits)}`),
	);
	const unicast = read_block(ip, global_unicast);
	const blocks_v6 = special_v6.map((text) => read_block(ip, text));

	const is_in = (address: IpAddress, { network, bits }: Block): boolean => ip.match(address, network, bits);
	const is_in_one = (address: IpAddress, blocks: readonly Block[]): boolean => blocks.some((block) => is_in(address, block));

	return (text) => {
		if (text.includes("%")) return false;
		const [address] = ip.new_ip(text);
		if (address === undefined) return false;
		if (address.proto === "IPv4") return !is_in_one(address, blocks_v4);
		if (is_in(address, translated)) return !is_in_one(address, blocks_translated);
		return is_in(address, unicast) && !is_in_one(address, blocks_v6);
	};
}
