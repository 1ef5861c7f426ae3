import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../bridge/package-root";
import { itUnlessLacking } from "../prosody-here";

const script = join(packageRoot(), "bridge/prosody/make-root");

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "prosody-push-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function makeRoot(...args: string[]): { status: number | null; stdout: string; stderr: string } {
	const { status, stdout, stderr } = spawnSync(script, args, { encoding: "utf8" });
	return { status, stdout, stderr };
}

/** A root folder as the script leaves it, as far as it looks at one. */
function made(suite: string): string {
	const root = join(folder, suite);
	mkdirSync(join(root, "etc"), { recursive: true });
	writeFileSync(join(root, "etc/prosody-push-suite"), `${suite}\n`);
	return root;
}

const lacking = ["/usr/sbin/debootstrap", "/usr/share/keyrings/debian-archive-keyring.gpg"].every((path) => existsSync(path))
	? undefined
	: "no debootstrap here";

describe("make-root", () => {
	it.each([[[]], [["trixie"]], [["sid", "root"]], [["trixie", "root", "mirror", "more"]]])("says how it is used: %j", (args) => {
		const { status, stderr } = makeRoot(...args);
		expect(status).toBe(2);
		expect(stderr).toContain("Usage: make-root SUITE FOLDER [MIRROR]");
	});

	it("makes what is missing, and nothing else", () => {
		const folder = made("trixie");
		expect(makeRoot("trixie", folder)).toEqual({ status: 0, stdout: `${folder} is there already\n`, stderr: "" });
	});

	it("takes no other suite for the one that is wanted", () => {
		const root = made("bookworm");
		expect(makeRoot("trixie", root)).toEqual({
			status: 1, stdout: "", stderr: `make-root: ${root} holds Debian bookworm, not trixie\n`,
		});
	});

	it("leaves alone what it has not made", () => {
		writeFileSync(join(folder, "letter"), "");
		const { status, stderr } = makeRoot("trixie", folder);
		expect(status).toBe(1);
		expect(stderr).toContain(`${folder} is there, but is none of make-root's`);
		expect(readdirSync(folder)).toEqual(["letter"]);
	});

	itUnlessLacking(lacking, "leaves nothing behind where it fails, and says why", () => {
		const { status, stderr } = makeRoot("trixie", join(folder, "root"), `file://${folder}/no-mirror`);
		expect(status).toBe(1);
		expect(stderr).toMatch(/^E: .*no-mirror.*\nmake-root: debootstrap failed\n$/m);
		expect(readdirSync(folder)).toEqual([]);
	});
});
