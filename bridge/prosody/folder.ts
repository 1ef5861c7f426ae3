import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { certificateFor } from "../webpush/certificate";
import { isRoot, temporaryFolder } from "./root";
import { packageRoot } from "../package-root";
import type { ModuleFile } from "./setting";

/** The module that drives the server for us, without `mod_`. */
export const CONTROL_MODULE = "prosody_push_control";

/** The certificate of our push services. Not in `certs`, where Prosody looks for its own. */
export const PUSH_SERVICE_CERTIFICATE = "push-service.crt";

/** The temporary folder of a server: its configuration, data, modules and log. Readable by us alone. */
export class ServerFolder {
	/** As we see it. */
	readonly path: string;
	readonly #inside: string;

	/** Makes the folder in the root that the server runs in. */
	constructor(root: string) {
		this.path = mkdtempSync(join(temporaryFolder(root), "prosody-push-"));
		this.#inside = isRoot(root) ? this.path : `/tmp/${basename(this.path)}`;
		try {
			for (const name of ["data", "modules", "control", "certs"]) mkdirSync(this.outside(name));
			const control = `mod_${CONTROL_MODULE}.lua`;
			cpSync(join(packageRoot(), "lua/prosody", control), this.outside(`control/${control}`));
			this.write(PUSH_SERVICE_CERTIFICATE, certificateFor("localhost").cert);
		} catch (error) {
			this.remove({ keepLog: false });
			throw error;
		}
	}

	/** Where something in the folder is for us. */
	outside(name: string): string {
		return join(this.path, name);
	}

	/** Where something in the folder is for the server. */
	inside(name: string): string {
		return name === "" ? this.#inside : `${this.#inside}/${name}`;
	}

	write(name: string, text: string): void {
		writeFileSync(this.outside(name), text, { mode: 0o600 });
	}

	/** Replaces the modules that come before the installed ones of the same name. */
	putModules(modules: readonly ModuleFile[]): void {
		this.#empty("modules");
		for (const { name, path } of modules) {
			const folder = this.outside(`modules/mod_${name}`);
			// A module that has a folder has its libraries and resources beside it.
			if (basename(dirname(path)) === `mod_${name}`) cpSync(dirname(path), folder, { recursive: true, dereference: true });
			else mkdirSync(folder);
			cpSync(path, join(folder, `mod_${name}.lua`), { dereference: true });
		}
	}

	/** Forgets what was stored. Only while no host is active. */
	clearData(): void {
		this.#empty("data");
	}

	/** Removes everything, or everything but the log. */
	remove({ keepLog }: { keepLog: boolean }): void {
		if (!keepLog) {
			rmSync(this.path, { recursive: true, force: true });
			return;
		}
		for (const name of readdirSync(this.path)) {
			if (name !== "prosody.log") rmSync(this.outside(name), { recursive: true, force: true });
		}
	}

	#empty(name: string): void {
		const folder = this.outside(name);
		for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true });
	}

	get exists(): boolean {
		return statSync(this.path, { throwIfNoEntry: false }) !== undefined;
	}
}
