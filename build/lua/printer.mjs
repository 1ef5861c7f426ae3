import { dirname, relative, resolve } from "node:path";
import ts from "typescript";
import * as lua from "typescript-to-lua";
import { isUnsafeName } from "typescript-to-lua/dist/transformation/utils/safe-names.js";

/**
 * A TypeScript file as Lua, to be put in one file with others: a block of statements in which what the file exports and
 * imports has its own name, declared outside.
 * @typedef {object} LinkedFile
 * @property {string} path
 * @property {import("source-map").SourceNode} code
 * @property {Set<string>} exports
 * @property {Set<string>} imports paths of the files that it imports values of
 * @property {Set<string>} names all names in it
 * @property {boolean} unpacks it uses `unpack`
 * @property {string} [handsOn] where it exports what another file makes, which cannot be linked
 */

const EXPORTS = "____exports";
/** What TypeScriptToLua calls that which nobody reads. */
const UNUSED = "____";
/** The longest list on one line. */
const LIST_WIDTH = 100;

/** Where TypeScriptToLua has a table of exports and `require`, this has the plain names. */
export class LinkedPrinter extends lua.LuaPrinter {
	#exports = new Set();
	#imports = new Set();
	/** The names of the tables of imports. */
	#importTables = new Set();
	#names = new Set();
	#unpacks = false;
	/** The line of what is being printed. */
	#line = 0;
	#handsOn;
	#source;
	#place;
	#problems;

	/**
	 * @param {string} root sources are named from here
	 * @param {string[]} problems gets what cannot be linked, a line each
	 */
	constructor(emitHost, program, path, root, problems) {
		super(emitHost, program, path);
		this.relativeSourcePath = relative(root, path);
		this.#source = program.getSourceFile(path);
		this.#place = relative(root, path);
		this.#problems = problems;
	}

	/** @returns {LinkedFile} */
	linked(file) {
		this.pushIndent();
		const statements = file.statements.filter((statement) => !this.#isLinkage(statement));
		const code = this.concatNodes(...this.printStatementArray(statements));
		for (const name of this.#exports) {
			if (isUnsafeName(name, this.options)) this.#refuse({ line: 0 }, `'${name}' has a meaning in Lua: export it under another name`);
		}
		return {
			path: this.#source.fileName, code, exports: this.#exports, imports: this.#imports, names: this.#names,
			unpacks: this.#unpacks, handsOn: this.#handsOn,
		};
	}

	nothing() {
		return this.concatNodes();
	}

	/** Whether a statement only makes, fills or hands on a table of exports. */
	#isLinkage(statement) {
		if (lua.isReturnStatement(statement)) return isNamed(statement.expressions[0], EXPORTS);
		if (lua.isExpressionStatement(statement)) return this.#isImport(statement.expression);
		if (!lua.isVariableDeclarationStatement(statement)) return false;
		const [name] = statement.left;
		const value = statement.right?.[0];
		if (name.text === EXPORTS) return true;
		if (value === undefined) return false;
		if (this.#isImport(value)) {
			if (!name.text.startsWith("____")) this.#refuse(statement, `import the members of '${name.text}' by their names`);
			this.#importTables.add(name.text);
			return true;
		}
		if (lua.isTableIndexExpression(value) && this.#isImportTable(value.table)) {
			if (value.index.value !== name.text) {
				this.#refuse(statement, `import '${value.index.value}' under its own name, which must have no meaning in Lua`);
			}
			return true;
		}
		return false;
	}

	/** `require("./path")`, as TypeScriptToLua makes it of an import. */
	#isImport(expression) {
		if (!lua.isCallExpression(expression) || !isNamed(expression.expression, "require")) return false;
		const specifier = expression.params[0].value;
		const path = resolve(dirname(this.#source.fileName), specifier);
		const { resolvedModule } = ts.resolveModuleName(specifier, this.#source.fileName, this.options, ts.sys);
		if (resolvedModule === undefined) this.#refuse(expression, `cannot find ${path}`);
		else this.#imports.add(resolvedModule.resolvedFileName);
		return true;
	}

	#isImportTable(expression) {
		return lua.isIdentifier(expression) && this.#importTables.has(expression.text);
	}

	printExpression(expression) {
		this.#line = lua.getOriginalPos(expression).line ?? this.#line;
		return super.printExpression(expression);
	}

	printIdentifier(expression) {
		this.#names.add(expression.text);
		return expression.text === UNUSED ? this.createSourceNode(expression, "_") : super.printIdentifier(expression);
	}

	printCallExpression(expression) {
		// An import is linkage, and what is called `require` in a module has another name here.
		if (isNamed(expression.expression, "require")) this.#handsOn ??= `${this.#place}:${this.#line + 1}`;
		return super.printCallExpression(expression);
	}

	printTableIndexExpression(expression) {
		const { table, index } = expression;
		if (isNamed(table, "bit32")) this.#refuse(expression, "the versions of Lua have no operations on bits in common");
		if (lua.isStringLiteral(index)) {
			if (isNamed(table, EXPORTS)) {
				this.#exports.add(index.value);
				return this.createSourceNode(expression, index.value);
			}
			if (this.#isImportTable(table)) return this.createSourceNode(expression, index.value);
			if (isNamed(table, "table") && index.value === "unpack") {
				this.#unpacks = true;
				return this.createSourceNode(expression, "unpack");
			}
		}
		return super.printTableIndexExpression(expression);
	}

	printStringLiteral(expression) {
		// TypeScriptToLua's `\0` would take in a digit that follows.
		const text = expression.value.split("\0").map((part) => lua.escapeString(part).slice(1, -1)).join("\\000");
		return this.createSourceNode(expression, `"${text}"`);
	}

	isSimpleExpressionList(expressions) {
		return super.isSimpleExpressionList(expressions)
			&& this.concatNodes(...expressions.map((expression) => this.printExpression(expression))).toString().length < LIST_WIDTH;
	}

	// Prosody's own files are indented with tabs.
	pushIndent() {
		this.currentIndent += "\t";
	}

	popIndent() {
		this.currentIndent = this.currentIndent.slice(1);
	}

	#refuse(node, problem) {
		const { line = this.#line } = lua.getOriginalPos(node);
		this.#problems.push(`${this.#place}:${line + 1}: ${problem}`);
	}
}

function isNamed(expression, name) {
	return expression !== undefined && lua.isIdentifier(expression) && expression.text === name;
}
