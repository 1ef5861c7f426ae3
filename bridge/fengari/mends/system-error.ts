import { constants } from "node:os";

/** What strerror says of the errors that files give. */
const REASONS: Record<string, string> = {
	EACCES: "Permission denied",
	EBADF: "Bad file descriptor",
	EBUSY: "Device or resource busy",
	EEXIST: "File exists",
	EFBIG: "File too large",
	EINVAL: "Invalid argument",
	EIO: "Input/output error",
	EISDIR: "Is a directory",
	ELOOP: "Too many levels of symbolic links",
	EMFILE: "Too many open files",
	ENAMETOOLONG: "File name too long",
	ENOENT: "No such file or directory",
	ENOSPC: "No space left on device",
	ENOTDIR: "Not a directory",
	ENOTEMPTY: "Directory not empty",
	EPERM: "Operation not permitted",
	EROFS: "Read-only file system",
	EXDEV: "Invalid cross-device link",
};

/** An error of Node's as C says it, such as "No such file or directory". */
export function errorReason(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return code !== undefined && Object.hasOwn(REASONS, code) ? REASONS[code]! : message;
}

/** C's number of the error; 0 for what is none of the system's. */
export function errorNumber(error: unknown): number {
	const { code } = error as NodeJS.ErrnoException;
	const numbers: Record<string, number> = constants.errno;
	return code !== undefined && Object.hasOwn(numbers, code) ? numbers[code]! : 0;
}
