import ts from "typescript";
import * as lua from "typescript-to-lua";

// TypeScriptToLua imitates JavaScript's tables in Lua: a Map keeps the order of its keys, and `delete` minds properties that
// cannot be deleted. Modules need neither, and are to become what one would write in Lua.

/** The members of Map that a plain table has, too. */
const members = {
	get: (table, key) => lua.createTableIndexExpression(table, key),
	has: (table, key) => lua.createBinaryExpression(
		lua.createTableIndexExpression(table, key), lua.createNilLiteral(), lua.SyntaxKind.InequalityOperator),
};

const NO_MEMBER = "In Lua a Map is a plain table, which has get, has, and as statements set and delete.";

/** Whether the type of an expression is JavaScript's own Map. */
function isMap(context, expression) {
	const symbol = context.checker.getTypeAtLocation(expression).getSymbol();
	return symbol?.name === "Map" && symbol.declarations?.some((declaration) =>
		context.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) === true;
}

function refuse(context, node, messageText) {
	context.diagnostics.push({
		category: ts.DiagnosticCategory.Error, code: 0, messageText,
		file: node.getSourceFile(), start: node.getStart(), length: node.getWidth(),
	});
}

/** `delete table[key]`, `map.set(key, value)` and `map.delete(key)` as a statement: an assignment. */
function assignment(context, expression) {
	if (ts.isDeleteExpression(expression)) {
		const target = context.transformExpression(expression.expression);
		return lua.isTableIndexExpression(target) ? [target, lua.createNilLiteral()] : undefined;
	}
	if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return undefined;
	const { expression: map, name } = expression.expression;
	if (!["set", "delete"].includes(name.text) || !isMap(context, map)) return undefined;
	const [key, value] = expression.arguments;
	const table = context.transformExpression(map);
	const target = lua.createTableIndexExpression(table, context.transformExpression(key));
	return [target, name.text === "set" ? context.transformExpression(value) : lua.createNilLiteral()];
}

/**
 * Visitors that make a Map, and `delete`, plain tables' business.
 * @type {import("typescript-to-lua").Visitors}
 */
export const plainTables = {
	[ts.SyntaxKind.ExpressionStatement](node, context) {
		context.pushPrecedingStatements();
		const assigned = assignment(context, node.expression);
		const preceding = context.popPrecedingStatements();
		if (assigned === undefined) return context.superTransformStatements(node);
		return [...preceding, lua.createAssignmentStatement(...assigned, node)];
	},
	[ts.SyntaxKind.DeleteExpression](node, context) {
		refuse(context, node, "In Lua `delete` is an assignment: make it a statement of its own.");
		return lua.createNilLiteral();
	},
	[ts.SyntaxKind.NewExpression](node, context) {
		if (!isMap(context, node)) return context.superTransformExpression(node);
		if ((node.arguments ?? []).length > 0) refuse(context, node, "In Lua a Map is a plain table: make it empty.");
		return lua.createTableExpression([], node);
	},
	[ts.SyntaxKind.CallExpression](node, context) {
		const called = node.expression;
		if (!ts.isPropertyAccessExpression(called) || !isMap(context, called.expression)) {
			return context.superTransformExpression(node);
		}
		const member = members[called.name.text];
		if (member === undefined || ts.isOptionalChain(node)) {
			refuse(context, node, NO_MEMBER);
			return lua.createNilLiteral();
		}
		const table = context.transformExpression(called.expression);
		return lua.setNodePosition(member(table, context.transformExpression(node.arguments[0])), lua.getOriginalPos(node));
	},
	[ts.SyntaxKind.PropertyAccessExpression](node, context) {
		if (!isMap(context, node.expression)) return context.superTransformExpression(node);
		refuse(context, node, NO_MEMBER);
		return lua.createNilLiteral();
	},
	[ts.SyntaxKind.ForOfStatement](node, context) {
		if (isMap(context, node.expression)) refuse(context, node, "In Lua a Map is a plain table: its keys have no order.");
		return context.superTransformStatements(node);
	},
};
