import { bytesToText, textToBytes } from "../native/bytes";
import { table } from "./table";
import { textToNumber } from "./lua-number";

/** Where a table has something under Lua's key `false`: data about the table that is no entry of it (rosters). */
export const falseKey: unique symbol = Symbol("false");
/** Where a table has something under Lua's key `true`. */
export const trueKey: unique symbol = Symbol("true");

/**
 * What Lua source can spell out as data. A table whose keys are 1 to n is a list. Any other table, the empty one too,
 * is an object without inherited members, in which a number as a key has become text.
 */
export type LuaData = undefined | boolean | number | string | LuaData[] | LuaTable;

/** A Lua table that is no list. */
export interface LuaTable {
	[key: string]: LuaData;
	[falseKey]?: LuaData;
	[trueKey]?: LuaData;
}

/** As deep as Lua lets source nest. */
const MAX_DEPTH = 200;

/**
 * Evaluates Lua source that is data: an expression, or `return` and an expression, of literals, tables, arithmetic and
 * concatenation. There are no names in it, and nothing runs. Empty source is nil.
 * @param name what the source is called in errors, which say the line
 */
export function parseLuaData(source: string, name: string): LuaData {
	return new Parser(source, name).chunk();
}

interface Token {
	/** `name` is any word that is no literal, `symbol` an operator or a bracket. */
	kind: "string" | "number" | "name" | "symbol" | "end";
	/** As it stands in the source. */
	text: string;
	value?: string | number;
	line: number;
}

const space = /(?:[ \t\r\n\v\f]+|--\[(=*)\[[^]*?\]\1\]|--(?!\[=*\[)[^\n]*)+/y;
const word = /[A-Za-z_]\w*/y;
const numeral = /0[xX](?:[\da-fA-F.]|[pP][+-]?)*|(?:\d|\.\d)(?:[eE][+-]?|[\w.])*/y;
const shortString = /(["'])((?:\\z\s*(?!\s)|\\\r\n|\\[^z]|(?!\1)[^\\\r\n])*)\1/y;
const longString = /\[(=*)\[([^]*?)\]\1\]/y;
const symbol = /\.\.|\/\/|[-+*/%^(){}[\]=;,.:#~&|<>]/y;

class Lexer {
	#at = 0;
	#line = 1;

	constructor(readonly source: string, readonly name: string) {}

	next(): Token {
		this.#match(space);
		const line = this.#line;
		if (this.#at >= this.source.length) return { kind: "end", text: "<eof>", line };
		const matched = (kind: Token["kind"], pattern: RegExp, read?: (match: RegExpExecArray) => string | number) => {
			const match = this.#match(pattern);
			return match === undefined ? undefined : { kind, text: match[0], value: read?.(match), line };
		};
		return matched("name", word)
			?? matched("number", numeral, ([text]) => textToNumber(text) ?? this.fail(`malformed number near '${text}'`))
			?? matched("string", shortString, ([, , text]) => this.#unescape(text!))
			?? matched("string", longString, ([, , text]) => text!.replace(/\r\n?|\n\r/g, "\n").replace(/^\n/, ""))
			?? matched("symbol", symbol)
			?? this.fail(`unexpected ${JSON.stringify(this.source[this.#at])}`);
	}

	fail(message: string, line = this.#line): never {
		throw new Error(`${this.name}:${line}: ${message}`);
	}

	#match(pattern: RegExp): RegExpExecArray | undefined {
		pattern.lastIndex = this.#at;
		const match = pattern.exec(this.source);
		if (match === null) return undefined;
		this.#at = pattern.lastIndex;
		this.#line += match[0].split("\n").length - 1;
		return match;
	}

	#unescape(text: string): string {
		if (!text.includes("\\")) return text;
		const bytes: Uint8Array[] = [];
		for (const [part] of text.matchAll(/\\(?:\d{1,3}|x[^]{0,2}|u\{[^}]*\}?|z\s*|\r\n|[^])|[^\\]+/g)) {
			bytes.push(part[0] === "\\" ? this.#escape(part) : textToBytes(part));
		}
		return bytesToText(Buffer.concat(bytes));
	}

	#escape(escape: string): Uint8Array {
		const kind = escape[1]!;
		const plain = plainEscapes[kind];
		if (plain !== undefined) return textToBytes(plain);
		if (kind === "z") return new Uint8Array();
		const [, decimal, hex, point] = /^\\(?:(\d+)|x([\da-f]{2})|u\{([\da-f]+)\})$/i.exec(escape) ?? [];
		const byte = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
		if (byte !== undefined && byte <= 0xff) return Buffer.from([byte]);
		const code = point === undefined ? Number.NaN : Number.parseInt(point, 16);
		if (code <= 0x10ffff) return textToBytes(String.fromCodePoint(code));
		return this.fail(`invalid escape sequence '${escape}'`);
	}
}

const plainEscapes: Readonly<Record<string, string>> = {
	a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v",
	"\\": "\\", "\"": "\"", "'": "'", "\n": "\n", "\r": "\n",
};

/** Binding powers to the left and right of each operator; the higher binds first. */
const operators: Readonly<Record<string, readonly [left: number, right: number]>> = {
	"..": [9, 8], "+": [10, 10], "-": [10, 10], "*": [11, 11], "/": [11, 11], "//": [11, 11], "%": [11, 11],
	"^": [14, 13],
};
const UNARY = 12;

class Parser {
	readonly #lexer: Lexer;
	#token: Token;
	#depth = 0;

	constructor(source: string, name: string) {
		this.#lexer = new Lexer(source, name);
		this.#token = this.#lexer.next();
	}

	chunk(): LuaData {
		if (this.#is("name", "return")) this.#advance();
		const value = this.#is("symbol", ";") || this.#token.kind === "end" ? undefined : this.#expression(0);
		if (this.#is("symbol", ";")) this.#advance();
		if (this.#token.kind !== "end") this.#fail("<eof> expected");
		return value;
	}

	#is(kind: Token["kind"], text: string): boolean {
		return this.#token.kind === kind && this.#token.text === text;
	}

	#advance(): Token {
		const token = this.#token;
		this.#token = this.#lexer.next();
		return token;
	}

	#expect(text: string): void {
		if (!this.#is("symbol", text)) this.#fail(`'${text}' expected`);
		this.#advance();
	}

	#fail(message: string): never {
		return this.#lexer.fail(`${message} near '${this.#token.text}'`, this.#token.line);
	}

	#expression(power: number): LuaData {
		if (++this.#depth > MAX_DEPTH) this.#fail("nested too deeply");
		let value = this.#operand();
		for (;;) {
			const binding = this.#token.kind === "symbol" ? operators[this.#token.text] : undefined;
			if (binding === undefined || binding[0] <= power) break;
			const operator = this.#advance();
			value = this.#operate(operator, value, this.#expression(binding[1]));
		}
		this.#depth--;
		return value;
	}

	#operand(): LuaData {
		const token = this.#token;
		if (token.kind === "string" || token.kind === "number") return this.#advance().value;
		if (this.#is("symbol", "{")) return this.#table();
		if (this.#is("symbol", "-")) {
			this.#advance();
			return -this.#number(this.#expression(UNARY), token);
		}
		if (this.#is("symbol", "(")) {
			this.#advance();
			const value = this.#expression(0);
			this.#expect(")");
			return value;
		}
		if (token.kind === "name" && (token.text === "nil" || token.text === "true" || token.text === "false")) {
			this.#advance();
			return token.text === "nil" ? undefined : token.text === "true";
		}
		return this.#fail(token.kind === "name" ? "data expected, no names," : "unexpected symbol");
	}

	#number(value: LuaData, operator: Token): number {
		if (typeof value === "number") return value;
		return this.#lexer.fail(`'${operator.text}' needs numbers`, operator.line);
	}

	#operate(operator: Token, left: LuaData, right: LuaData): LuaData {
		if (operator.text === ".." && typeof left === "string" && typeof right === "string") return left + right;
		const a = this.#number(left, operator);
		const b = this.#number(right, operator);
		switch (operator.text) {
			case "+": return a + b;
			case "-": return a - b;
			case "*": return a * b;
			case "/": return a / b;
			case "//": return Math.floor(a / b);
			case "%": return a - Math.floor(a / b) * b;
			case "^": return a ** b;
			default: return this.#lexer.fail("'..' needs strings", operator.line);
		}
	}

	#table(): LuaData {
		const entries = new Map<string | number | boolean, LuaData>();
		const items: LuaData[] = [];
		this.#expect("{");
		while (!this.#is("symbol", "}")) {
			const key = this.#key();
			const value = this.#expression(0);
			if (key === undefined) items.push(value);
			else entries.set(key, value);
			if (!this.#is("symbol", ";") && !this.#is("symbol", ",")) break;
			this.#advance();
		}
		this.#expect("}");
		for (const [at, item] of items.entries()) entries.set(at + 1, item);
		return tableOf(entries);
	}

	/** The key of the table's next field; undefined if the field has but a value, and so goes to the end of the list. */
	#key(): string | number | boolean | undefined {
		if (this.#is("symbol", "[")) {
			this.#advance();
			const key = this.#expression(0);
			this.#expect("]");
			this.#expect("=");
			if (typeof key === "string" || typeof key === "boolean") return key;
			if (typeof key === "number" && !Number.isNaN(key)) return key;
			return this.#fail("a key must be text, a number or a boolean,");
		}
		if (this.#token.kind !== "name" || keywords.has(this.#token.text)) return undefined;
		const name = this.#advance().text;
		this.#expect("=");
		return name;
	}
}

const keywords: ReadonlySet<string> = new Set(["nil", "true", "false", "not", "function", "return"]);

function tableOf(entries: Map<string | number | boolean, LuaData>): LuaData {
	for (const [key, value] of entries) if (value === undefined) entries.delete(key);
	const list: LuaData[] = [];
	while (entries.has(list.length + 1)) list.push(entries.get(list.length + 1));
	if (list.length > 0 && list.length === entries.size) return list;
	const result = table<LuaData>() as LuaTable;
	for (const [key, value] of entries) {
		result[key === false ? falseKey : key === true ? trueKey : key as string] = value;
	}
	return result;
}
