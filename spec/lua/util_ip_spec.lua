require "boot";
local ip = require "util.ip";
local new_ip, parse_cidr, match = ip.new_ip, ip.parse_cidr, ip.match;

describe("util.ip", function ()
	describe("new_ip", function ()
		it("reads addresses of both protocols", function ()
			assert.equal("IPv4", new_ip("192.0.2.1").proto);
			assert.equal("IPv6", new_ip("2001:db8::1").proto);
			assert.equal("192.0.2.1", tostring(new_ip("192.0.2.1")));
		end);

		it("keeps the zone apart", function ()
			local address = new_ip("fe80::1%eth0");
			assert.equal("eth0", address.zone);
			assert.is_true(address == new_ip("fe80::1"));
		end);

		for _, text in ipairs { "", "192.0.2", "192.0.2.256", "0x7f.1", "2130706433", "example.com", "1::2::3", "::g" } do
			it(("takes %q for none"):format(text), function ()
				assert.is_nil((new_ip(text)));
			end);
		end

		it("takes no address of another protocol than it is told", function ()
			assert.is_nil((new_ip("192.0.2.1", "IPv6")));
			assert.is_nil((new_ip("2001:db8::1", "IPv4")));
		end);
	end);

	it("knows addresses that are written otherwise", function ()
		assert.is_true(new_ip("2001:db8:0:0::1") == new_ip("2001:0db8::0001"));
		assert.is_false(new_ip("192.0.2.1") == new_ip("192.0.2.2"));
	end);

	describe("match", function ()
		local function is_in(address, cidr)
			return match(new_ip(address), parse_cidr(cidr));
		end

		it("tells what is in a network", function ()
			assert.is_true(is_in("172.31.255.255", "172.16.0.0/12"));
			assert.is_false(is_in("172.32.0.0", "172.16.0.0/12"));
			assert.is_true(is_in("fdff::1", "fc00::/7"));
			assert.is_false(is_in("fe00::1", "fc00::/7"));
		end);

		it("tells an address from all others", function ()
			assert.is_true(is_in("192.0.2.1", "192.0.2.1"));
			assert.is_true(is_in("192.0.2.1", "192.0.2.1/32"));
			assert.is_false(is_in("192.0.2.2", "192.0.2.1/32"));
		end);

		it("finds mapped addresses in networks of IPv4", function ()
			assert.is_true(is_in("::ffff:10.1.2.3", "10.0.0.0/8"));
			assert.is_false(is_in("::ffff:11.1.2.3", "10.0.0.0/8"));
		end);
	end);

	it("tells what is private", function ()
		for address, is_private in pairs {
			["10.0.0.1"] = true, ["127.0.0.1"] = true, ["169.254.1.1"] = true, ["192.168.1.1"] = true, ["::1"] = true,
			["fe80::1"] = true, ["8.8.8.8"] = false, ["2a00::1"] = false,
		} do
			assert.equal(is_private, new_ip(address).private, address);
		end
	end);

	-- 0.12 lacks it.
	it("sets the last bytes to 0 #ours", function ()
		assert.equal("192.0.0.0", ip.truncate(new_ip("192.0.2.1"), 16).addr);
		assert.has_error(function () ip.truncate(new_ip("192.0.2.1"), 12); end);
	end);
end);
