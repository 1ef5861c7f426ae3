import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Disk } from "../../../bridge/api";
import { createMemoryDisk } from "../../../bridge/node";
import { parseLuaData } from "../../../bridge/node/lua-data";
import { open_server_key, server_key_store, type ServerKey, type ServerKeyStore } from "../../../modules/mod_web_push/server-key";
import { HOST_NAMES, START, World, type HostName } from "../../server/world";

const STORE = ["localhost", "web_push_keys", undefined] as const;

/** The key that the module has when it is loaded on this disk. */
function open(host: HostName, disk: Disk, seconds = 0): ServerKey {
	const world = new World(host, {}, disk);
	world.pass(seconds);
	let key: ServerKey | undefined;
	world.load("web_push", (module, _, require) => {
		key = open_server_key(module, require, require("util.crypto"));
	});
	return key!;
}

/** A disk on which all is as it was, save what is given. */
function changedDisk(changed: Partial<Disk>): Disk {
	return { ...createMemoryDisk(), ...changed };
}

function stored(disk: Disk): Record<string, unknown> {
	return parseLuaData(disk.read(...STORE)!, "web_push_keys") as unknown as Record<string, unknown>;
}

/** What is stored for a key pair of another kind. */
function lua(private_key: string, public_key: string): string {
	return `return { ["private_key"] = ${JSON.stringify(private_key)}; ["public_key"] = "${public_key}"; ["created"] = 1 };\n`;
}

const pem = (key: { export(options: { format: "pem"; type: "pkcs8" }): string | Buffer }): string =>
	key.export({ format: "pem", type: "pkcs8" }).toString();

describe.each(HOST_NAMES)("the key pair of mod_web_push on %s", (host) => {
	it("is made the first time, and stored as data of the host", () => {
		const disk = createMemoryDisk();
		const key = open(host, disk);
		expect(stored(disk)).toEqual({ private_key: key.private_key, public_key: key.public_key, created: START });
		expect(key.created).toBe(START);
		expect(disk.users("localhost", "web_push_keys")).toEqual([]);
	});

	it("is one on P-256, with the public key as PushManager.subscribe takes it", () => {
		const { private_key, public_key } = open(host, createMemoryDisk());
		expect(private_key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
		expect(public_key).toMatch(/^[\w-]{87}$/);
		const point = Buffer.from(public_key, "base64url");
		expect([point.length, point[0]]).toEqual([65, 4]);
		const jwk = createPublicKey(createPrivateKey(private_key)).export({ format: "jwk" });
		expect(jwk).toMatchObject({
			kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url"),
		});
	});

	it("is the same on every later load, and from whichever host", () => {
		const disk = createMemoryDisk();
		const key = open(host, disk);
		const before = disk.read(...STORE);
		for (const later of HOST_NAMES) expect(open(later, disk, 1000)).toEqual(key);
		expect(disk.read(...STORE)).toBe(before);
	});

	it("does without the time when it was made", () => {
		const disk = createMemoryDisk();
		const { private_key, public_key } = open(host, disk);
		disk.write(...STORE, lua(private_key, public_key).replace("= 1 }", '= "yesterday" }'));
		expect(open(host, disk)).toEqual({ private_key, public_key, created: undefined });
	});

	const good = open("node", createMemoryDisk());
	const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
	it.each([
		["no table", "return 5;\n", "What is stored is no table"],
		["text", 'return "-----BEGIN PRIVATE KEY-----";\n', "What is stored is no table"],
		["nothing in a table", "return {};\n", "no private key on P-256"],
		["a private key that is no text", lua(good.private_key, good.public_key).replace(/\["private_key"\] = ".*?";/, '["private_key"] = {};'), "no private key on P-256"],
		["no PEM", lua("secret", good.public_key), "no private key on P-256"],
		["half a key", lua(good.private_key.slice(0, 100), good.public_key), "no private key on P-256"],
		["a key on another curve", lua(pem(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey), good.public_key), "no private key on P-256"],
		["a key of another kind", lua(pem(generateKeyPairSync("ed25519").privateKey), good.public_key), "no private key on P-256"],
		["another public key", lua(pem(other), good.public_key), "The public key that is stored is not the private key's"],
		["no public key", lua(good.private_key, good.public_key).replace("public_key", "public"), "The public key that is stored is not the private key's"],
	])("is not made anew where there is one that cannot be used: %s", (_, chunk, why) => {
		const disk = createMemoryDisk();
		disk.write(...STORE, chunk);
		expect(() => open(host, disk)).toThrow(
			/mod_web_push needs its key pair, in the store 'web_push_keys' of localhost\. .*Restore it, or make a new one, which drops all subscriptions: prosodyctl mod_web_push replace localhost/,
		);
		expect(() => open(host, disk)).toThrow(why);
		expect(disk.read(...STORE)).toBe(chunk);
	});

	it.each([
		["torn", () => "return { torn"],
		["not to be read", () => {
			throw new Error("EACCES");
		}],
	])("is not made anew where the store is %s", (_, read) => {
		const writes: unknown[] = [];
		const disk = changedDisk({ read, write: (...args) => void writes.push(args) });
		expect(() => open(host, disk)).toThrow(
			"mod_web_push needs its key pair, in the store 'web_push_keys' of localhost. The store cannot be read: Error reading storage. Nothing was changed",
		);
		expect(writes).toEqual([]);
	});

	it.each([
		["fails", () => {
			throw new Error("ENOSPC");
		}, "The new key pair cannot be stored: Error saving to storage"],
		["keeps nothing", () => undefined, "The new key pair was stored, and is not in the store"],
	])("is not used where writing it %s", (_, write, why) => {
		expect(() => open(host, changedDisk({ write }))).toThrow(`${why}. Without one that lasts, all subscriptions would be lost`);
	});

	it("can be replaced", () => {
		const disk = createMemoryDisk();
		const first = open(host, disk);
		const world = new World(host, {}, disk);
		// Else it would draw the bytes that the first was made of.
		world.machine.random_bytes(64);
		let keys!: ServerKeyStore;
		world.load("web_push", (module, _, require) => {
			keys = server_key_store(module.open_store<unknown>("web_push_keys"), require, require("util.crypto"));
		});
		const made = keys.replace();
		expect(made.problem).toBeUndefined();
		expect(stored(disk).public_key).not.toBe(first.public_key);
		expect(stored(disk).private_key).not.toBe(first.private_key);
		expect(keys.read()).toEqual({ state: "usable", key: stored(disk) });
		expect(open(host, disk)).toEqual(stored(disk));
	});

	it("is not in the log", () => {
		const world = new World(host);
		let key!: ServerKey;
		world.load("web_push", (module, _, require) => {
			key = open_server_key(module, require, require("util.crypto"));
		});
		const log = world.log.map(({ message }) => message).join("\n");
		expect(log).toContain(`Made a key pair for Web Push; its public key is ${key.public_key}`);
		for (const line of key.private_key.split("\n").filter((line) => line !== "")) expect(log).not.toContain(line);
	});
});
