import {
	existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { tmpdir } from "node:os";
import type { Disk } from "../../bridge/api";
import { createDirectoryDisk, createMemoryDisk } from "../../bridge/node";
import { HOSTILE_NAMES } from "./machine";

let path: string;
beforeEach(() => {
	path = mkdtempSync(join(tmpdir(), "disk-"));
});
afterEach(() => rmSync(path, { recursive: true }));

const disks: [string, () => Disk][] = [
	["in memory", createMemoryDisk],
	["in a directory", () => createDirectoryDisk(join(path, "data"))],
];

describe.each(disks)("a disk %s", (_, create) => {
	it("gives what was written", () => {
		const disk = create();
		expect(disk.read("localhost", "roster", "juliet")).toBeUndefined();
		disk.write("localhost", "roster", "juliet", "return 1;\n");
		disk.write("localhost", "roster", undefined, "host");
		disk.write("other", "roster", "juliet", "other");
		disk.write("localhost", "roster", "juliet", "return 2;\n");
		expect(disk.read("localhost", "roster", "juliet")).toBe("return 2;\n");
		expect(disk.read("localhost", "roster", undefined)).toBe("host");
		expect(disk.read("localhost", "vcard", "juliet")).toBeUndefined();
		expect(disk.users("localhost", "roster")).toEqual(["juliet"]);
	});

	it("deletes", () => {
		const disk = create();
		disk.write("localhost", "roster", "juliet", undefined);
		disk.write("localhost", "roster", "juliet", "x");
		disk.write("localhost", "roster", "juliet", undefined);
		expect(disk.read("localhost", "roster", "juliet")).toBeUndefined();
		expect(disk.users("localhost", "roster")).toEqual([]);
	});

	it("keeps lists apart from values", () => {
		const disk = create();
		disk.write("localhost", "archive", "juliet", "list", "list");
		disk.write("localhost", "archive", "romeo", "value");
		expect(disk.read("localhost", "archive", "juliet", "list")).toBe("list");
		expect(disk.read("localhost", "archive", "juliet")).toBeUndefined();
		expect(disk.users("localhost", "archive", "list")).toEqual(["juliet"]);
		expect(disk.users("localhost", "archive")).toEqual(["romeo"]);
		disk.write("localhost", "archive", "juliet", undefined, "list");
		expect(disk.users("localhost", "archive", "list")).toEqual([]);
	});

	it("takes any name, and text with any bytes", () => {
		const disk = create();
		const names = [...HOSTILE_NAMES, "..", "../../x", "a/b", "é", "\udcff", "a_b", "A", "a", "%41", "null"];
		for (const name of names) disk.write(name || "host", name || "store", name, `${name}\udc80`);
		for (const name of names) {
			expect(disk.read(name || "host", name || "store", name)).toBe(`${name}\udc80`);
			expect(disk.users(name || "host", name || "store")).toEqual([name]);
		}
	});
});

describe("Prosody's files", () => {
	it("have Prosody's names", () => {
		const disk = createDirectoryDisk(path);
		disk.write("push.example.com", "cloud_notify", "o'neil_é", "x");
		disk.write("localhost", "pep_data-x", undefined, "x");
		expect(readFileSync(join(path, "push%2eexample%2ecom", "cloud_notify", "o%27neil%5f%c3%a9.dat"), "utf8")).toBe("x");
		expect(readFileSync(join(path, "localhost", "pep_data%2dx.dat"), "utf8")).toBe("x");
		expect(disk.users("push.example.com", "cloud_notify")).toEqual(["o'neil_é"]);
	});

	it("are for the group to read, and for none else", () => {
		createDirectoryDisk(path).write("localhost", "roster", "juliet", "x");
		expect(statSync(join(path, "localhost", "roster", "juliet.dat")).mode & 0o027).toBe(0);
		expect(statSync(join(path, "localhost")).mode & 0o027).toBe(0);
	});

	it("leave nothing else behind, and what a crash left does not matter", () => {
		const disk = createDirectoryDisk(path);
		mkdirSync(join(path, "localhost", "roster"), { recursive: true });
		writeFileSync(join(path, "localhost", "roster", "juliet.dat~"), "half a fi");
		expect(disk.users("localhost", "roster")).toEqual([]);
		expect(disk.read("localhost", "roster", "juliet")).toBeUndefined();
		disk.write("localhost", "roster", "juliet", "x");
		expect(readdirSync(join(path, "localhost", "roster"))).toEqual(["juliet.dat"]);
	});

	it("keep the old text when writing fails", () => {
		const disk = createDirectoryDisk(path);
		const file = join(path, "localhost", "roster", "juliet.dat");
		mkdirSync(file, { recursive: true });
		expect(() => disk.write("localhost", "roster", "juliet", "x")).toThrow();
		expect(existsSync(`${file}~`)).toBe(false);
		expect(() => disk.read("localhost", "roster", "juliet")).toThrow("EISDIR");
		expect(() => disk.write("localhost", "roster", "j".repeat(300), "x")).toThrow("ENAMETOOLONG");
	});

	it("are out of reach where the file system says so, which is no missing file", () => {
		const disk = createDirectoryDisk(path);
		symlinkSync("localhost", join(path, "localhost"));
		expect(() => disk.read("localhost", "roster", "juliet")).toThrow("ELOOP");
	});
});
