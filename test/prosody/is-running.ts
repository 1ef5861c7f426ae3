import { readFileSync } from "node:fs";

/** Whether a process runs; one that has ended and that nobody asked for its status yet (a zombie) does not. */
export function isRunning(pid: number): boolean {
	let status: string;
	try {
		status = readFileSync(`/proc/${pid}/stat`, "utf8");
	} catch {
		return false;
	}
	return !/^.*\) Z/s.test(status);
}
