local base64 = require "util.encodings".base64;
local hashes = require "util.hashes";
local jwt = require "util.jwt";

local function base64url(text)
	return (base64.encode(text):gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" }));
end

-- A token of any header and payload, with a good signature.
local function forge(key, header, payload)
	local signed = base64url(header).."."..base64url(payload);
	return signed.."."..base64url(hashes.hmac_sha256(key, signed));
end

local hs256 = '{"alg":"HS256","typ":"JWT"}';

describe("util.jwt", function ()
	describe("sign and verify", function ()
		local token;
		before_each(function ()
			token = jwt.sign("secret", { sub = "juliet" });
		end);

		it("makes three parts for URLs", function ()
			assert.matches("^[%w_-]+%.[%w_-]+%.[%w_-]+$", token);
		end);

		it("agree on the payload", function ()
			local ok, payload = jwt.verify("secret", token);
			assert.is_true(ok);
			assert.equal("juliet", payload.sub);
		end);

		it("disagree on another key", function ()
			assert.same({ false, "signature-mismatch" }, { jwt.verify("other", token) });
		end);

		it("notice another payload", function ()
			local header, _, signature = token:match("^(.*)%.(.*)%.(.*)$");
			local changed = header.."."..base64url('{"sub":"romeo"}').."."..signature;
			assert.same({ false, "signature-mismatch" }, { jwt.verify("secret", changed) });
		end);

		for _, text in ipairs { "", "a.b", "a.b.c.d", "a b.c.d", "..", "é.b.c" } do
			it(("refuse %q"):format(text), function ()
				local ok, err = jwt.verify("secret", text);
				assert.falsy(ok);
				assert.equal("invalid-encoding", err);
			end);
		end

		it("refuse algorithms that others choose", function ()
			for _, algorithm in ipairs { "none", "HS512", "hs256", "__index" } do
				local forged = forge("secret", ('{"alg":"%s","typ":"JWT"}'):format(algorithm), '{"sub":"romeo"}');
				assert.falsy((jwt.verify("secret", forged)));
			end
			assert.truthy((jwt.verify("secret", forge("secret", hs256, '{"sub":"romeo"}'))));
		end);

		it("refuse headers and payloads that are no JSON", function ()
			assert.falsy((jwt.verify("secret", forge("secret", "alg", "{}"))));
			assert.falsy((jwt.verify("secret", forge("secret", hs256, "{"))));
		end);
	end);

	-- What came with 13.0.
	describe("signers and verifiers #ours", function ()
		local now = os.time();

		it("agree, algorithm by algorithm", function ()
			for _, algorithm in ipairs { "HS256", "HS384", "HS512" } do
				local sign, verify = jwt.new_signer(algorithm, "secret"), jwt.new_verifier(algorithm, "secret");
				local ok, payload = verify(sign { sub = "juliet" });
				assert.is_true(ok);
				assert.equal("juliet", payload.sub);
			end
		end);

		it("say when a token was made, and when it ends", function ()
			local _, payload = jwt.new_verifier("HS256", "secret")(jwt.new_signer("HS256", "secret", { default_ttl = 60 }) {});
			assert.near(now, payload.iat, 2);
			assert.equal(payload.iat + 60, payload.exp);
		end);

		it("refuse what is expired, unless told not to", function ()
			local token = jwt.new_signer("HS256", "secret") { exp = now - 10 };
			assert.same({ nil, "token-expired" }, { jwt.new_verifier("HS256", "secret")(token) });
			assert.is_true((jwt.new_verifier("HS256", "secret", { accept_expired = true })(token)));
		end);

		it("take no other algorithm", function ()
			local token = jwt.new_signer("HS512", "secret") {};
			assert.same({ nil, "unsupported-algorithm" }, { jwt.new_verifier("HS256", "secret")(token) });
			assert.has_error(function () jwt.new_signer("none", "secret"); end, "Unknown JWT algorithm: none");
		end);

		it("want a key", function ()
			assert.error_matches(function () jwt.new_signer("HS256", nil); end, "key must be string");
			assert.has_error(function () jwt.new_verifier("ES256", "no key"); end);
		end);

		it("use pairs of keys", function ()
			local key = require "util.crypto".generate_p256_keypair();
			local token = jwt.new_signer("ES256", key:private_pem()) { sub = "juliet" };
			local ok, payload = jwt.new_verifier("ES256", key:public_pem())(token);
			assert.is_true(ok);
			assert.equal("juliet", payload.sub);
			local stranger = require "util.crypto".generate_p256_keypair();
			assert.same({ false, "signature-mismatch" }, { jwt.new_verifier("ES256", stranger:public_pem())(token) });
		end);
	end);
end);
