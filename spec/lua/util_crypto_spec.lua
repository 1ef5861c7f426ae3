-- Prosody has this library from 13.0 on.
describe("util.crypto #ours", function ()
	local crypto;
	lazy_setup(function ()
		crypto = require "util.crypto";
	end);

	-- Keys are generated for agreeing on secrets; those that sign P-256 come from PEM.
	local function new_signing_key(generate)
		return crypto.import_private_pem(crypto[generate]():private_pem());
	end

	describe("keys", function ()
		it("have a type, and go to PEM and back", function ()
			for generate, key_type in pairs {
				generate_p256_keypair = "id-ecPublicKey", generate_ed25519_keypair = "ED25519",
			} do
				local key = crypto[generate]();
				assert.equal(key_type, key:get_type());
				assert.matches("^%-%-%-%-%-BEGIN PRIVATE KEY", key:private_pem());
				assert.equal(key:private_pem(), crypto.import_private_pem(key:private_pem()):private_pem());
				assert.equal(key:public_pem(), crypto.import_public_pem(key:public_pem()):public_pem());
			end
		end);

		it("are other ones each time", function ()
			assert.not_equal(crypto.generate_p256_keypair():private_pem(), crypto.generate_p256_keypair():private_pem());
		end);

		it("keep to themselves what they have not", function ()
			local public = crypto.import_public_pem(crypto.generate_p256_keypair():public_pem());
			assert.error_matches(function () public:private_pem(); end, "private key expected, got public key only");
		end);

		it("are not made of anything else", function ()
			assert.is_nil((crypto.import_private_pem("no key")));
			assert.is_nil((crypto.import_public_pem("")));
			assert.is_nil((crypto.import_public_ec_raw("\4", "P-256")));
		end);

		it("have a raw form of 65 bytes", function ()
			local key = crypto.generate_p256_keypair();
			local raw = key:public_raw();
			assert.equal(65, #raw);
			assert.equal("\4", raw:sub(1, 1));
			assert.equal(key:public_pem(), crypto.import_public_ec_raw(raw, "P-256"):public_pem());
		end);

		it("derive one secret in pairs", function ()
			local alice, bob = crypto.generate_p256_keypair(), crypto.generate_p256_keypair();
			local secret = alice:derive(bob);
			assert.equal(32, #secret);
			assert.equal(secret, bob:derive(alice));
			assert.not_equal(secret, alice:derive(alice));
		end);
	end);

	describe("signatures", function ()
		for scheme, generate in pairs { ed25519 = "generate_ed25519_keypair", ecdsa_sha256 = "generate_p256_keypair" } do
			describe(scheme, function ()
				local key, sign, verify;
				lazy_setup(function ()
					key = new_signing_key(generate);
					sign, verify = crypto[scheme.."_sign"], crypto[scheme.."_verify"];
				end);

				it("are verified with the public half", function ()
					local signature = sign(key, "message\0\255");
					assert.is_true(verify(crypto.import_public_pem(key:public_pem()), "message\0\255", signature));
				end);

				it("do not fit other messages or keys", function ()
					local signature = sign(key, "message");
					assert.is_false(verify(key, "another", signature));
					assert.is_false(verify(new_signing_key(generate), "message", signature));
				end);
			end);
		end

		it("want a key of their type", function ()
			local generated, imported = crypto.generate_p256_keypair(), new_signing_key "generate_p256_keypair";
			assert.error_matches(function () crypto.ed25519_sign(imported, "x"); end,
				"unexpected key type: got 'id-ecPublicKey', expected 'ED25519'", 1, true);
			assert.error_matches(function () crypto.ecdsa_sha256_sign(generated, "x"); end,
				"unexpected key type: got 'prime256v1', expected 'id-ecPublicKey'", 1, true);
		end);

		it("are taken apart and put together", function ()
			local signature = crypto.ecdsa_sha256_sign(new_signing_key "generate_p256_keypair", "message");
			local r, s = crypto.parse_ecdsa_signature(signature, 32);
			assert.equal(32, #r);
			assert.equal(32, #s);
			assert.equal(signature, crypto.build_ecdsa_signature(r, s));
			assert.is_nil((crypto.parse_ecdsa_signature("no signature", 32)));
		end);
	end);

	describe("ciphers", function ()
		for name, sizes in pairs { aes_128_gcm = { 16, 12 }, aes_256_gcm = { 32, 12 } } do
			describe(name, function ()
				local encrypt, decrypt, key, iv;
				lazy_setup(function ()
					encrypt, decrypt = crypto[name.."_encrypt"], crypto[name.."_decrypt"];
					key, iv = ("k"):rep(sizes[1]), ("i"):rep(sizes[2]);
				end);

				it("decrypts what it encrypted, with a tag of 16 bytes", function ()
					local ciphertext = encrypt(key, iv, "text\0\255");
					assert.equal(6 + 16, #ciphertext);
					assert.equal("text\0\255", decrypt(key, iv, ciphertext));
				end);

				it("notices a changed byte", function ()
					local ciphertext = encrypt(key, iv, "text");
					local changed = string.char(ciphertext:byte() ~ 1)..ciphertext:sub(2);
					assert.same({ nil, "verify-failed" }, { decrypt(key, iv, changed) });
				end);

				it("wants keys and nonces of their size", function ()
					assert.error_matches(function () encrypt("short", iv, "text"); end, "key must be "..sizes[1].." bytes");
					assert.error_matches(function () encrypt(key, "short", "text"); end, "iv must be 12 bytes");
					assert.error_matches(function () decrypt(key, iv, "short"); end, "ciphertext must be at least 16 bytes");
				end);
			end);
		end

		it("encrypts to what is published (McGrew and Viega, test case 2)", function ()
			local zeros = ("\0"):rep(16);
			local ciphertext = crypto.aes_128_gcm_encrypt(zeros, ("\0"):rep(12), zeros);
			assert.equal("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
				(ciphertext:gsub(".", function (byte) return ("%02x"):format(byte:byte()); end)));
		end);
	end);
end);
