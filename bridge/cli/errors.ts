/** What the process ends with. */
export const EXIT = {
	/** All expectations met, all lanes agree. */
	ok: 0,
	/** An expectation failed, or lanes differ. */
	differs: 1,
	/** Wrong usage or unreadable input. */
	usage: 2,
	/** A lane that was asked for cannot run here. */
	unavailable: 3,
} as const;

/** Why the command cannot be carried out: one line that says what is wrong, where, and what to do. */
export class CommandError extends Error {
	override readonly name = "CommandError";
	readonly status: number;

	constructor(message: string, status: number = EXIT.usage) {
		super(message);
		this.status = status;
	}
}

const SYSTEM_ERRORS = new Map([
	["ENOENT", "no such file or folder"],
	["EACCES", "permission denied"],
	["EPERM", "permission denied"],
	["EISDIR", "it is a folder"],
	["ENOTDIR", "part of the path is no folder"],
	["ENOSPC", "no space left"],
	["ELOOP", "too many symbolic links"],
	["EROFS", "the file system is read-only"],
]);

/** Does something with a file; what the system refuses becomes a CommandError that names the file. */
export function withFile<T>(path: string, verb: "read" | "write", action: () => T): T {
	try {
		return action();
	} catch (error) {
		if (error instanceof Error && "syscall" in error && "code" in error) {
			throw new CommandError(`cannot ${verb} ${path}: ${SYSTEM_ERRORS.get(String(error.code)) ?? error.message}`);
		}
		throw error;
	}
}
