import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host, Machine, Series } from "../../bridge/api";
import { createFengariHost } from "../../bridge/fengari";
import { createTestMachine } from "../node/machine";
import { HOSTS } from "../server/hosts";

function createHost(create: (machine: Machine) => Host, series: Series | undefined): Host {
	return create({ ...createTestMachine(), series });
}

describe.each(Object.entries(HOSTS))("on %s", (_, create) => {
	it.each([undefined, "13.0"] as const)("the series %s has keys", (series) => {
		const { require } = createHost(create, series);
		expect(require("util.crypto").generate_p256_keypair().get_type()).toBe("id-ecPublicKey");
		expect(require("util.hashes").hkdf_hmac_sha256(16, "key", "salt", "info")).toBeTypeOf("string");
		expect(require("util.jwt").new_signer("HS256", "secret")({})).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
	});

	it("0.12 has none of that", () => {
		const { require } = createHost(create, "0.12");
		expect(() => require("util.crypto")).toThrow("module 'util.crypto' not found");
		expect(() => require("prosody.util.crypto")).toThrow("util.crypto' not found");
		expect(require("util.hashes").hkdf_hmac_sha256).toBeUndefined();
		expect(require("util.hashes").hkdf_hmac_sha384).toBeUndefined();
		expect(require("util.jwt").new_signer).toBeUndefined();
		expect(require("util.jwt").new_verifier).toBeUndefined();
		// What it has, it still has.
		expect(require("util.hashes").sha1("abc", true)).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
		const { sign, verify } = require("util.jwt");
		expect(verify("secret", sign("secret", { sub: "juliet" }))[0]).toBe(true);
	});

	it.each([undefined, "0.12", "13.0"] as const)("the series %s has luaossl, which is no part of it", (series) => {
		const { require } = createHost(create, series);
		expect([...require("openssl.cipher").new("AES-128-GCM").setTag("tag")]).toEqual(["tag"]);
	});

	it("a module finds out which it is", () => {
		for (const [series, expected] of [["0.12", false], ["13.0", true]] as const) {
			let found: boolean | undefined;
			createHost(create, series).load("looks", { typescript: (_module, _prosody, require) => {
				try {
					require("util.crypto");
					found = true;
				} catch {
					found = false;
				}
			} });
			expect(found, series).toBe(expected);
		}
	});
});

describe("a module in Lua", () => {
	let folder: string;
	beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "series-")); });
	afterAll(() => rmSync(folder, { recursive: true }));

	it("finds what its series has", () => {
		const path = join(folder, "mod_looks.lua");
		writeFileSync(path, `
			local function has(name) return (pcall(require, name)); end
			module:hook("look", function ()
				return table.concat({
					tostring(has("util.crypto")), tostring(has("prosody.util.crypto")), tostring(has("openssl.cipher")),
					type(require("util.hashes").hkdf_hmac_sha256),
					type(require("util.jwt").new_signer), type(require("util.jwt").sign), type(require("util.encodings").base64),
				}, " ");
			end);`);
		const look = (series: Series | undefined): unknown => {
			const host = createHost(createFengariHost, series);
			host.load("looks", { lua: path });
			return host.prosody.hosts["localhost"]!.events.fire_event("look");
		};
		expect(look("0.12")).toBe("false false true nil nil function table");
		expect(look("13.0")).toBe("true true true function function function table");
		expect(look(undefined)).toBe("true true true function function function table");
	});
});
