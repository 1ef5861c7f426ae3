import { startProsody, type ProsodyServer } from "./server";

/** So many scenarios are run side by side; most of the time they wait. Each server takes some 20 MB. */
const LIMIT = 8;

/** A server that runs or starts. */
interface Member {
	root: string;
	started: Promise<ProsodyServer>;
}

/** Prosody servers, each of which is lent to one scenario after the other. */
export class ServerPool {
	readonly #limit: number;
	readonly #members = new Set<Member>();
	readonly #idle: Member[] = [];
	readonly #lent = new Map<ProsodyServer, Member>();
	/** Told, one at a time, when there may be a server or room for one. */
	readonly #waiting: (() => void)[] = [];
	#closed = false;

	/** @param limit how many servers may run at once */
	constructor(limit = LIMIT) {
		this.#limit = limit;
	}

	/**
	 * Lends a server of the root on which a scenario can begin, once there is one or room for one.
	 * @throws Error as startProsody does, and once the pool is closed
	 */
	async lend(root: string): Promise<ProsodyServer> {
		for (;;) {
			if (this.#closed) throw new Error("the pool of Prosody servers is closed");
			const index = this.#idle.findIndex((member) => member.root === root);
			if (index >= 0) return this.#lend(this.#idle.splice(index, 1)[0]!);
			if (this.#members.size < this.#limit) {
				const member = { root, started: startProsody(root) };
				this.#members.add(member);
				return this.#lend(member);
			}
			// One of another root makes room, else one that is given back.
			const other = this.#idle.shift();
			if (other) await this.#stop(other);
			else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	/**
	 * Takes a server back, whatever its scenario has left on it. If something stays there, it is stopped, and the next
	 * scenario gets another.
	 * @throws Error if the server has failed
	 */
	async giveBack(server: ProsodyServer): Promise<void> {
		const member = this.#lent.get(server)!;
		this.#lent.delete(server);
		try {
			await server.end();
			this.#idle.push(member);
			this.#waiting.shift()?.();
		} catch (error) {
			await this.#stop(member);
			if (server.failed) throw error;
		}
	}

	/** Stops all servers, lent ones too. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const tell of this.#waiting.splice(0)) tell();
		await Promise.all([...this.#members].map((member) => this.#stop(member)));
	}

	async #lend(member: Member): Promise<ProsodyServer> {
		try {
			const server = await member.started;
			this.#lent.set(server, member);
			return server;
		} catch (error) {
			this.#remove(member);
			throw error;
		}
	}

	async #stop(member: Member): Promise<void> {
		try {
			// One that did not start is told of where it was to be lent.
			await (await member.started.catch(() => undefined))?.stop();
		} finally {
			this.#remove(member);
		}
	}

	#remove(member: Member): void {
		this.#members.delete(member);
		this.#waiting.shift()?.();
	}
}
