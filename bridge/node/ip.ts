import type { IpAddress, IpLibrary } from "../api/libraries";
import { commonPrefixBits } from "../native/common-prefix";
import { formatAddress, parseAddress } from "../native/addresses";
import { multi } from "./multi";

/** What stands before an IPv4 address that is written as an IPv6 one. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const MAPPED_BITS = MAPPED.length * 8;

class NodeIp implements IpAddress {
	readonly proto: "IPv4" | "IPv6";

	constructor(readonly addr: string, readonly packed: Uint8Array, readonly zone: string | undefined) {
		this.proto = packed.length === 4 ? "IPv4" : "IPv6";
	}

	get normal(): string {
		return formatAddress(this.packed)!;
	}

	/** The bytes as IPv6. */
	get full(): Uint8Array {
		return this.proto === "IPv6" ? this.packed : Uint8Array.from([...MAPPED, ...this.packed]);
	}

	toString(): string {
		return this.addr;
	}
}

function new_ip(text: string, proto?: string): LuaMultiReturn<[IpAddress | undefined, string?]> {
	const percent = proto === "IPv4" ? -1 : text.indexOf("%");
	const addr = percent < 0 ? text : text.slice(0, percent);
	const packed = parseAddress(addr);
	if (packed === undefined) return multi<[undefined, string]>(undefined, "Invalid argument");
	const ip = new NodeIp(addr, packed, percent < 0 ? undefined : text.slice(percent + 1));
	if (proto === undefined || proto === ip.proto) return multi<[IpAddress]>(ip);
	return multi<[undefined, string]>(undefined, `invalid-${proto.toLowerCase()}`);
}

/** The number as Lua reads it from text; nil if it is none. */
function bitsOf(text: string): number | undefined {
	return text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
}

function parse_cidr(text: string): LuaMultiReturn<[IpAddress | undefined, number?]> {
	const slash = text.indexOf("/");
	const [ip] = new_ip(slash < 0 ? text : text.slice(0, slash));
	return multi<[IpAddress | undefined, number?]>(ip, slash < 0 ? undefined : bitsOf(text.slice(slash + 1)));
}

function match(address: IpAddress, prefix: IpAddress, bits?: number): boolean {
	const [left, right] = [address as NodeIp, prefix as NodeIp];
	if (bits === undefined || bits >= 128 || right.proto === "IPv4" && bits >= 32) {
		return Buffer.compare(left.packed, right.packed) === 0;
	}
	if (bits < 1) return true;
	if (left.proto === right.proto) return commonPrefixBits(left.packed, right.packed) >= bits;
	return commonPrefixBits(left.full, right.full) >= bits + (right.proto === "IPv4" ? MAPPED_BITS : 0);
}

/** `util.ip`. */
export const ipLibrary: IpLibrary = { new_ip, parse_cidr, match };
