import { dirname } from "node:path";
import ts from "typescript";
import { NotBuilt } from "../not-built.mjs";
import { placeOf } from "./compile.mjs";

/**
 * A module of the registry.
 * @typedef {object} RegisteredModule
 * @property {string} name without `mod_`
 * @property {string} file the path of its TypeScript file
 * @property {string} exported what the file exports it as
 * @property {{ line: number, column: number }} at where: the first line is 1, the first column 0
 * @property {string} description its doc comment
 */

/**
 * Reads the registry: `export const modules = { NAME: FUNCTION, … }`, where each function comes from a file of its own.
 * @param {ts.Program} program
 * @param {string} path
 * @returns {RegisteredModule[]}
 * @throws {NotBuilt}
 */
export function registeredModules(program, path) {
	const checker = program.getTypeChecker();
	const source = program.getSourceFile(path);
	const registry = source.statements.filter(ts.isVariableStatement)
		.flatMap(({ declarationList }) => declarationList.declarations)
		.find(({ name }) => ts.isIdentifier(name) && name.text === "modules")?.initializer;
	if (registry === undefined || !ts.isObjectLiteralExpression(registry)) {
		throw new NotBuilt(`${path}: expected \`export const modules = { NAME: FUNCTION, … }\``);
	}
	return registry.properties.map((property) => {
		const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
		const symbol = value && ts.isIdentifier(value) ? checker.getSymbolAtLocation(value) : undefined;
		const target = symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : undefined;
		const declaration = target?.valueDeclaration;
		if (target === undefined || declaration === undefined) {
			throw new NotBuilt(`${placeOf(property, dirname(dirname(path)))}: expected \`NAME: FUNCTION\`, the function imported`);
		}
		const file = declaration.getSourceFile();
		const { line, character } = file.getLineAndCharacterOfPosition(declaration.getStart());
		return {
			name: property.name.text,
			file: file.fileName,
			exported: target.name,
			at: { line: line + 1, column: character },
			description: ts.displayPartsToString(target.getDocumentationComment(checker)),
		};
	});
}
