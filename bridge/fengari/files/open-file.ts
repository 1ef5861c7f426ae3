import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";

const BLOCK = 4096;
const NEWLINE = 0x0a;
const NOTHING = new Uint8Array();

/** Where `seek` counts from. */
export type Whence = "set" | "cur" | "end";

/** A file as C's stdio has it: bytes, one position to read and to write at. All its methods throw Node's errors. */
export class OpenFile {
	readonly #descriptor: number;
	/** Whether it has positions of its own; what is shared with others, as standard output is, has not. */
	readonly #seekable: boolean;
	readonly #appends: boolean;
	/** Of the next byte to give out or to write. */
	#position = 0;
	/** What was read ahead, from the position on. */
	#ahead: Uint8Array = NOTHING;
	#open = true;

	/** @param mode as for `open`; none for a file that is shared with others */
	constructor(descriptor: number, mode?: string) {
		this.#descriptor = descriptor;
		this.#appends = mode?.startsWith("a") ?? false;
		this.#seekable = mode !== undefined && fstatSync(descriptor).isFile();
	}

	/** @param mode `r`, `w`, `a`, each with `+` or without */
	static open(path: Uint8Array, mode: string): OpenFile {
		return new OpenFile(openSync(Buffer.from(path), mode), mode);
	}

	get isOpen(): boolean {
		return this.#open;
	}

	close(): void {
		this.#open = false;
		closeSync(this.#descriptor);
	}

	/** Reads a block ahead; false at the end of the file. */
	#fetch(): boolean {
		const block = Buffer.alloc(BLOCK);
		const from = this.#seekable ? this.#position + this.#ahead.length : null;
		const count = readSync(this.#descriptor, block, 0, BLOCK, from);
		if (count > 0) this.#ahead = Buffer.concat([this.#ahead, block.subarray(0, count)]);
		return count > 0;
	}

	#take(count: number): Uint8Array {
		const taken = Uint8Array.from(this.#ahead.subarray(0, count));
		this.#ahead = this.#ahead.subarray(taken.length);
		this.#position += taken.length;
		return taken;
	}

	/** What comes next, up to that many bytes, without taking it. */
	peek(count: number): Uint8Array {
		while (this.#ahead.length < count && this.#fetch());
		return this.#ahead.subarray(0, count);
	}

	/** Up to that many bytes; nil at the end of the file. */
	read(count: number): Uint8Array | undefined {
		const next = this.peek(Math.max(count, 1));
		return next.length === 0 ? undefined : this.#take(count);
	}

	readAll(): Uint8Array {
		while (this.#fetch());
		return this.#take(this.#ahead.length);
	}

	/** A line, and the newline at its end where it has one; nil at the end of the file. */
	readLine(): Uint8Array | undefined {
		let end = this.#ahead.indexOf(NEWLINE);
		while (end < 0) {
			const searched = this.#ahead.length;
			if (!this.#fetch()) break;
			end = this.#ahead.indexOf(NEWLINE, searched);
		}
		const length = end < 0 ? this.#ahead.length : end + 1;
		return length === 0 ? undefined : this.#take(length);
	}

	write(bytes: Uint8Array): void {
		this.#ahead = NOTHING;
		for (let written = 0; written < bytes.length;) {
			const at = this.#seekable && !this.#appends ? this.#position : null;
			const count = writeSync(this.#descriptor, bytes, written, bytes.length - written, at);
			written += count;
			this.#position += count;
		}
		if (this.#appends && this.#seekable) this.#position = fstatSync(this.#descriptor).size;
	}

	/** Moves the position and returns it. */
	seek(whence: Whence, offset: number): number {
		if (!this.#seekable) throw systemError("ESPIPE");
		const size = whence === "end" ? fstatSync(this.#descriptor).size : 0;
		const position = { set: 0, cur: this.#position, end: size }[whence] + offset;
		if (position < 0) throw systemError("EINVAL");
		if (position !== this.#position) this.#ahead = NOTHING;
		this.#position = position;
		return position;
	}
}

function systemError(code: string): NodeJS.ErrnoException {
	return Object.assign(new Error(code), { code });
}
