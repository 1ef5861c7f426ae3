import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { START, bootEnvironment } from "./environment";

const { run, machine } = bootEnvironment();
run(`encodings, hashes, crypto = require "util.encodings", require "util.hashes", require "util.crypto";
	function hex(bytes) return bytes and (bytes:gsub(".", function (c) return ("%02x"):format(c:byte()); end)); end
	function unhex(text) return (text:gsub("%x%x", function (c) return string.char(tonumber(c, 16)); end)); end`);

describe("util.encodings", () => {
	it.each([
		["", ""], ["Y291Y291", "coucou"], ["YW\n U=", "ae"], ["YQ==YQ==", "aa"], ["YQ=", "a"], ["=", ""],
		// What is left over without padding is dropped, as Prosody's decoder does.
		["YQ", ""], ["YWFhYQ", "aaa"], ["YW\\0Ij", ""],
	])("decodes base64 %j", (text, decoded) => {
		expect(run(`return encodings.base64.decode("${text.replace("\n", "\\n")}")`)).toBe(decoded);
	});

	it("refuses what is no base64", () => {
		expect(run('return encodings.base64.decode("YW*j")')).toBe(undefined);
		expect(run('return select("#", encodings.base64.decode("-_"))')).toBe(0);
	});

	it("encodes bytes", () => {
		expect(run('return encodings.base64.encode("\\0\\255\\128")')).toBe("AP+A");
		expect(run("return encodings.base64.encode(12)")).toBe("MTI=");
		expect(() => run("encodings.base64.encode()"))
			.toThrow("bad argument #1 to 'encode' (string expected, got no value)");
	});

	it.each([
		["ü", true], ["\\xff", false], ["\\xc0\\x80", false], ["\\xed\\xa0\\x80", false], ["\\xf4\\x90\\x80\\x80", false],
		["\\xf0\\x9f\\x98\\x80", true], ["\\xe2\\x82", false],
	])("knows whether %s is UTF-8", (text, valid) => {
		expect(run(`return encodings.utf8.valid("${text}")`)).toBe(valid);
	});

	it("measures valid UTF-8 in bytes, as Prosody does", () => {
		expect(run('return encodings.utf8.length("åäö")')).toBe(6);
		expect(run('return select(2, encodings.utf8.length("\\xff"))')).toBe("invalid utf8");
	});

	it("prepares strings", () => {
		expect(run('return encodings.stringprep.nodeprep("JULIET")')).toBe("juliet");
		expect(run('return encodings.stringprep.nodeprep("a@b")')).toBe(undefined);
		expect(run('return encodings.stringprep.nodeprep("\\xff")')).toBe(undefined);
		expect(run('return encodings.stringprep.resourceprep("😀")')).toBe("😀");
		expect(run('return encodings.stringprep.resourceprep("😀", true)')).toBe(undefined);
		expect(() => run('encodings.stringprep.nodeprep("x", 1)')).toThrow("boolean expected");
	});

	it.each([
		["bücher.example", "xn--bcher-kva.example", "bücher.example"],
		["Faß", "fass", "fass"],
		["EXAMPLE.com.", "example.com.", "example.com."],
		["xn--fiq228c.com", "xn--fiq228c.com", "中文.com"],
		["中文。com", "xn--fiq228c.com", "中文.com"],
		["a_b", undefined, undefined], ["-a", undefined, undefined], ["ab--c", undefined, undefined],
		["a..b", undefined, undefined], ["", undefined, undefined], ["xn--a", undefined, undefined],
		["a".repeat(64), undefined, "a".repeat(64)],
	])("converts the domain %j", (domain, ascii, unicode) => {
		expect(run("return encodings.idna.to_ascii(...)", domain)).toBe(ascii);
		expect(run("return encodings.idna.to_unicode(...)", domain)).toBe(unicode);
	});

	it("says that it has no confusables", () => {
		expect(() => run('encodings.confusable.skeleton("a")')).toThrow("needs ICU's tables");
	});
});

describe("util.hashes", () => {
	it.each([
		["md5", "900150983cd24fb0d6963f7d28e17f72"],
		["sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"],
		["sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"],
		["sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
		["sha3_256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"],
		["blake2s256", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"],
	])("%s of abc", (name, digest) => {
		expect(run(`return hashes.${name}("abc", true)`)).toBe(digest);
		expect(run(`return hex(hashes.${name}("abc"))`)).toBe(digest);
	});

	it("authenticates (RFC 4231, test case 2)", () => {
		expect(run('return hashes.hmac_sha256("Jefe", "what do ya want for nothing?", true)'))
			.toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	});

	it("derives keys (RFC 6070; RFC 5869, A.1)", () => {
		expect(run('return hex(hashes.pbkdf2_hmac_sha1("password", "salt", 2))'))
			.toBe("ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
		expect(run('return hashes.scram_Hi_sha1("password", "salt", 2) == hashes.pbkdf2_hmac_sha1("password", "salt", 2)'))
			.toBe(true);
		expect(run(`return hex(hashes.hkdf_hmac_sha256(
			42, ("\\11"):rep(22), unhex("000102030405060708090a0b0c"), unhex("f0f1f2f3f4f5f6f7f8f9")))`))
			.toBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
		expect(run('return #hashes.hkdf_hmac_sha384(256, "a", nil, "")')).toBe(256);
		expect(() => run('hashes.hkdf_hmac_sha256(257, "a", "b", "c")')).toThrow("exceeds internal limit 256");
		expect(() => run('hashes.pbkdf2_hmac_sha1("a", "b", 0)')).toThrow("bad argument #3");
	});

	it("compares", () => {
		expect(run('return hashes.equals("abc", "abc")')).toBe(true);
		expect(run('return hashes.equals("abc", "abd") or hashes.equals("abc", "ab")')).toBe(false);
	});
});

describe("util.crypto", () => {
	const P256_PRIVATE = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
-----END PRIVATE KEY-----
`;
	const P256_PUBLIC = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----
`;

	it("imports and exports keys", () => {
		run("private = crypto.import_private_pem(...)", P256_PRIVATE);
		run("public = crypto.import_public_pem(...)", P256_PUBLIC);
		expect(run("return private:get_type()..' '..public:get_type()")).toBe("id-ecPublicKey id-ecPublicKey");
		expect(run("return private:private_pem()")).toBe(P256_PRIVATE);
		expect(run("return private:public_pem() == public:public_pem() and public:public_pem()")).toBe(P256_PUBLIC);
		expect(run("return #public:public_raw()..' '..public:public_raw():byte()")).toBe("65 4");
		expect(run('return crypto.import_public_ec_raw(public:public_raw(), "P-256"):public_pem()')).toBe(P256_PUBLIC);
		expect(run(`local raw = public:public_raw();
			local compressed = string.char(2 + raw:byte(-1) % 2)..raw:sub(2, 33);
			return crypto.import_public_ec_raw(compressed, "prime256v1"):public_raw() == raw`)).toBe(true);
		expect(run('return require "util.encodings".base64.encode(private:derive(public))'))
			.toBe("n1v4KeKmOVwjC67fiKtjJnqcEaasbpZa2fLPNHW51co=");
		expect(run("return tostring(private)")).toMatch(/^util.crypto key: /);
	});

	it("refuses what is no such key", () => {
		expect(run("return crypto.import_private_pem(...)", P256_PUBLIC)).toBe(undefined);
		expect(run("return crypto.import_public_pem(...)", P256_PRIVATE)).toBe(undefined);
		expect(run('return crypto.import_private_pem("") or crypto.import_public_pem("foo")')).toBe(undefined);
		expect(run('return crypto.import_public_ec_raw("x", "P-256")')).toBe(undefined);
		expect(run('return crypto.import_public_ec_raw(public:public_raw(), "P-999")')).toBe(undefined);
		expect(() => run("public:private_pem()")).toThrow("private key expected, got public key only");
		expect(() => run('crypto.ecdsa_sha256_sign("x", "y")')).toThrow("util.crypto key expected, got string");
		expect(() => run("public:derive(private)")).toThrow("pkey:derive failed");
	});

	it.each([
		["ecdsa_sha256", "crypto.import_private_pem(crypto.generate_p256_keypair():private_pem())"],
		["ed25519", "crypto.generate_ed25519_keypair()"],
	])("signs and verifies with %s", (scheme, key) => {
		run(`key = ${key};
			peer, signature = crypto.import_public_pem(key:public_pem()), crypto.${scheme}_sign(key, "Hello");`);
		expect(run(`return crypto.${scheme}_verify(peer, "Hello", signature)`)).toBe(true);
		expect(run(`return crypto.${scheme}_verify(peer, "Hello\\0", signature)`)).toBe(false);
		expect(() => run(`crypto.${scheme}_sign(peer, "Hello")`)).toThrow("private key expected");
	});

	it.each(["rsassa_pkcs1_sha256", "rsassa_pss_sha512"])("signs and verifies with %s", (scheme) => {
		const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		run("rsa = crypto.import_private_pem(...)", privateKey.export({ format: "pem", type: "pkcs8" }));
		expect(run("return rsa:get_type()..tostring(rsa:public_raw())")).toBe("rsaEncryptionnil");
		expect(run(`local signature = crypto.${scheme}_sign(rsa, "Hello");
			return crypto.${scheme}_verify(rsa, "Hello", signature)`)).toBe(true);
		expect(run(`return crypto.${scheme}_verify(rsa, "Hello", ("x"):rep(256))`)).toBe(false);
		expect(() => run(`crypto.${scheme}_sign(private, "Hello")`))
			.toThrow("unexpected key type: got 'id-ecPublicKey', expected 'rsaEncryption'");
	});

	it("lets a generated P-256 key sign only once it was imported, as 13.0 does", () => {
		expect(() => run('crypto.ecdsa_sha256_sign(crypto.generate_p256_keypair(), "x")'))
			.toThrow("unexpected key type: got 'prime256v1', expected 'id-ecPublicKey'");
	});

	it("generates the same keys in every run", () => {
		const generate = 'local crypto = require "util.crypto"; return crypto.generate_p256_keypair():public_pem()';
		expect(bootEnvironment().run(generate)).toBe(bootEnvironment().run(generate));
		const twice = 'local g = require "util.crypto".generate_ed25519_keypair; return g():public_raw() ~= g():public_raw()';
		expect(run(twice)).toBe(true);
	});

	it("takes signatures apart and puts them together", () => {
		const der = "304402203e936e7b0bc62887e0e9d675afd08531a930384cfcf301f25d13053a2ebf141d"
			+ "02205a5a7c7b7ac5878d004cb79b17b393466b0cd1043718ffc31c153b971d213a8e";
		run("der = unhex(...); r, s = crypto.parse_ecdsa_signature(der, 32)", der);
		expect(run("return #r + #s")).toBe(64);
		expect(run("return hex(crypto.build_ecdsa_signature(r, s))")).toBe(der);
		expect(run('return hex(crypto.build_ecdsa_signature("\\0\\0\\128", "\\1"))')).toBe("300702020080020101");
		expect(run('return crypto.parse_ecdsa_signature(("\\0"):rep(72), 32)')).toBe(undefined);
		expect(run('return crypto.parse_ecdsa_signature(("\\255"):rep(72), 32)')).toBe(undefined);
		expect(() => run("crypto.parse_ecdsa_signature(der, 67)")).toThrow("exceeds supported limit");
		expect(() => run("crypto.parse_ecdsa_signature(der, 8)")).toThrow("encoded integers exceed requested size");
	});

	it("encrypts with AES-GCM, the tag at the end", () => {
		// The Galois/Counter Mode of Operation, test case 2.
		const encrypt = 'crypto.aes_128_gcm_encrypt(("\\0"):rep(16), ("\\0"):rep(12), ("\\0"):rep(16))';
		expect(run(`return hex(${encrypt})`)).toBe("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
		expect(run(`return hex(crypto.aes_128_gcm_decrypt(("\\0"):rep(16), ("\\0"):rep(12), ${encrypt}))`))
			.toBe("00".repeat(16));
		expect(run('return select(2, crypto.aes_256_gcm_decrypt(("k"):rep(32), ("i"):rep(12), ("x"):rep(20)))'))
			.toBe("verify-failed");
		expect(() => run('crypto.aes_128_gcm_decrypt(("k"):rep(16), ("i"):rep(12), ("x"):rep(16))'))
			.toThrow("ciphertext must be at least 16 bytes (including tag)");
		expect(() => run('crypto.aes_128_gcm_encrypt("k", ("i"):rep(12), "x")')).toThrow("key must be 16 bytes");
		expect(() => run('crypto.aes_128_gcm_encrypt(("k"):rep(16), "i", "x")')).toThrow("iv must be 12 bytes");
		expect(() => run('crypto.aes_128_gcm_encrypt(("k"):rep(16), ("i"):rep(12), "x", 1)'))
			.toThrow("Expected 3 arguments, got 4");
	});

	it("encrypts with AES-CTR (NIST SP 800-38A, F.5.5)", () => {
		expect(run(`return hex(crypto.aes_256_ctr_encrypt(
			unhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
			unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), unhex("6bc1bee22e409f96e93d7e117393172a")))`))
			.toBe("601ec313775789a5b7a7f504bbf3d228");
	});
});

describe("util.strbitop", () => {
	it("combines bytes", () => {
		run('bits = require "util.strbitop"');
		expect(run('return bits.sand(("a"):rep(4), "Aa")..bits.sor("AaAa", "a")..bits.sxor("aaaa", " \\0")'))
			.toBe("AaAaaaaaAaAa");
		expect(run('return bits.sxor("hello", "")..bits.sand("", "key")')).toBe("hello");
		expect(run('return bits.common_prefix_bits("\\240", "\\255")')).toBe(4);
		expect(run('return bits.common_prefix_bits("ab", "abc")')).toBe(16);
	});
});

describe("util.random", () => {
	it("gives as many bytes as asked for", () => {
		expect(run('return #require "util.random".bytes(100)..#require "util.random".bytes(0)')).toBe("1000");
		expect(() => run('require "util.random".bytes(-1)')).toThrow("must be > 0");
	});
});

describe("os", () => {
	it("has the time of the virtual clock, in UTC", () => {
		expect(run("return os.time()")).toBe(START);
		expect(run('return os.date("!%Y-%m-%dT%H:%M:%SZ")')).toBe("2023-11-14T22:13:20Z");
		expect(run('return os.date("%c", 0)')).toBe("Thu Jan  1 00:00:00 1970");
		expect(run('return os.time(os.date("*t", 951782400))')).toBe(951_782_400);
		expect(run("return os.time { year = 2024, month = 14, day = 1 }")).toBe(Date.UTC(2025, 1, 1, 12) / 1000);
		expect(run("return os.time { year = 2040, month = 1, day = 1, hour = 0 }")).toBe(Date.UTC(2040, 0) / 1000);
		machine.clock.advance(2.5);
		expect(run("return os.clock()")).toBe(2.5);
	});

	it("refuses what is no date", () => {
		expect(() => run("os.time { year = 2024 }")).toThrow("field 'month' missing in date table");
		expect(() => run('os.time { year = 2024, month = 1, day = 1.5 }')).toThrow("field 'day' is not an integer");
		expect(() => run('os.date("%Ez")')).toThrow("invalid conversion specifier '%E'");
	});
});
