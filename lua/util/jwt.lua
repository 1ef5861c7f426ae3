--- JSON Web Tokens (RFC 7519). Prosody 0.12 has sign and verify with HS256; signers and verifiers are 13.0's.

local base64 = require "util.encodings".base64;
local hashes = require "util.hashes";
local json = require "util.json";

-- 0.12 has no keys but shared secrets.
local has_keys, crypto = pcall(require, "util.crypto");

local url_alphabet = { ["+"] = "-", ["/"] = "_", ["="] = "" };
local base64_alphabet = { ["-"] = "+", ["_"] = "/" };

local function base64url_encode(data)
	return (base64.encode(data):gsub("[+/=]", url_alphabet));
end

local function base64url_decode(text)
	return base64.decode(text:gsub("[-_]", base64_alphabet).."==");
end

-- An algorithm has sign_bytes(key, text), verify_bytes(key, text, signature), load_private_key and load_public_key.
local algorithms = {};

local function load_secret(secret)
	assert(type(secret) == "string", "key must be string (long, random, secure)");
	return secret;
end

for _, bits in ipairs { "256", "384", "512" } do
	local hmac = hashes["hmac_sha"..bits];
	algorithms["HS"..bits] = {
		sign_bytes = hmac;
		verify_bytes = function (key, text, signature) return hashes.equals(hmac(key, text), signature); end;
		load_private_key = load_secret;
		load_public_key = load_secret;
	};
end

local function key_loader(import, key_type)
	return function (pem)
		local key = assert(import(pem), "the key is not one in PEM");
		assert(key:get_type() == key_type, "incorrect key type");
		return key;
	end
end

local function add_key_pair_algorithm(name, key_type, sign_bytes, verify_bytes)
	algorithms[name] = {
		sign_bytes = sign_bytes;
		verify_bytes = verify_bytes;
		load_private_key = key_loader(crypto.import_private_pem, key_type);
		load_public_key = key_loader(crypto.import_public_pem, key_type);
	};
end

local function add_rsa_algorithms(bits)
	for prefix, scheme in pairs { RS = "rsassa_pkcs1_sha", PS = "rsassa_pss_sha" } do
		local sign, verify = crypto[scheme..bits.."_sign"], crypto[scheme..bits.."_verify"];
		add_key_pair_algorithm(prefix..bits, "rsaEncryption", sign, function (key, text, signature)
			return verify(key, text, signature) == true;
		end);
	end
end

-- JWT wants the two numbers of an ECDSA signature side by side (RFC 7518, 3.4), OpenSSL makes DER.
local function add_ecdsa_algorithm(bits, number_length)
	local sign, verify = crypto["ecdsa_sha"..bits.."_sign"], crypto["ecdsa_sha"..bits.."_verify"];
	add_key_pair_algorithm("ES"..bits, "id-ecPublicKey", function (key, text)
		local r, s = crypto.parse_ecdsa_signature(sign(key, text), number_length);
		return r..s;
	end, function (key, text, signature)
		if #signature ~= 2 * number_length then return false; end
		local r, s = signature:sub(1, number_length), signature:sub(number_length + 1);
		return verify(key, text, crypto.build_ecdsa_signature(r, s)) == true;
	end);
end

if has_keys then
	for _, bits in ipairs { "256", "384", "512" } do add_rsa_algorithms(bits); end
	add_ecdsa_algorithm("256", 32);
	add_ecdsa_algorithm("512", 66);
end

local function sign_with(name, key, payload)
	local header = ('{"alg":"%s","typ":"JWT"}'):format(name);
	local signed = base64url_encode(header).."."..base64url_encode(json.encode(payload));
	return signed.."."..base64url_encode(algorithms[name].sign_bytes(key, signed));
end

-- True and the payload; false and a reason if the signature is wrong; nil and a reason for what is no such token.
local function verify_with(name, key, token)
	local signed, header_part, payload_part, signature_part = token:match("^(([%w-_]+)%.([%w-_]+))%.([%w-_]+)$");
	if not signed then return nil, "invalid-encoding"; end
	local header_text = base64url_decode(header_part);
	local header = header_text and json.decode(header_text);
	if type(header) ~= "table" then return nil, "invalid-header"; end
	if header.alg ~= name then return nil, "unsupported-algorithm"; end
	local signature = base64url_decode(signature_part);
	if not signature or not algorithms[name].verify_bytes(key, signed, signature) then
		return false, "signature-mismatch";
	end
	local payload, err = json.decode(base64url_decode(payload_part));
	if err ~= nil then return nil, "json-decode-error"; end
	return true, payload;
end

local function get_algorithm(name)
	return assert(algorithms[name], "Unknown JWT algorithm: "..name);
end

--- A function that signs payloads; it fills in "iat" and "exp".
local function new_signer(name, key, options)
	local private_key = get_algorithm(name).load_private_key(key);
	local default_ttl = options and options.default_ttl or 3600;
	return function (payload)
		local now = os.time();
		payload.iat = payload.iat or now;
		payload.exp = payload.exp or now + default_ttl;
		return sign_with(name, private_key, payload);
	end
end

local function check_claims(payload, options)
	if type(payload) ~= "table" then return nil, "invalid-payload-type"; end
	if payload.exp ~= nil and not options.accept_expired then
		if type(payload.exp) ~= "number" then return nil, "invalid-expiry"; end
		if payload.exp < os.time() then return nil, "token-expired"; end
	end
	if options.claim_verifier and not options.claim_verifier(payload) then return nil, "incorrect-claims"; end
	return true, payload;
end

local function new_verifier(name, key, options)
	local public_key = get_algorithm(name).load_public_key(key);
	return function (token)
		local ok, payload = verify_with(name, public_key, token);
		if not ok then return ok, payload; end
		return check_claims(payload, options or {});
	end
end

local function init(name, private_key, public_key, options)
	return new_signer(name, private_key, options), new_verifier(name, public_key or private_key, options);
end

local jwt = {
	sign = function (key, payload) return sign_with("HS256", key, payload); end;
	verify = function (key, token) return verify_with("HS256", key, token); end;
	-- The algorithms by name.
	_algorithms = algorithms;
};

if has_keys then
	jwt.init = init;
	jwt.new_signer = new_signer;
	jwt.new_verifier = new_verifier;
end

return jwt;
