-- luaossl's: in Debian a package of its own.
describe("openssl.cipher", function ()
	local cipher;
	lazy_setup(function ()
		cipher = require "openssl.cipher";
	end);

	-- An error that luaossl throws itself stays with OpenSSL, which gives it as the reason of the next refusal.
	before_each(function ()
		cipher.new "AES-128-GCM":getTag(16);
	end);

	local zeros = ("\0"):rep(16);
	local key, iv = "0123456789abcdef", "twelve bytes";

	local function hex(bytes)
		return (bytes:gsub(".", function (byte) return ("%02x"):format(byte:byte()); end));
	end

	local function encrypting()
		return cipher.new "AES-128-GCM":encrypt(key, iv);
	end

	local function decrypting(tag)
		local decrypter = cipher.new "AES-128-GCM":decrypt(key, iv);
		if tag then assert.equal(tag, decrypter:setTag(tag)); end
		return decrypter;
	end

	--- Ciphertext and tag.
	local function encrypted(text)
		local encrypter = encrypting();
		return encrypter:final(text), encrypter:getTag(16);
	end

	local function assert_refused(reason, result, message)
		assert.is_nil(result);
		assert.equal(reason, message:match(":%s?([^:]+)$"));
	end

	-- What OpenSSL says without a reason.
	local no_reason = "no OpenSSL errors set";

	describe("types", function ()
		it("are known by OpenSSL's names", function ()
			for type, length in pairs {
				["AES-128-GCM"] = 16, ["aes-128-gcm"] = 16, ["id-aes128-GCM"] = 16, ["AES-192-GCM"] = 24, ["AES-256-GCM"] = 32,
			} do
				local made = cipher.new(type);
				assert.equal(made, made:encrypt(("k"):rep(length), iv), type);
			end
		end);

		it("are refused if there is no such cipher", function ()
			assert.error_matches(function () cipher.new "AES-129-GCM"; end, "AES-129-GCM: invalid cipher type", 1, true);
			assert.error_matches(function () cipher.new "\255"; end, "invalid cipher type", 1, true);
			assert.error_matches(function () cipher.new(); end, "string expected, got no value", 1, true);
		end);
	end);

	describe("encrypts to what is published", function ()
		it("(McGrew and Viega, test case 1)", function ()
			local encrypter = cipher.new "AES-128-GCM":encrypt(zeros, zeros:sub(1, 12));
			assert.equal("", encrypter:final());
			assert.equal("58e2fccefa7e3061367f1d57a4e7455a", hex(encrypter:getTag(16)));
		end);

		it("(McGrew and Viega, test case 2)", function ()
			local encrypter = cipher.new "AES-128-GCM":encrypt(zeros, zeros:sub(1, 12));
			assert.equal("0388dace60b6a392f328c2b971b2fe78", hex(encrypter:final(zeros)));
			assert.equal("ab6e47d42cec13bdf53a67b21257bddf", hex(encrypter:getTag(16)));
		end);

		it("(McGrew and Viega, test case 14)", function ()
			local encrypter = cipher.new "AES-256-GCM":encrypt(zeros..zeros, zeros:sub(1, 12));
			assert.equal("cea7403d4d606b6e074ec5d3baf39d18", hex(encrypter:final(zeros)));
			assert.equal("d0d1c8a799996bf0265b98b5d48ab919", hex(encrypter:getTag(16)));
		end);
	end);

	describe("text", function ()
		it("comes in parts", function ()
			local ciphertext, tag = encrypted "text\0\255 and more";
			local encrypter = encrypting();
			local first = encrypter:update("text\0")..encrypter:update()..encrypter:update("\255", " and ");
			assert.equal(ciphertext, first..encrypter:final("mo", "re"));
			assert.equal(tag, encrypter:getTag(16));
		end);

		it("has to be text", function ()
			assert.error_matches(function () encrypting():update(nil); end, "string expected, got nil", 1, true);
			assert.error_matches(function () encrypting():final({}); end, "string expected, got table", 1, true);
		end);

		it("is refused before there is a key, and after the end", function ()
			assert_refused("cipher operation failed", cipher.new "AES-128-GCM":update("text"));
			assert_refused("cipher operation failed", cipher.new "AES-128-GCM":final("text"));
			assert_refused(no_reason, cipher.new "AES-128-GCM":final());
			local ended = encrypting();
			ended:final();
			assert_refused("cipher operation failed", ended:update("text"));
			assert_refused(no_reason, ended:final());
			assert.equal("", ended:update(""));
		end);

		it("begins again with a key", function ()
			local ciphertext, tag = encrypted "text";
			local encrypter = encrypting();
			encrypter:update("other text");
			assert.equal(ciphertext, encrypter:encrypt(key, iv):final("text"));
			assert.equal(tag, encrypter:getTag(16));
			assert.equal(ciphertext, encrypter:encrypt(key, iv):final("text"));
		end);
	end);

	describe("keys and IVs", function ()
		it("are not of any length", function ()
			for _, method in ipairs { "encrypt", "decrypt" } do
				local function begin(...)
					local made = cipher.new "AES-128-GCM";
					return made[method](made, ...);
				end
				assert.error_matches(function () begin("short", iv); end, "5: invalid key length (should be 16)", 1, true);
				assert.error_matches(function () begin(key.."x", iv); end, "17: invalid key length (should be 16)", 1, true);
				assert.error_matches(function () begin(nil, iv); end, "string expected, got nil", 1, true);
				assert.error_matches(function () begin(key); end, "0: invalid IV length (should be 12)", 1, true);
				assert.error_matches(function () begin(key, ""); end, "0: invalid IV length (should be 12)", 1, true);
				assert.error_matches(function () begin(key, ("i"):rep(129)); end, "129: invalid IV length (should be 12)", 1, true);
			end
		end);

		it("are the cipher's, but for the length of an IV", function ()
			for _, other in ipairs { "i", ("i"):rep(16), ("i"):rep(128) } do
				local encrypter = cipher.new "AES-128-GCM":encrypt(key, other);
				local ciphertext, tag = encrypter:final("text"), encrypter:getTag(16);
				local decrypter = cipher.new "AES-128-GCM":decrypt(key, other);
				decrypter:setTag(tag);
				assert.equal("text", decrypter:final(ciphertext));
			end
		end);

		it("stay as they are if another is refused", function ()
			local encrypter = encrypting();
			pcall(encrypter.encrypt, encrypter, "short", iv);
			pcall(encrypter.encrypt, encrypter, key, "");
			assert.equal((encrypted "text"), encrypter:final("text"));
		end);
	end);

	describe("tags", function ()
		it("are there at the end, as long as is asked", function ()
			local encrypter = encrypting();
			assert_refused("invalid tag", encrypter:getTag(16));
			encrypter:update("text");
			assert_refused("invalid tag", encrypter:getTag(16));
			encrypter:final();
			local tag = encrypter:getTag(16);
			assert.equal(16, #tag);
			assert.equal(tag:sub(1, 12), encrypter:getTag(12));
			assert.equal(tag:sub(1, 1), encrypter:getTag(1));
			assert_refused("invalid tag", encrypter:getTag(0));
			assert_refused("invalid tag", encrypter:getTag(17));
			assert.error_matches(function () encrypter:getTag(); end, "number expected, got no value", 1, true);
		end);

		it("let what was encrypted be decrypted", function ()
			local ciphertext, tag = encrypted "text\0\255";
			assert.equal("text\0\255", decrypting(tag):final(ciphertext));
			assert.equal("text\0\255", decrypting(tag:sub(1, 4)):final(ciphertext));
			local decrypter = decrypting();
			assert.equal("text", decrypter:update(ciphertext:sub(1, 4)));
			decrypter:setTag(tag);
			assert.equal("\0\255", decrypter:final(ciphertext:sub(5)));
		end);

		it("show what was changed", function ()
			local ciphertext, tag = encrypted "text";
			local other_text, other_tag = encrypted "tex!";
			assert_refused(no_reason, decrypting(tag):final(other_text));
			assert_refused(no_reason, decrypting(other_tag):final(ciphertext));
			assert_refused(no_reason, decrypting(zeros):final(ciphertext));
			assert_refused(no_reason, decrypting(zeros:sub(1, 4)):final(ciphertext));
		end);

		it("are needed", function ()
			local ciphertext, tag = encrypted "text";
			local decrypter = decrypting();
			assert_refused(no_reason, decrypter:final(ciphertext));
			decrypter:setTag(tag);
			assert.equal("", decrypter:final());
		end);

		it("belong to who decrypts, or who encrypted", function ()
			local _, tag = encrypted "text";
			assert_refused("invalid tag", encrypting():setTag(tag));
			assert_refused("invalid tag", decrypting(tag):getTag(16));
			assert_refused("invalid tag", decrypting():setTag(""));
			assert_refused("failed to get parameter", decrypting():setTag(tag.."x"));
			assert.error_matches(function () decrypting():setTag(); end, "string expected, got no value", 1, true);
		end);

		it("stay until there is another", function ()
			local ciphertext, tag = encrypted "text";
			local both = encrypting();
			both:final("text");
			assert.equal("text", both:decrypt(key, iv):final(ciphertext));
			assert.equal(tag, both:encrypt(key, iv):getTag(16));
			local given = cipher.new "AES-128-GCM";
			given:setTag(tag);
			assert.equal("text", given:decrypt(key, iv):final(ciphertext));
			assert.equal("text", given:decrypt(key, iv):final(ciphertext));
		end);
	end);

	it("has methods of its own objects alone", function ()
		local expected = "EVP_CIPHER_CTX* expected, got string";
		assert.error_matches(function () encrypting().update("text", "text"); end, expected, 1, true);
	end);
end);
