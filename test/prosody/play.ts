import { commandIn, ENVIRONMENT, findProsody, missingFor } from "../../bridge/prosody/root";
import { execFile } from "node:child_process";
import { findLuaBuild } from "../../bridge/lua-build";
import { findOriginal } from "../../bridge/lanes/originals";
import { parse } from "ltx";
import { parseScenario, perform, type Scenario } from "../../bridge/scenario";
import { promisify } from "node:util";
import { ProsodyStage } from "../../bridge/prosody/stage";
import { startProsody, type ModuleFile, type ProsodyServer } from "../../bridge/prosody/server";
import type { LogEntry } from "../../bridge/api";

/** What implements `mod_cloud_notify` on a server. */
export type Implementation = "original" | "ours";

/** Why a play cannot be on: there is no such Prosody that runs, or no such implementation. Undefined if it can. */
export function lackingFor(root: string, implementation: Implementation): string | undefined {
	const missing = missingFor(root)?.missing;
	if (missing !== undefined || fileOf(implementation, root) !== undefined) return missing;
	return implementation === "ours" ? "mod_cloud_notify.lua is not built" : `no mod_cloud_notify in ${root}`;
}

function fileOf(implementation: Implementation, root: string): string | undefined {
	return implementation === "ours" ? findLuaBuild("cloud_notify") : findOriginal("cloud_notify", { prosodyRoot: root })?.path;
}

/** What a push service got: which registration was pushed to, with which publish options. */
export interface Push {
	to: string;
	node: string | undefined;
	/** Publish options by name. */
	options: Record<string, string>;
}

/**
 * A scenario in several acts on a real Prosody with `mod_cloud_notify`. Between them things are done to the server that
 * scenarios have no words for.
 */
export class Play {
	/** What was logged so far, all levels. */
	readonly log: LogEntry[] = [];
	readonly #root: string;
	readonly #server: ProsodyServer;
	readonly #cast: string;
	#stage!: ProsodyStage;
	#seen = 0;

	private constructor(root: string, server: ProsodyServer, cast: string) {
		this.#root = root;
		this.#server = server;
		this.#cast = cast;
	}

	/**
	 * Has it played on a server of its own, which is gone afterwards.
	 * @param cast the tags and characters of a scenario
	 */
	static async on(
		root: string, implementation: Implementation, cast: string, acts: (play: Play) => Promise<void>,
	): Promise<void> {
		const server = await startProsody(root);
		try {
			const play = new Play(root, server, cast);
			// A scenario has a step, but none of this one is performed: it is for the cast.
			play.#stage = await ProsodyStage.begin(play.#scenario("1 seconds pass"), {
				server,
				release: () => server.end(),
				modules: [play.#file(implementation)],
				log: (entry) => play.log.push(entry),
			});
			await acts(play);
			await play.#stage.close();
		} finally {
			await server.stop();
		}
	}

	/** Performs these steps. Rejects with the first that fails, if one does. */
	async act(...steps: string[]): Promise<void> {
		const outcome = await perform(this.#scenario(steps.join("\n")), this.#stage);
		const { text, failure } = outcome.steps.at(-1)!;
		if (failure) throw new Error(`${text} ${failure.message}${failure.received === undefined ? "" : `: ${failure.received}`}`);
	}

	/** The pushes since this was last asked, in the order of their registrations' names. */
	pushes(): Push[] {
		const entries = this.#stage.trace.slice(this.#seen);
		this.#seen = this.#stage.trace.length;
		const pushes = entries.flatMap((entry) => entry.kind === "stanza" && entry.from === "localhost" ? readPush(entry.xml) : []);
		const name = ({ to, node }: Push): string => `${to}<${node ?? ""}`;
		return pushes.sort((a, b) => (name(a) < name(b) ? -1 : 1));
	}

	/** The id of the last push. */
	get lastId(): string {
		const last = this.#stage.trace.filter((entry) => entry.kind === "stanza" && readPush(entry.xml).length > 0).at(-1);
		if (last?.kind !== "stanza") throw new Error("there was no push");
		return String(parse(last.xml).attrs.id);
	}

	/** Puts the other implementation's file in place of the module's. The server goes on with what it has loaded. */
	replaceFile(implementation: Implementation): void {
		this.#server.replaceModules([this.#file(implementation)]);
	}

	/** As an operator does it: `prosodyctl shell WORDS`. Returns what it said; rejects with that if it failed. */
	async shell(...words: string[]): Promise<string> {
		const prosodyctl = `${findProsody(this.#root)!.program}ctl`;
		const [program, ...args] = commandIn(this.#root, [prosodyctl, "--config", this.#server.configuration, "shell", ...words]);
		const { stdout } = await promisify(execFile)(program, args, { env: ENVIRONMENT });
		await this.#server.barrier();
		return stdout;
	}

	/** Errors in the log so far, and warnings of the host's modules: Prosody itself warns of being stopped. */
	get complaints(): string[] {
		return this.log.filter(({ source, level }) => level === "error" || level === "warn" && source.startsWith("localhost:"))
			.map(({ source, level, message }) => `${source} ${level} ${message}`);
	}

	#scenario(steps: string): Scenario {
		return parseScenario("play.scs", `# Play\n${this.#cast}\n---------\n\n${steps}`);
	}

	#file(implementation: Implementation): ModuleFile {
		const path = fileOf(implementation, this.#root);
		if (path === undefined) throw new Error(lackingFor(this.#root, implementation));
		return { name: "cloud_notify", path };
	}
}

function readPush(xml: string): Push[] {
	const iq = parse(xml);
	const pubsub = iq.getChild("pubsub", "http://jabber.org/protocol/pubsub");
	const publish = pubsub?.getChild("publish");
	if (!publish) return [];
	const fields = pubsub!.getChild("publish-options")?.getChild("x", "jabber:x:data")?.getChildElements() ?? [];
	return [{
		to: String(iq.attrs.to),
		node: publish.attrs.node as string | undefined,
		options: Object.fromEntries(fields.map((field) => [String(field.attrs.var), field.getChildText("value") ?? ""])),
	}];
}
