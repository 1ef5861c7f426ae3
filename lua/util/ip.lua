--- IP addresses (Prosody's util.ip): their bytes, what range they are in, how source and destination are chosen
-- (RFC 6724, as far as Prosody has it).

local net = require "util.net";
local common_prefix_bits = require "util.strbitop".common_prefix_bits;

local getmetatable, rawset, setmetatable, tonumber = getmetatable, rawset, setmetatable, tonumber;

-- What an address knows about itself, by the field's name; worked out when it is first asked for.
local properties = {};
local ip_mt = { __name = "ip" };

function ip_mt.__index(ip, name)
	local property = properties[name];
	if not property then return nil; end
	local value = property(ip);
	rawset(ip, name, value);
	return value;
end

function ip_mt.__tostring(ip) return ip.addr; end

local function is_ip(value)
	return getmetatable(value) == ip_mt;
end

function ip_mt.__eq(a, b)
	return is_ip(a) and is_ip(b) and a.packed == b.packed;
end

local protocols = { [4] = "IPv4", [16] = "IPv6" };

--- An address from text; nil and an error for what is none, or none of this protocol.
local function new_ip(text, proto)
	local zone;
	if proto ~= "IPv4" and text:find("%", 1, true) then
		text, zone = text:match("^([^%%]*)%%(.*)$");
	end
	local packed, err = net.pton(text);
	if not packed then return nil, err; end
	if proto and proto ~= "IPv4" and proto ~= "IPv6" then return nil, "invalid protocol"; end
	local actual = protocols[#packed];
	if proto and proto ~= actual then return nil, "invalid-"..proto:lower(); end
	return setmetatable({ addr = text, packed = packed, proto = actual, zone = zone }, ip_mt);
end

--- The address and the bits of a CIDR; the address alone if it has no slash.
local function parse_cidr(text)
	local address, bits = text:match("^([^/]*)/(.*)$");
	local ip = new_ip(address or text);
	return ip, bits and tonumber(bits);
end

--- Whether two addresses share their first bits; all of them without a number. IPv4 beside IPv6 counts as mapped.
local function match(ip, prefix, bits)
	if not bits or bits >= 128 or prefix.proto == "IPv4" and bits >= 32 then
		return ip == prefix;
	elseif bits < 1 then
		return true;
	elseif ip.proto == prefix.proto then
		return common_prefix_bits(ip.packed, prefix.packed) >= bits;
	end
	return common_prefix_bits(ip.packed_full, prefix.packed_full) >= bits + (prefix.proto == "IPv4" and 96 or 0);
end

local function common_prefix_length(a, b)
	return common_prefix_bits(a.packed_full, b.packed_full);
end

function properties:normal()
	return net.ntop(self.packed);
end

function properties:toV4mapped()
	return self.proto == "IPv4" and new_ip("::ffff:"..self.normal) or nil;
end

function properties:packed_full()
	return self.proto == "IPv4" and self.toV4mapped.packed or self.packed;
end

-- The first entry of a list of { CIDR, value } that an address is in.
local function table_of(entries)
	for _, entry in ipairs(entries) do
		entry.ip, entry.bits = parse_cidr(entry[1]);
	end
	return function (ip)
		for _, entry in ipairs(entries) do
			if match(ip, entry.ip, entry.bits) then return entry; end
		end
	end
end

local link_local, site_local, global = 0x2, 0x5, 0xE;

local scope_of = {
	IPv4 = table_of { { "127.0.0.0/8", link_local }, { "169.254.0.0/16", link_local } };
	IPv6 = table_of { { "::1", link_local }, { "fe80::/10", link_local }, { "fec0::/10", site_local }, { "ff00::/10" } };
};

function properties:scope()
	local entry = scope_of[self.proto](self);
	if not entry then return global; end
	-- A multicast address says it itself.
	return entry[2] or self.packed:byte(2) % 0x10;
end

local policy = table_of {
	{ "::1", label = 0, precedence = 50 };
	{ "2002::/16", label = 2, precedence = 30 };
	{ "2001::/32", label = 5, precedence = 5 };
	{ "fc00::/7", label = 13, precedence = 3 };
	{ "fec0::/10", label = 11, precedence = 1 };
	{ "3ffe::/16", label = 12, precedence = 1 };
	{ "::/96", label = 3, precedence = 1 };
	{ "::ffff:0:0/96", label = 4, precedence = 35 };
	{ "::/0", label = 1, precedence = 40 };
};

function properties:label() return policy(self.toV4mapped or self).label; end
function properties:precedence() return policy(self.toV4mapped or self).precedence; end

local is_private = table_of { { "10.0.0.0/8" }, { "172.16.0.0/12" }, { "192.168.0.0/16" }, { "100.64.0.0/10" } };

function properties:private()
	if self.scope ~= global then return true; end
	return self.proto == "IPv4" and is_private(self) ~= nil;
end

--- The address with all bits behind the first n_bits, which are whole bytes, set to 0.
local function truncate(ip, n_bits)
	if n_bits % 8 ~= 0 then error("ip.truncate() only supports multiples of 8 bits"); end
	if not is_ip(ip) then ip = new_ip(ip); end
	local kept = n_bits / 8;
	return new_ip(net.ntop(ip.packed:sub(1, kept)..("\0"):rep(#ip.packed - kept)));
end

return {
	new_ip = new_ip;
	parse_cidr = parse_cidr;
	match = match;
	commonPrefixLength = common_prefix_length;
	is_ip = is_ip;
	truncate = truncate;
};
