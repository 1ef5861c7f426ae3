import { isAbsolute, relative, sep } from "node:path";

/** A folder as seen from the working directory if it lies there. */
export function asSeenFromHere(folder: string): string {
	const near = relative(process.cwd(), folder);
	return isBelow(near) ? near : folder;
}

/** Whether a relative path leads down, to something else. */
export function isBelow(path: string): boolean {
	return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
