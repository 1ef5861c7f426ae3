/** What the process ends with. */
export const EXIT = {
	/** All expectations met, all lanes agree. */
	ok: 0,
	/** An expectation failed, or lanes differ. */
	differs: 1,
	/** Wrong usage, unreadable input, or an error in prosody-push itself. */
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
	["EDQUOT", "no space left"],
	["ELOOP", "too many symbolic links"],
	["ENAMETOOLONG", "the name is too long"],
	["EMFILE", "too many open files"],
	["EIO", "the device failed"],
	["EROFS", "the file system is read-only"],
]);

/** An error of the operating system's, as Node throws it. */
export interface SystemError extends Error {
	/** Such as `EACCES`. */
	code: string;
	/** Such as `open`. */
	syscall: string;
	/** Absent where the file was open already. */
	path?: string;
}

/** Whether something thrown is an error of the operating system's. */
export function isSystemError(error: unknown): error is SystemError {
	return error instanceof Error && "syscall" in error && "code" in error;
}

/** What the system refused, in a few words. */
export function systemMessage({ code, message }: SystemError): string {
	return SYSTEM_ERRORS.get(code) ?? message;
}

/** Does something with a file; what the system refuses becomes a CommandError that names the file. */
export function withFile<T>(path: string, verb: "read" | "write", action: () => T): T {
	try {
		return action();
	} catch (error) {
		if (isSystemError(error)) {
			// A folder that is read may hold one that cannot be.
			throw new CommandError(`cannot ${verb} ${error.path ?? path}: ${systemMessage(error)}`);
		}
		throw error;
	}
}
