/** What a character received and did not consume yet. */
export class Inbox {
	readonly #stanzas: string[] = [];
	#arrived: (() => void) | undefined;

	add(xml: string): void {
		this.#stanzas.push(xml);
		this.#arrived?.();
	}

	/** Whether there is nothing in it. */
	get empty(): boolean {
		return this.#stanzas.length === 0;
	}

	/** The oldest. */
	take(): string | undefined {
		return this.#stanzas.shift();
	}

	/** Resolves when the next one arrives, after so many seconds at the latest. */
	async arrival(seconds: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		await new Promise<void>((resolve) => {
			this.#arrived = resolve;
			timer = setTimeout(resolve, seconds * 1000);
		});
		clearTimeout(timer);
		this.#arrived = undefined;
	}
}
