import { afterAll, describe, expect, it, vi } from "vitest";
import { commandIn, findProsody, missingFor } from "../../bridge/prosody/root";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProsody } from "../../bridge/prosody/server";
import { tmpdir } from "node:os";

const folder = mkdtempSync(join(tmpdir(), "prosody-push-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Makes a root file system with these files. */
function makeRoot(name: string, files: Record<string, string>): string {
	const root = join(folder, name);
	mkdirSync(root);
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(root, path, ".."), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	return root;
}

describe("a root file system", () => {
	it("holds a Prosody where Debian's package puts it", () => {
		const root = makeRoot("debian", {
			"usr/bin/prosody": "#!/usr/bin/env lua5.4\n",
			"usr/lib/prosody/prosody.version": "13.0.1\n",
		});
		expect(findProsody(root)).toEqual({
			root, version: "13.0.1", program: "/usr/bin/prosody", moduleFolder: "/usr/lib/prosody/modules",
		});
	});

	it("holds a Prosody where its own installer puts it", () => {
		const root = makeRoot("installer", { "usr/local/bin/prosody": "#!/usr/bin/env lua\n" });
		expect(findProsody(root)).toMatchObject({
			version: "unknown", program: "/usr/local/bin/prosody", moduleFolder: "/usr/local/lib/prosody/modules",
		});
	});

	it("may hold none", async () => {
		const root = makeRoot("empty", {});
		expect(findProsody(root)).toBeUndefined();
		expect(missingFor(root)).toEqual({
			missing: `no Prosody in ${root}`,
			get: "debootstrap makes such a folder: bridge/prosody/make-root trixie FOLDER",
		});
		await expect(startProsody(root)).rejects.toThrow(`no Prosody in ${root}: debootstrap makes`);
		expect(missingFor(join(folder, "nowhere"))?.missing).toBe(`no Prosody in ${join(folder, "nowhere")}`);
	});

	it("may lack the Lua that runs Prosody", () => {
		const root = makeRoot("no-lua", { "usr/bin/prosody": "#!/usr/bin/env lua5.4\n" });
		expect(missingFor(root)).toEqual({
			missing: `${root} lacks lua5.4, which runs Prosody`, get: "apt-get install lua5.4 in it",
		});
	});

	it("may have nothing to enter it for", () => {
		const root = makeRoot("hollow", { "usr/bin/prosody": "#!/usr/bin/env lua5.4\n" });
		symlinkSync("/nowhere", join(root, "usr/bin/lua5.4"));
		expect(missingFor(root)?.missing).toMatch(/^.*hollow cannot be entered: .+$/);
	});

	itUnlessLacking(missingFor("/")?.missing, "may have no room for what a server writes", () => {
		const nowhere = join(folder, "nowhere");
		vi.stubEnv("TMPDIR", nowhere);
		try {
			expect(missingFor("/")).toEqual({
				missing: `the temporary folder ${nowhere} cannot be written to`,
				get: "let the variable TMPDIR name one that can",
			});
		} finally {
			vi.unstubAllEnvs();
		}
	});

	it("is entered by chroot, in a namespace of our own if we are not root or it has no /dev", () => {
		expect(commandIn("/", ["/usr/bin/true"])).toEqual(["/usr/bin/true"]);
		const command = commandIn(makeRoot("bare", {}), ["/usr/bin/true", "now"]);
		expect(command.slice(0, 3)).toEqual(["unshare", "--map-root-user", "--mount"]);
		expect(command.slice(-3)).toEqual([join(folder, "bare"), "/usr/bin/true", "now"]);
	});

	for (const root of prosodyRoots) {
		itUnlessLacking(missingFor(root)?.missing, `may be ${root}`, () => {
			expect(findProsody(root)!.version).toMatch(/^(0\.12|13\.0)\.\d+$/);
		});
	}
});
