import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import tseslint from "typescript-eslint";
import { portableSubset } from "../../lint/portable-subset.mjs";

const eslint = new ESLint({
	overrideConfigFile: true,
	overrideConfig: tseslint.config({
		files: ["**/*.ts"],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: {
				projectService: { allowDefaultProject: ["modules/sample.ts"] },
				tsconfigRootDir: new URL("../..", import.meta.url).pathname,
			},
		},
		...portableSubset,
	}, { plugins: { "@typescript-eslint": tseslint.plugin } }) as ESLint.Options["overrideConfig"],
});

async function complaints(code: string): Promise<string[]> {
	const [result] = await eslint.lintText(code, { filePath: "modules/sample.ts" });
	return result!.messages.map((message) => message.message);
}

describe("the portable subset", () => {
	it.each([
		["null", "export const x = null;", /never null/],
		["a regular expression", "export const x = /a/;", /regular expressions/],
		["the length of a text", "export const f = (s: string) => s.length;", /UTF-16/],
		["a part of a text", "export const f = (s: string) => s.slice(1);", /UTF-16/],
		["a character by index", "export const f = (s: string) => s[0];", /UTF-16/],
		["a loop over characters", "export function f(s: string) { for (const c of s) { c.trim(); } }", /by characters/],
		["a part of a text from a position on", "export const f = (s: string) => s.startsWith('a', 1);", /UTF-16/],
		["undefined in a list of types", "export const f = (list: (string | undefined)[]) => list.length;", /undefined element/],
		["undefined in a list", "export const f = (s?: string) => { const list = [s, 'a']; return list.length; };", /undefined element/],
		["a list of what may be undefined", "export const f = (list: { s?: string }[]) => list.map((t) => t.s).length;", /undefined element/],
		["a number in a text", "export const f = (n: number) => `${n / 2}`;", /template literal/],
		["a number added to a text", "export const f = (n: number) => 'a' + n;", /'\+'/],
		["numbers sorted as texts", "export const f = (list: number[]) => list.sort();", /'compare'/],
		["bits", "export const f = (n: number) => n & 1;", /'&'/],
		["a length as a field", "export const f = ({ length }: string[]) => length;", /no field/],
		["JSON", "export const f = (x: unknown) => JSON.stringify(x);", /'JSON'/],
		["the clock", "export const f = () => new Date();", /'Date'/],
		["chance", "export const f = () => Math.random();", /Chance/],
		["timers", "export const f = () => setTimeout(() => undefined, 1);", /'setTimeout'/],
		["a text as a condition", "export const f = (s: string) => (s ? 1 : 2);", /conditional/],
		["a number as a condition", "export const f = (n: number) => (n ? 1 : 2);", /conditional/],
		["a nullable as a condition", "export const f = (t: object | undefined) => (t ? 1 : 2);", /conditional/],
		["this", "export function f(this: { n: number }) { return this.n; }", /'this'/],
		["a package", "import { x } from 'ltx'; export const y: unknown = x;", /types of bridge\/api/],
		["a host", "import { x } from '../bridge/node'; export const y: unknown = x;", /types of bridge\/api/],
		["any", "export const f = (x: any): unknown => x;", /any/],
	])("has no %s", async (_, code, complaint) => {
		expect(await complaints(code)).toEqual([expect.stringMatching(complaint)]);
	});

	it("has lists, closures, tables and text that is only joined and compared", async () => {
		expect(await complaints(`
			import type { Stanza } from "../bridge/api";
			export function f(stanza: Stanza, names: readonly string[]): string {
				const seen: Record<string, boolean | undefined> = {};
				for (const tag of stanza.tags) seen[tag.name] = true;
				const found = names.filter((name) => seen[name] === true && name.startsWith("a"));
				return found.length > 0 ? found.join(", ") : \`none of \${stanza.name}\`;
			}
		`)).toEqual([]);
	});
});
