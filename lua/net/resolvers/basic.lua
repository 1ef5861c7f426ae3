--- The addresses of a host name (Prosody's net.resolvers.basic), over what the machine knows of names.

local idna_to_ascii = require "util.encodings".idna.to_ascii;
local machine = require "bridge.machine";
local net = require "util.net";

local families = { [4] = "4", [16] = "6" };

local resolver_methods = {};
local resolver_mt = { __index = resolver_methods };

local function resolve(name, answer)
	if machine.resolve then
		machine:resolve(name, answer);
	else
		answer(name == "localhost" and { "127.0.0.1" } or {});
	end
end

local function new_target(resolver, packed)
	return { conn_type = resolver.conn_type..families[#packed], ip = net.ntop(packed) };
end

-- IPv6 and IPv4 in turn, IPv6 first.
local function in_turn(addresses)
	local by_family, merged = { ["4"] = {}, ["6"] = {} }, {};
	for _, address in ipairs(addresses) do
		local packed = net.pton(address);
		if packed then table.insert(by_family[families[#packed]], packed); end
	end
	for i = 1, math.max(#by_family["4"], #by_family["6"]) do
		table.insert(merged, by_family["6"][i]);
		table.insert(merged, by_family["4"][i]);
	end
	return merged;
end

local function pass(resolver, callback)
	local target = table.remove(resolver.targets, 1);
	if target then
		callback(target.conn_type, target.ip, resolver.port, resolver.extra, resolver.targets[1] ~= nil);
	else
		callback(nil);
	end
end

--- Calls back with the next address: conn_type, ip, port, extra and whether there is another; with nil after the last.
function resolver_methods:next(callback)
	if self.targets then return pass(self, callback); end
	if not self.hostname then
		self.last_error = "hostname failed IDNA";
		return callback(nil);
	end
	resolve(self.hostname, function (addresses)
		self.targets = {};
		for _, packed in ipairs(in_turn(addresses)) do
			table.insert(self.targets, new_target(self, packed));
		end
		pass(self, callback);
	end);
end

--- A resolver of a name, or of an address, which may be in the brackets that IPv6 has in URLs.
local function new(hostname, port, conn_type, extra)
	local resolver = setmetatable({
		hostname = idna_to_ascii(hostname), port = port, conn_type = conn_type or "tcp", extra = extra or {};
	}, resolver_mt);
	local packed = net.pton(hostname) or net.pton(hostname:match("^%[(.*)%]$") or "");
	if packed then resolver.targets = { new_target(resolver, packed) }; end
	return resolver;
end

return { new = new };
