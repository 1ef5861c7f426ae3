import { accessSync, constants, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, relative, resolve } from "node:path";
import { packageRoot } from "../package-root";
import { tmpdir } from "node:os";

/** Where Debian's package and Prosody's own installer put the program, and the folder of its Lua files that goes with it. */
const PLACES = [
	{ program: "usr/bin/prosody", libraries: "usr/lib/prosody" },
	{ program: "usr/local/bin/prosody", libraries: "usr/local/lib/prosody" },
];

/** The Prosody of a root file system. */
export interface InstalledProsody {
	/** Absolute, of the root file system. */
	root: string;
	/** `0.12.3`, as it calls itself; `unknown` if its files do not say. */
	version: string;
	/** In the root. */
	program: string;
	/** In the root, where its modules are. */
	moduleFolder: string;
}

/** What is missing for running a Prosody, and how to get it: one line each. */
export interface Missing {
	missing: string;
	get?: string;
}

/** Finds the Prosody in a root file system, without running it. Undefined if there is none. */
export function findProsody(root: string): InstalledProsody | undefined {
	const place = PLACES.find(({ program }) => isFile(join(root, program)));
	if (!place) return undefined;
	const libraries = join(root, place.libraries);
	return {
		root: realpathSync(root),
		version: readVersion(libraries),
		program: `/${place.program}`,
		moduleFolder: `/${place.libraries}/modules`,
	};
}

/** What keeps the Prosody of a root from running here; undefined if nothing does. */
export function missingFor(root: string): Missing | undefined {
	const prosody = findProsody(root);
	if (!prosody) {
		return isRoot(root)
			? { missing: "no Prosody is installed", get: "apt-get install prosody prosody-modules on Debian" }
			: { missing: `no Prosody in ${root}`, get: `debootstrap makes such a folder: ${makeRoot()} trixie FOLDER` };
	}
	const interpreter = missingInterpreter(prosody);
	if (interpreter !== undefined) {
		return { missing: `${root} lacks ${interpreter}, which runs Prosody`, get: `apt-get install ${interpreter} in it` };
	}
	if (!isRoot(root)) {
		const [program, ...args] = commandIn(prosody.root, ["/usr/bin/true"]);
		const { status, stderr, error } = spawnSync(program, args, { env: ENVIRONMENT });
		if (status !== 0) {
			const why = error?.message ?? stderr.toString().trim().split("\n", 1)[0]!;
			return {
				missing: `${root} cannot be entered: ${why}`,
				get: "be root, or have user namespaces allowed (man 7 user_namespaces)",
			};
		}
	}
	const temporary = temporaryFolder(root);
	if (!isWritable(temporary)) {
		const get = isRoot(root) ? "let the variable TMPDIR name one that can" : `chmod 1777 ${temporary}`;
		return { missing: `the temporary folder ${temporary} cannot be written to`, get };
	}
	return undefined;
}

/** The script that makes a root with Debian's Prosody, as seen from the working directory. */
function makeRoot(): string {
	return relative(process.cwd(), join(packageRoot(), "bridge", "prosody", "make-root"));
}

/** Where servers of a root have their folders, as we see it. */
export function temporaryFolder(root: string): string {
	return isRoot(root) ? tmpdir() : join(root, "tmp");
}

/** What programs in a root, and those that enter it, get as their environment. */
export const ENVIRONMENT: Readonly<NodeJS.ProcessEnv> = {
	PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	HOME: "/",
	LC_ALL: "C.UTF-8",
};

/** Prosody needs /dev/urandom, which only root can make: others lend the root folder the /dev that they see themselves. */
const ENTER = "mount --rbind /dev \"$0/dev\" && exec chroot \"$0\" \"$@\"";

/** A command line that runs a program of the root in it, whose process becomes that program's. For use with `ENVIRONMENT`. */
export function commandIn(root: string, command: readonly [string, ...string[]]): [string, ...string[]] {
	if (isRoot(root)) return [...command];
	const hasRandom = statSync(join(root, "dev/urandom"), { throwIfNoEntry: false })?.isCharacterDevice() === true;
	return process.getuid?.() === 0 && hasRandom ? ["chroot", root, ...command]
		: ["unshare", "--map-root-user", "--mount", "sh", "-c", ENTER, root, ...command];
}

/** Whether this is the root that we run in ourselves. */
export function isRoot(root: string): boolean {
	return resolve(root) === "/";
}

/** As `util.startup` reads it. */
function readVersion(libraries: string): string {
	try {
		return readFileSync(join(libraries, "prosody.version"), "utf8").trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return "unknown";
		throw error;
	}
}

/** The name of the Lua that the program asks for in its first line. */
export function interpreterOf({ root, program }: InstalledProsody): string | undefined {
	const [first = ""] = readFileSync(join(root, program), "utf8").split("\n", 1);
	return /^#!\s*(?:\S*\/env\s+)?(?:\S*\/)?([^\s/]+)/.exec(first)?.[1];
}

/** The name of that Lua if it is not there. */
function missingInterpreter(prosody: InstalledProsody): string | undefined {
	const { root } = prosody;
	const name = interpreterOf(prosody);
	if (name === undefined) return undefined;
	const found = ["usr/bin", "usr/local/bin"].some((folder) => has(join(root, folder), name));
	return found ? undefined : name;
}

/** Whether a folder has an entry: a link into the root's own /etc/alternatives leads nowhere from outside. */
function has(folder: string, name: string): boolean {
	try {
		return readdirSync(folder).includes(name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
		throw error;
	}
}

function isWritable(folder: string): boolean {
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
