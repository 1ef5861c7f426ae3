import type { KeyvalStore, ModuleApi, Prosody, Require, WebPushRegistration } from "../../bridge/api";
import type { UsableRegistration } from "../push/registrations";
import { find_crypto } from "../push/webpush/crypto";
import { server_key_store, server_key_store_name } from "./server-key";
import { stored_registration_check, usable_registration_check } from "./stored";

/** What Prosody has for commands, to use the stores of a host that does not run. */
interface Storagemanager {
	initialize_host(this: void, host: string): void;
	open(this: void, host: string, store: string): KeyvalStore<unknown>;
}
type CommandRequire = (this: void, name: "core.storagemanager") => Storagemanager;

/** Lua's: commands run in prosodyctl alone. */
declare function print(this: void, line: string): void;

const done = 0;
const failed = 1;
const misused = 2;

const usage: readonly string[] = [
	"usage: prosodyctl mod_web_push show HOST",
	"       prosodyctl mod_web_push replace HOST --yes",
	"",
	"show     the public key that clients of the host subscribe for, and how many have",
	"replace  makes a new key pair; all subscriptions are dropped, and clients must subscribe anew",
];

interface Subscribed {
	subscriptions: number;
	users: number;
	/** Users whose data cannot be read. */
	unreadable: number;
}

function count_subscribed(
	store: KeyvalStore<unknown>, is_counted: UsableRegistration<WebPushRegistration>,
): Subscribed {
	const counted: Subscribed = { subscriptions: 0, users: 0, unreadable: 0 };
	for (const username of store.users()) {
		const [stored, err] = store.get(username);
		if (err !== undefined) counted.unreadable++;
		if (typeof stored !== "object") continue;
		const registrations = stored as Record<string, unknown>;
		let subscriptions = 0;
		for (const identifier in registrations) {
			if (is_counted(registrations[identifier], identifier)) subscriptions++;
		}
		counted.subscriptions += subscriptions;
		if (subscriptions > 0) counted.users++;
	}
	return counted;
}

/** `1 user`, `2 users` */
function number_of(count: number, thing: string): string {
	return `${String(count)} ${thing}${count === 1 ? "" : "s"}`;
}

function text_of({ subscriptions, users, unreadable }: Subscribed): string {
	const unknown = unreadable > 0 ? `; the data of ${number_of(unreadable, "user")} cannot be read` : "";
	return `${number_of(subscriptions, "subscription")} of ${number_of(users, "user")}${unknown}`;
}

/**
 * `prosodyctl mod_web_push`: shows and replaces the key pair of a host. Subscriptions are not touched: those for
 * another key count no more once the server has loaded the new one, which until then uses, and may store, them.
 * @returns what to make the module's `command`; it gives 0 if all went well, 1 if not, 2 if it was not understood
 */
export function web_push_command(module: ModuleApi, prosody: Prosody, require: Require): NonNullable<ModuleApi["command"]> {
	const say = (status: number, ...lines: string[]): number => {
		for (const line of lines) print(line);
		return status;
	};

	const run = (command: "show" | "replace", given_host: string, agreed: boolean): number => {
		const crypto = find_crypto(module, require);
		if (crypto === undefined) return say(failed, "mod_web_push needs Prosody 13.0: 0.12 has no util.crypto");
		const host = require("util.encodings").stringprep.nameprep(given_host) ?? given_host;
		// The global section of the configuration is a host here.
		if (host === "*" || prosody.hosts[host] === undefined) return say(failed, `There is no host ${host}`);
		const storage = (require as unknown as CommandRequire)("core.storagemanager");
		storage.initialize_host(host);
		const keys = server_key_store(storage.open(host, server_key_store_name), require, crypto);
		const stored = keys.read();
		if (stored.state === "none") {
			return say(failed, `${host} has no key pair yet: mod_web_push makes one when it is first loaded there`);
		}
		if (stored.state === "unreadable") return say(failed, stored.problem);

		const is_counted = stored.state === "usable"
			? usable_registration_check(require, stored.key.public_key)
			: stored_registration_check(require);
		const subscribed = count_subscribed(storage.open(host, module.name), is_counted);

		if (command === "show") {
			if (stored.state === "damaged") return say(failed, stored.problem);
			const { public_key, created } = stored.key;
			const made = created !== undefined ? require("util.datetime").datetime(created) : "unknown";
			return say(subscribed.unreadable > 0 ? failed : done,
				`Public key: ${public_key}`,
				`Made: ${made}`,
				`Subscribed for it: ${text_of(subscribed)}`);
		}

		if (!agreed) {
			return say(failed, `This drops ${text_of(subscribed)}. Nothing was changed. To do so: `
				+ `prosodyctl mod_web_push replace ${host} --yes`);
		}
		const made = keys.replace();
		if (made.problem !== undefined) return say(failed, made.problem);
		return say(done,
			`New public key: ${made.key.public_key}`,
			`Dropped: ${text_of(subscribed)}`,
			"A server that is running uses it after a restart, or after:",
			`prosodyctl shell module reload web_push ${host}`);
	};

	return (arg) => {
		if (arg.includes("--help") || arg.includes("-h")) return say(done, ...usage);
		const words = arg.filter((word) => word !== "--yes");
		const [command, host] = words;
		const agreed = words.length < arg.length;
		if (host === undefined || words.length > 2) return say(misused, ...usage);
		if (command === "show" && !agreed) return run(command, host, false);
		if (command === "replace") return run(command, host, agreed);
		return say(misused, ...usage);
	};
}
