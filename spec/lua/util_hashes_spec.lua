local hashes = require "util.hashes";

-- Of the text "abc": FIPS 180-4, FIPS 202, RFC 1321, RFC 7693.
local digests = {
	md5 = "900150983cd24fb0d6963f7d28e17f72";
	sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
	sha224 = "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7";
	sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	sha384 = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
	sha512 = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		.."2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
};

-- Those that Prosody 0.12 does not have.
local newer_digests = {
	sha3_256 = "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532";
	sha3_512 = "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
		.."10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0";
	blake2s256 = "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982";
	blake2b512 = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
		.."7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
};

local function from_hex(text)
	return (text:gsub("%x%x", function (digits) return string.char(tonumber(digits, 16)); end));
end

describe("util.hashes", function ()
	local function computes(name, digest, tag)
		it("computes "..name.." as bytes and as hexadecimal text"..tag, function ()
			assert.equal(digest, hashes[name]("abc", true));
			assert.equal(from_hex(digest), hashes[name]("abc"));
			assert.equal(from_hex(digest), hashes[name]("abc", false));
		end);
	end
	for name, digest in pairs(digests) do computes(name, digest, ""); end
	for name, digest in pairs(newer_digests) do computes(name, digest, " #ours"); end

	it("hashes nothing, and any byte", function ()
		assert.equal("da39a3ee5e6b4b0d3255bfef95601890afd80709", hashes.sha1("", true));
		assert.not_equal(hashes.sha1("\255"), hashes.sha1("\254"));
		assert.not_equal(hashes.sha1("a\0b"), hashes.sha1("a\0c"));
	end);

	it("wants text", function ()
		assert.has_error(function () hashes.sha256(); end);
		assert.has_error(function () hashes.sha256({}); end);
	end);

	describe("hmac", function ()
		-- RFC 2202 and RFC 4231, test case 2.
		local key, text = "Jefe", "what do ya want for nothing?";
		for name, mac in pairs {
			hmac_md5 = "750c783e6ab0b503eaa86e310a5db738";
			hmac_sha1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
			hmac_sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
		} do
			it("computes "..name, function ()
				assert.equal(mac, hashes[name](key, text, true));
				assert.equal(from_hex(mac), hashes[name](key, text));
			end);
		end

		it("takes long keys", function ()
			-- RFC 4231, test case 6
			assert.equal("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", hashes.hmac_sha256(
				("\170"):rep(131), "Test Using Larger Than Block-Size Key - Hash Key First", true));
		end);

		it("takes empty keys", function ()
			assert.equal("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", hashes.hmac_sha256("", "", true));
		end);
	end);

	describe("pbkdf2", function ()
		it("derives keys with SHA-1 (RFC 6070)", function ()
			assert.equal(from_hex "0c60c80f961f0e71f3a9b524af6012062fe037a6", hashes.pbkdf2_hmac_sha1("password", "salt", 1));
			assert.equal(from_hex "4b007901b765489abead49d926f721d065a429c1",
				hashes.pbkdf2_hmac_sha1("password", "salt", 4096));
		end);

		it("derives keys with SHA-256", function ()
			assert.equal(from_hex "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b",
				hashes.pbkdf2_hmac_sha256("password", "salt", 1));
		end);
	end);

	describe("hkdf #ours", function ()
		it("derives keys with SHA-256 (RFC 5869, A.1)", function ()
			local salt, info = from_hex "000102030405060708090a0b0c", from_hex "f0f1f2f3f4f5f6f7f8f9";
			assert.equal(
				from_hex "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
				hashes.hkdf_hmac_sha256(42, ("\11"):rep(22), salt, info));
		end);

		it("does without a salt (RFC 5869, A.3)", function ()
			assert.equal(
				from_hex "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
				hashes.hkdf_hmac_sha256(42, ("\11"):rep(22), nil, ""));
		end);

		it("gives no more than 256 bytes", function ()
			assert.has_error(function () hashes.hkdf_hmac_sha256(257, "key", nil, ""); end);
		end);
	end);

	describe("equals", function ()
		it("compares bytes", function ()
			assert.is_true(hashes.equals("", ""));
			assert.is_true(hashes.equals("a\0\255", "a\0\255"));
			assert.is_false(hashes.equals("a\0b", "a\0c"));
			assert.is_false(hashes.equals("abc", "ab"));
			assert.is_false(hashes.equals("", "a"));
		end);
	end);
end);
