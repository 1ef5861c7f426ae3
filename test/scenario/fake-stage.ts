import type { Answer, Stage, Subscription } from "../../bridge/scenario";
import type { TraceEntry } from "../../bridge/trace/entry";

/** A stage that writes down what it is told to do, and gives what it was given. */
export class FakeStage implements Stage {
	readonly calls: string[] = [];
	readonly inbox = new Map<string, string[]>();
	readonly full_jids = new Map<string, string>();
	readonly trace: TraceEntry[] = [];
	began = 1_700_000_000;
	elapsed = 0;
	closed = 0;
	/** Makes the next call of this method reject. */
	failing = new Map<string, unknown>();

	give(name: string, ...items: string[]): this {
		this.inbox.set(name, [...this.inbox.get(name) ?? [], ...items]);
		return this;
	}

	async #call(method: string, ...args: unknown[]): Promise<void> {
		this.calls.push([method, ...args.map((arg) => (typeof arg === "string" ? arg : JSON.stringify(arg)))].join(" "));
		if (this.failing.has(method)) throw this.failing.get(method);
	}

	connect = (name: string, inline: readonly string[] = []) => this.#call("connect", name, ...inline);
	disconnect = (name: string) => this.#call("disconnect", name);
	lose_connection = (name: string) => this.#call("lose_connection", name);
	resume = (name: string) => this.#call("resume", name);
	send = (name: string, xml: string) => this.#call("send", name, xml);
	stop_acknowledging = (name: string) => this.#call("stop_acknowledging", name);
	acknowledge = (name: string) => this.#call("acknowledge", name);
	answer = (name: string, answer: Answer) => this.#call("answer", name, answer);
	fire = (event: string, user: string) => this.#call("fire", event, user);
	reload = (module: string) => this.#call("reload", module);
	restart = () => this.#call("restart");

	async pass(seconds: number): Promise<void> {
		this.elapsed += seconds;
		await this.#call("pass", seconds);
	}

	async receive(name: string, patience: number): Promise<string | undefined> {
		await this.#call("receive", name, patience);
		return this.inbox.get(name)?.shift();
	}

	full_jid(name: string): string | undefined {
		return this.full_jids.get(name);
	}

	subscription(name: string): Subscription {
		return { endpoint: `https://${name}/`, p256dh: "key", auth: "secret" };
	}

	async close(): Promise<void> {
		this.closed++;
		if (this.failing.has("close")) throw this.failing.get("close");
	}
}
