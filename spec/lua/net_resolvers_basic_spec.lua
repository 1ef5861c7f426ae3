require "boot";
local basic = require "net.resolvers.basic";
local machine = require "bridge.machine";

-- What a resolver calls back with, until it has no more.
local function targets_of(resolver)
	local targets = {};
	repeat
		local at_end = true;
		resolver:next(function (conn_type, ip, port, extra, more)
			if not conn_type then return; end
			at_end = false;
			table.insert(targets, { conn_type, ip, port, extra, more });
		end);
	until at_end;
	return targets;
end

-- In Prosody names are looked up by libunbound.
describe("net.resolvers.basic #ours", function ()
	local resolve = machine.resolve;
	local answers = {};

	before_each(function ()
		machine.resolve = function (_, name, answer) answer(answers[name] or {}); end
	end);
	after_each(function ()
		machine.resolve = resolve;
	end);

	it("gives the addresses of a name, of both protocols in turn", function ()
		answers["example.com"] = { "192.0.2.1", "192.0.2.2", "2001:db8::1" };
		local extra = {};
		assert.same({
			{ "tcp6", "2001:db8::1", 443, extra, true },
			{ "tcp4", "192.0.2.1", 443, extra, true },
			{ "tcp4", "192.0.2.2", 443, extra, false },
		}, targets_of(basic.new("example.com", 443, "tcp", extra)));
	end);

	it("asks for the name as the DNS knows it", function ()
		answers["xn--exmple-cua.com"] = { "192.0.2.1" };
		assert.equal(1, #targets_of(basic.new("exämple.com", 443, "tcp")));
	end);

	it("has none for a name that nobody knows, or that is none", function ()
		assert.same({}, targets_of(basic.new("unknown.example", 443, "tcp")));
		local resolver = basic.new("exa mple", 443, "tcp");
		assert.same({}, targets_of(resolver));
		assert.equal("hostname failed IDNA", resolver.last_error);
	end);

	it("passes over what is no address", function ()
		answers["example.com"] = { "example.net", "192.0.2.1" };
		assert.equal(1, #targets_of(basic.new("example.com", 443, "tcp")));
	end);

	it("asks nobody for an address", function ()
		for text, expected in pairs {
			["192.0.2.1"] = { "tcp4", "192.0.2.1" }, ["2001:db8:0::1"] = { "tcp6", "2001:db8::1" }, ["[::1]"] = { "tcp6", "::1" },
		} do
			local targets = targets_of(basic.new(text, 443, "tcp"));
			assert.equal(1, #targets);
			assert.same(expected, { targets[1][1], targets[1][2] });
		end
	end);
end);
