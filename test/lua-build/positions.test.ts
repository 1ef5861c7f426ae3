import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createFengariHost } from "../../bridge/fengari";
import { LuaError } from "../../bridge/fengari/errors";
import { atTypeScript, findLuaBuild, locate } from "../../bridge/lua-build";
import { located } from "../../bridge/lanes/located";
import type { ModuleSource } from "../../bridge/api";
import { build } from "../cli/prosody-push";
import { createMachine } from "../fengari/machine";
import { luaFiles } from "./luas";

beforeAll(build);

const source = (): ModuleSource => ({ lua: findLuaBuild("cloud_notify")! });

/** The position of the only line of a TypeScript file with this text in it. */
function lineOf(file: string, text: string): string {
	const lines = readFileSync(file, "utf8").split("\n");
	const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
	expect(found, `${text} in ${file}`).toHaveLength(1);
	return `${file}:${found[0]}`;
}

/** What is thrown when an event with this payload is fired on a host with the Lua file of mod_cloud_notify. */
function thrownBy(event: string, payload: (table: (fields: object) => object) => object): LuaError {
	const host = createFengariHost(createMachine());
	host.load("cloud_notify", source());
	const table = host.table.bind(host);
	try {
		host.prosody.hosts.localhost!.events.fire_event(event, table(payload(table)));
	} catch (error) {
		expect(error).toBeInstanceOf(LuaError);
		return error as LuaError;
	}
	throw new Error(`${event} raised no error`);
}

describe("positions in the Lua files of modules", () => {
	it("are those of the TypeScript in errors and in tracebacks", () => {
		const { message, traceback } = thrownBy("cloud-notify-ping", () => ({ user: "juliet", push_services: 1 }));
		expect(atTypeScript(message)).toMatch(new RegExp(`^${lineOf("modules/mod_cloud_notify/index.ts", "for (const identifier in")}: bad argument`));
		expect(atTypeScript(traceback).split("\n").filter((line) => line.includes("modules/"))).toEqual([
			expect.stringContaining(`${lineOf("modules/mod_cloud_notify/index.ts", "for (const identifier in")}: in`),
			expect.stringContaining(`${lineOf("modules/push/ping.ts", "named_in_ping?.(push_services)")}: in`),
		]);
		expect(atTypeScript(traceback)).not.toContain("mod_cloud_notify.lua");
	});

	it.each([
		["a closure of the entry", "modules/mod_cloud_notify/index.ts", "const { jid, node } = registered.registration",
			"cloud-notify-ping", () => ({ user: "juliet", push_services: { n: true } })],
		["a handler", "modules/push/offline.ts", "jid.node(event.stanza.attr.to) ?? event.origin.username",
			"message/bare/groupchat", () => ({})],
		["a handler with destructured arguments", "modules/push/archive.ts", "jid.split(stanza.attr.to ??",
			"archive-message-added", () => ({ for_user: "juliet", id: "1", stanza: {}, origin: {} })],
		["what several handlers call", "modules/mod_cloud_notify/index.ts", "read: (session) => session.push_identifier",
			"smacks-ack-delayed", () => ({ origin: true, queue: {} })],
		["a function with several statements on a line", "modules/mod_cloud_notify/registration.ts",
			"if (enable.attr.jid === undefined)", "iq-set/self/urn:xmpp:push:0:enable",
			() => ({ origin: { username: "juliet" }, stanza: { tags: [] } })],
	])("are right in %s", (_, file, text, event, payload) => {
		const { message } = thrownBy(event, (table) => {
			const tables = (value: unknown): unknown => {
				if (typeof value !== "object" || value === null) return value;
				return table(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, tables(field)])));
			};
			return tables(payload()) as object;
		});
		expect(atTypeScript(message)).toMatch(/^modules\/\S+\.ts:\d+: attempt to/);
		expect(atTypeScript(message).replace(/: attempt.*/s, "")).toBe(lineOf(file, text));
	});

	it("are right for every text that stands in the TypeScript", () => {
		let checked = 0;
		for (const path of luaFiles()) {
			const name = path.replace(/.*\//, "");
			for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
				if (/^\s*--/.test(line)) continue;
				for (const [, written] of line.matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
					const text = written!.replace(/\\(\d{3})/g, (_, code: string) => `\\u${Number(code).toString(16).padStart(4, "0")}`);
					locate(`${name}:${index + 1}`, (position) => {
						// What stands on several lines, such as a list, is one in Lua: its first counts.
						const lines = readFileSync(position.file, "utf8").split("\n").slice(position.line - 1, position.line + 24);
						// What is an object there is a table in Lua; and a template needs no backslash before quotes.
						const stands = lines.join("\n").replaceAll("\"object\"", "\"table\"");
						const unescaped = text.replaceAll("\\\"", "\"");
						expect(stands, `${position.written} at ${position.file}:${position.line}`)
							.toContain(stands.includes(unescaped) ? unescaped : text);
						checked++;
						return "";
					});
				}
			}
		}
		expect(checked).toBeGreaterThan(60);
	});

	it("are found however Lua and Prosody write them", () => {
		const line = readFileSync(findLuaBuild("cloud_notify")!, "utf8").split("\n").findIndex((text) => text.includes("Module loaded")) + 1;
		const there = lineOf("modules/mod_cloud_notify/index.ts", "Module loaded");
		for (const written of [
			`mod_cloud_notify.lua:${line}`,
			`/usr/lib/prosody/modules/mod_cloud_notify.lua:${line}`,
			`/opt/modules/mod_cloud_notify/mod_cloud_notify.lua:${line}`,
			`...osody/custom/mod_cloud_notify/mod_cloud_notify.lua:${line}`,
			`./mod_cloud_notify.lua line ${line}`,
		]) {
			expect(locate(`[${written}: x]`, ({ file, line: of, written: as }) => `${file}:${of} (${as})`)).toBe(`[${there} (${written}): x]`);
			expect(atTypeScript(`in function <${written}>\n\t${written}: a`)).toBe(`in function <${there}>\n\t${there}: a`);
		}
	});

	it("stay as they are where they are not from TypeScript", () => {
		for (const text of [
			"mod_cloud_notify.lua:1", "mod_cloud_notify.lua:0", "mod_cloud_notify.lua:99999", "mod_cloud_notify.lua",
			"mod_cloud_notify_simple.lua:300", "xmod_cloud_notify.lua:300", "mod_cloud_notify.lua.bak:300", "mod_constructor.lua:3",
		]) {
			expect(atTypeScript(text)).toBe(text);
		}
	});

	it("are told by the lanes that run these files, and only there", () => {
		const { message, stack } = thrownBy("cloud-notify-ping", () => ({ user: "juliet", push_services: 1 }));
		const run = {
			recording: { entries: [], ids: new Set<string>() },
			log: [{ at: 0, after: 0, source: "timer", level: "error" as const, message }],
			failure: { message, stack },
		};
		for (const lane of ["lua@fengari", "lua@prosody"] as const) {
			const { log, failure } = located(lane, run);
			for (const text of [log[0]!.message, failure!.message, failure!.stack!]) {
				expect(text).toContain("modules/mod_cloud_notify/index.ts:");
				expect(text).not.toContain("mod_cloud_notify.lua");
			}
		}
		expect(located("original@fengari", run)).toBe(run);
	});
});
