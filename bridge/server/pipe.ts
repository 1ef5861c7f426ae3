import type { Clock } from "../api";
import type { EventLoop, Writer } from "./loop";

/** The far end: a client or a component. */
export interface FarEnd {
	receive(xml: string): void;
	closed(error?: string): void;
}

/** What the stream on this end wants to know, as `net.server` tells its listeners. */
export interface PipeListener {
	/** What was written is about to leave; more can be written now and leaves with it. */
	predrain?(): void;
	/** All that was written has left. */
	drain?(): void;
	/** Nothing came in for `READ_TIMEOUT` seconds. False ends the connection. */
	read_timeout?(): boolean;
	/** The connection is gone. */
	disconnected(error?: string): void;
}

/** `read_timeout` of Prosody's network settings, in seconds. */
export const READ_TIMEOUT = 14 * 60;

/** What leaves: an element as text, or the closing tag, with the stream error's condition. */
type Outgoing = string | { end: string | undefined };

/** The server's end of a TCP connection, with Prosody's write buffer (`net.server`). */
export class Pipe implements Writer {
	private readonly clock: Clock;
	private readonly loop: EventLoop;
	private readonly far: FarEnd;
	private readonly listener: PipeListener;
	private buffer: Outgoing[] = [];
	private state: "open" | "closing" | "closed" = "open";
	private paused = false;
	private flushing = false;
	private told = false;
	private stopReadTimer: (() => void) | undefined;

	constructor(clock: Clock, loop: EventLoop, far: FarEnd, listener: PipeListener) {
		this.clock = clock;
		this.loop = loop;
		this.far = far;
		this.listener = listener;
		this.heard();
	}

	get open(): boolean {
		return this.state === "open";
	}

	/** Puts an element into the buffer. False if the connection is closed. */
	write(text: string): boolean {
		return this.enqueue(text);
	}

	/** Puts the closing tag into the buffer, after a stream error if a condition is given. */
	end(condition?: string): boolean {
		return this.enqueue({ end: condition });
	}

	/** Closes the connection once what is in the buffer has left. */
	close(): boolean {
		if (this.state !== "open") return false;
		this.state = "closing";
		this.stopReadTimer?.();
		if (this.buffer.length === 0) this.finish();
		else this.loop.wake(this);
		return true;
	}

	/**
	 * The far end is gone, and with it what is in the buffer.
	 * @param error why, as the listener is told
	 */
	lose(error?: string): void {
		if (this.state === "closed") return;
		this.told = true;
		this.finish(error);
	}

	/** Keeps what is written in the buffer. */
	pauseWrites(): void {
		this.paused = true;
	}

	resumeWrites(): void {
		if (!this.paused) return;
		this.paused = false;
		if (this.buffer.length > 0) this.loop.wake(this);
	}

	/** Something came in. */
	heard(): void {
		if (!this.listener.read_timeout || this.state !== "open") return;
		this.stopReadTimer?.();
		this.stopReadTimer = this.clock.schedule(READ_TIMEOUT, () => {
			this.loop.run(() => {
				if (this.state !== "open") return;
				if (this.listener.read_timeout!()) this.heard();
				else this.finish("read timeout");
			});
		});
	}

	flush(): void {
		if (this.state === "closed" || this.buffer.length === 0 || (this.paused && this.state === "open")) return;
		this.flushing = true;
		this.listener.predrain?.();
		this.flushing = false;
		const leaving = this.buffer;
		this.buffer = [];
		for (const item of leaving) {
			if (typeof item === "string") this.far.receive(item);
			else this.tell(item.end);
		}
		if (this.state === "closing") this.finish();
		else if (this.open) this.listener.drain?.();
	}

	private enqueue(item: Outgoing): boolean {
		if (this.state !== "open") return false;
		this.buffer.push(item);
		if (!this.paused && !this.flushing) this.loop.wake(this);
		return true;
	}

	private tell(error?: string): void {
		if (this.told) return;
		this.told = true;
		this.far.closed(error);
	}

	private finish(error?: string): void {
		if (this.state === "closed") return;
		this.state = "closed";
		this.buffer = [];
		this.stopReadTimer?.();
		this.listener.disconnected(error);
		this.tell();
	}
}
