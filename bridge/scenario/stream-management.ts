import { Element } from "ltx";

const NAMESPACE = "urn:xmpp:sm:3";

/** What a client wants of XEP-0198 after binding: with resumption, without, or nothing. */
export type StreamManagementWish = "resume" | "yes" | "no";

/**
 * A client's side of stream management (XEP-0198), whatever it is connected by: counts what it receives and acknowledges
 * it when asked, unless it has been told not to. It asks for no acknowledgements itself and never resends: nothing that it
 * sends gets lost on the way.
 */
export class StreamManagement {
	private readonly wish: StreamManagementWish;
	private readonly send: (nonza: string) => void;
	private counting = false;
	private handled = 0;
	private acknowledging = true;
	/** The stream that can be resumed: its token, and how many stanzas came over it. */
	private stream: { token: string; handled: number } | undefined;
	private asked = false;

	/** @param send sends an element, as text, over the connection there is */
	constructor(wish: StreamManagementWish, send: (nonza: string) => void) {
		this.wish = wish;
		this.send = send;
	}

	/** Whether there is a stream that can be resumed. */
	get resumable(): boolean {
		return this.stream !== undefined;
	}

	/** A new stream: forgets what belonged to an earlier one. */
	begin(): void {
		this.stream = undefined;
		this.counting = false;
		this.handled = 0;
		this.acknowledging = true;
		this.asked = false;
	}

	/** What to ask for once a resource is bound; undefined if nothing is wanted. */
	enable(): string | undefined {
		if (this.wish === "no") return undefined;
		this.asked = true;
		const enable = new Element("enable", { xmlns: NAMESPACE });
		if (this.wish === "resume") enable.attrs.resume = "true";
		return enable.toString();
	}

	/** What to ask for to resume the stream, which counts as resumed from here on. */
	resume(): string {
		const { token, handled } = this.stream!;
		this.asked = true;
		this.acknowledging = true;
		this.counting = true;
		this.handled = handled;
		return new Element("resume", { xmlns: NAMESPACE, previd: token, h: String(handled) }).toString();
	}

	/**
	 * Takes an element that is no stanza: answers a request for acknowledgement.
	 * @returns the answer to `enable` or `resume`, if it is one: `enabled`, `resumed` or `failed`
	 */
	receive(nonza: Element): Element | undefined {
		if (nonza.attrs.xmlns !== NAMESPACE || nonza.name === "a") return undefined;
		if (nonza.name === "r") {
			if (this.acknowledging) this.sendAcknowledgement();
			return undefined;
		}
		if (!this.asked) return undefined;
		this.asked = false;
		if (nonza.name === "enabled") {
			this.counting = true;
			if (nonza.attrs.id !== undefined) this.stream = { token: nonza.attrs.id, handled: 0 };
		}
		return nonza;
	}

	/** A message, presence or IQ came. */
	count(): void {
		if (this.counting) this.handled += 1;
	}

	/** The connection is gone; the stream can be resumed if the server agreed to that. */
	interrupt(): void {
		if (this.stream) this.stream.handled = this.handled;
	}

	/** There is nothing left to resume. */
	end(): void {
		this.stream = undefined;
	}

	/** Stops answering requests for acknowledgement, as a phone does that lost its network unnoticed. */
	stopAcknowledging(): void {
		this.acknowledging = false;
	}

	/** Acknowledges all that came so far, and answers requests again. */
	acknowledge(): void {
		this.acknowledging = true;
		if (this.counting) this.sendAcknowledgement();
	}

	private sendAcknowledgement(): void {
		this.send(new Element("a", { xmlns: NAMESPACE, h: String(this.handled) }).toString());
	}
}
