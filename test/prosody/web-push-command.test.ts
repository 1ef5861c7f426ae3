import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { commandIn, ENVIRONMENT, findProsody, missingFor } from "../../bridge/prosody/root";
import { findLuaBuild } from "../../bridge/lua-build";
import { parseLuaData } from "../../bridge/node/lua-data";
import { parseScenario, perform } from "../../bridge/scenario";
import { ProsodyStage } from "../../bridge/prosody/stage";
import { startProsody, type ProsodyServer } from "../../bridge/prosody/server";
import { itLacks, itUnlessLacking, prosodyRoots } from "../prosody-here";
import { AUTH, disableAt, enable, ENDPOINT, identifierOf, P256DH } from "../modules/web_push/subscribing";

/** What an operator sees of a command. */
interface Said {
	status: number | null;
	said: string;
}

const lua = findLuaBuild("web_push");
const PUBLIC_KEY = /^[\w-]{87}$/;

const CAST = `# The command
[Client] Phone
	jid: juliet@localhost/phone

---------

`;

/** Has something done with a server that has the module's file, and may have it loaded on `localhost`. */
async function withServer(root: string, isLoaded: boolean, act: (operator: Operator) => Promise<void>): Promise<void> {
	const server = await startProsody(root);
	try {
		const modules = [{ name: "web_push", path: lua! }];
		const stage = await ProsodyStage.begin(parseScenario("command.scs", `${CAST}1 second passes`), {
			server, release: () => server.end(), modules: isLoaded ? modules : [],
		});
		server.replaceModules(modules);
		await act(new Operator(root, server, stage));
		await stage.close();
	} finally {
		await server.stop();
	}
}

class Operator {
	readonly #root: string;
	readonly #server: ProsodyServer;
	readonly #stage: ProsodyStage;

	constructor(root: string, server: ProsodyServer, stage: ProsodyStage) {
		this.#root = root;
		this.#server = server;
		this.#stage = stage;
	}

	prosodyctl(...words: string[]): Said {
		const command = `${findProsody(this.#root)!.program}ctl`;
		const [program, ...args] = commandIn(this.#root, [command, "--config", this.#server.configuration, ...words]);
		const { status, stdout, stderr } = spawnSync(program, args, { env: ENVIRONMENT, encoding: "utf8" });
		return { status, said: `${stdout}${stderr}` };
	}

	command(...words: string[]): Said {
		return this.prosodyctl("mod_web_push", ...words);
	}

	/** Juliet's phone sends this and is told that it was done. */
	async done(xml: string): Promise<void> {
		const { steps } = await perform(parseScenario("command.scs", `${CAST}Phone connects\n\nPhone sends:\n\t<iq type="set" id="r">${
			xml}</iq>\n\nPhone receives:\n\t<iq type="result" id="r"/>\n\nPhone disconnects`), this.#stage);
		expect(steps.at(-1)!.failure).toBeUndefined();
	}

	/** What is stored on `localhost`, or under a user's name. */
	stored(...path: string[]): Record<string, Record<string, unknown> & string> {
		const file = `${this.path(...path)}.dat`;
		return existsSync(file) ? parseLuaData(readFileSync(file, "utf8"), "stored") as ReturnType<Operator["stored"]> : {};
	}

	store(text: string, ...path: string[]): void {
		const file = `${this.path(...path)}.dat`;
		mkdirSync(join(file, ".."), { recursive: true });
		writeFileSync(file, text);
	}

	private path(...path: string[]): string {
		return join(this.#server.dataFolder, "localhost", ...path);
	}
}

/** What is stored of a subscription. */
function subscription(endpoint: string, server_key: string): string {
	return `["${identifierOf(endpoint)}"] = { ["endpoint"] = "${endpoint}", ["p256dh"] = "${P256DH}", ["auth"] = "${AUTH}", `
		+ `["timestamp"] = 5, ["server_key"] = "${server_key}" };`;
}

function isOld(root: string): boolean {
	return findProsody(root)?.version.startsWith("0.") === true;
}

if (prosodyRoots.every(isOld)) itLacks("no Prosody 13.0 here", "prosodyctl mod_web_push shows and replaces keys");

describe.concurrent.each(prosodyRoots)("prosodyctl mod_web_push, of the Prosody in %s,", (root) => {
	const missing = missingFor(root)?.missing ?? (lua === undefined ? "mod_web_push.lua is not built" : undefined);
	const it = (name: string, series: "0.12" | "13.0", isLoaded: boolean, act: (operator: Operator) => Promise<void>): void => {
		// A root without any Prosody lacks 13.0.
		if (isOld(root) === (series === "0.12")) itUnlessLacking(missing, name, () => withServer(root, isLoaded, act), 60_000);
	};

	it("says that it needs 13.0", "0.12", false, async (operator) => {
		for (const words of [["show", "localhost"], ["replace", "localhost", "--yes"]]) {
			expect(operator.command(...words)).toEqual({
				status: 1, said: expect.stringContaining("mod_web_push needs Prosody 13.0: 0.12 has no util.crypto\n"),
			});
		}
		expect(operator.stored("web_push_keys")).toEqual({});
	});

	it("explains itself", "13.0", false, async (operator) => {
		const usage = expect.stringMatching(/usage: prosodyctl mod_web_push show HOST\n +prosodyctl mod_web_push replace HOST --yes\n/);
		expect(operator.command("--help")).toEqual({ status: 0, said: usage });
		for (const words of [[], ["show"], ["generate", "localhost"], ["show", "localhost", "other"], ["show", "localhost", "--yes"], ["replace", "--yes"]]) {
			expect(operator.command(...words)).toEqual({ status: 2, said: usage });
		}
		for (const host of ["other.localhost", "*", ""]) {
			expect(operator.command("show", host)).toEqual({ status: 1, said: expect.stringContaining(`There is no host ${host}\n`) });
		}
	});

	it("changes nothing where the module was never loaded", "13.0", false, async (operator) => {
		for (const words of [["show", "localhost"], ["replace", "localhost"], ["replace", "localhost", "--yes"]]) {
			expect(operator.command(...words)).toEqual({ status: 1, said: expect.stringContaining("localhost has no key pair yet") });
		}
		expect(operator.stored("web_push_keys")).toEqual({});
	});

	it("shows the key, and replaces it, and the server follows", "13.0", true, async (operator) => {
		const { public_key: first, created } = operator.stored("web_push_keys") as unknown as { public_key: string; created: number };
		expect(first).toMatch(PUBLIC_KEY);
		await operator.done(enable());
		operator.store(`return { ${subscription(ENDPOINT, first)} ${subscription(`${ENDPOINT}/2`, first)
		} ${subscription(`${ENDPOINT}/3`, "another")} ["foo"] = "${ENDPOINT}"; };`, "web_push", "romeo");
		operator.store(`return { ["foo"] = "${ENDPOINT}"; };`, "web_push", "nurse");

		const made = new Date(created * 1000).toISOString().replace(".000", "");
		const shown = { status: 0, said: expect.stringContaining(`Public key: ${first}\nMade: ${made}\nSubscribed for it: 3 subscriptions of 2 users\n`) };
		expect(operator.command("show", "localhost")).toEqual(shown);
		expect(operator.command("show", "LocalHost")).toEqual(shown);

		expect(operator.command("replace", "localhost")).toEqual({ status: 1, said: expect.stringContaining(
			"This drops 3 subscriptions of 2 users. Nothing was changed. To do so: prosodyctl mod_web_push replace localhost --yes\n") });
		expect(operator.command("show", "localhost")).toEqual(shown);

		const { status, said } = operator.command("replace", "localhost", "--yes");
		const second = operator.stored("web_push_keys").public_key!;
		expect(second).toMatch(PUBLIC_KEY);
		expect(second).not.toBe(first);
		expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining(`New public key: ${second}\nDropped: 3 subscriptions of 2 users\n`) });
		expect(said).toContain("prosodyctl shell module reload web_push localhost\n");
		expect(operator.command("show", "localhost").said).toContain("Subscribed for it: 0 subscriptions of 0 users\n");

		expect(operator.prosodyctl("shell", "module", "reload", "web_push", "localhost")).toMatchObject({ status: 0 });
		await operator.done(enable({ endpoint: `<endpoint>${ENDPOINT}/new</endpoint>` }));
		expect(Object.values(operator.stored("web_push", "juliet")).map(({ endpoint, server_key }) => [endpoint, server_key]))
			.toEqual([[`${ENDPOINT}/new`, second]]);
		expect(operator.command("show", "localhost")).toEqual({
			status: 0, said: expect.stringMatching(new RegExp(`Public key: ${second}\n.*\nSubscribed for it: 1 subscription of 1 user\n`)),
		});
		await operator.done(disableAt(`${ENDPOINT}/new`));
	});

	it("says what is wrong with a stored key, and replaces it knowingly", "13.0", true, async (operator) => {
		const damaged = 'return { ["private_key"] = "lost" };';
		operator.store(damaged, "web_push_keys");
		operator.store(`return { ${subscription(ENDPOINT, "whichever")} };`, "web_push", "romeo");
		expect(operator.command("show", "localhost")).toEqual({
			status: 1, said: expect.stringContaining("What is stored as the private key is no private key on P-256\n"),
		});
		expect(operator.command("replace", "localhost")).toEqual({ status: 1, said: expect.stringContaining("This drops 1 subscription of 1 user. Nothing was changed.") });
		expect(operator.stored("web_push_keys")).toEqual({ private_key: "lost" });
		expect(operator.command("replace", "localhost", "--yes").status).toBe(0);
		expect(operator.stored("web_push_keys").public_key).toMatch(PUBLIC_KEY);

		operator.store("return { torn", "web_push_keys");
		for (const words of [["show", "localhost"], ["replace", "localhost", "--yes"]]) {
			expect(operator.command(...words)).toEqual({ status: 1, said: expect.stringContaining("The store cannot be read: Error reading storage\n") });
		}
	});
});
