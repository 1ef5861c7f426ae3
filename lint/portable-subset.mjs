import { ESLintUtils } from "@typescript-eslint/utils";
import ts from "typescript";

const createRule = ESLintUtils.RuleCreator.withoutDocs;

/** String members that count or compare no positions and change no case: the same in UTF-16 and in bytes. */
const portableStringMembers = new Set([
	"concat", "endsWith", "includes", "repeat", "replace", "replaceAll", "split", "startsWith", "toString", "trim",
]);

/** Of these, members that take a position if they are given more than a text. */
const membersWithPosition = new Set(["endsWith", "includes", "startsWith"]);

function takesPosition({ parent, property }) {
	return membersWithPosition.has(property.name) && parent.type === "CallExpression" && parent.arguments.length > 1;
}

function isString(type) {
	return (type.flags & ts.TypeFlags.StringLike) !== 0
		|| (type.isUnion() && type.types.some((part) => (part.flags & ts.TypeFlags.StringLike) !== 0));
}

/** JavaScript counts UTF-16 units and Lua bytes: text is measured and cut by the host's helpers alone. */
const textByHost = createRule({
	meta: {
		type: "problem",
		schema: [],
		messages: {
			member: "'{{name}}' on a string counts UTF-16 units here and bytes in Lua: use the host's UTF-8 helpers.",
			index: "A string has UTF-16 units at its indices here and nothing in Lua: use the host's UTF-8 helpers.",
			iterate: "A string iterates by characters here and not at all in Lua: use the host's UTF-8 helpers.",
		},
	},
	defaultOptions: [],
	create(context) {
		const services = ESLintUtils.getParserServices(context);
		const typeIsString = (node) => isString(services.getTypeAtLocation(node));
		return {
			MemberExpression(node) {
				if (!typeIsString(node.object)) return;
				if (node.computed) {
					context.report({ node, messageId: "index" });
				} else if (!portableStringMembers.has(node.property.name) || takesPosition(node)) {
					context.report({ node, messageId: "member", data: { name: node.property.name } });
				}
			},
			ForOfStatement(node) {
				if (typeIsString(node.right)) context.report({ node: node.right, messageId: "iterate" });
			},
			SpreadElement(node) {
				if (typeIsString(node.argument)) context.report({ node, messageId: "iterate" });
			},
		};
	},
});

/** In Lua an array ends where the first nil is. */
const noHoles = createRule({
	meta: {
		type: "problem",
		schema: [],
		messages: { hole: "In Lua an array ends before an undefined element: leave such elements out." },
	},
	defaultOptions: [],
	create(context) {
		const services = ESLintUtils.getParserServices(context);
		const checker = services.program.getTypeChecker();
		const check = (node) => {
			const type = services.getTypeAtLocation(node);
			if (!checker.isArrayType(type)) return;
			const [element] = checker.getTypeArguments(type);
			const parts = element.isUnion() ? element.types : [element];
			if (parts.some((part) => (part.flags & ts.TypeFlags.Undefined) !== 0)) context.report({ node, messageId: "hole" });
		};
		return { ArrayExpression: check, CallExpression: check, TSArrayType: check };
	},
});

export const plugin = { rules: { "text-by-host": textByHost, "no-holes": noHoles } };

const hostProvides = "does not exist in Lua: the host provides it";

/**
 * The rules for files that become JavaScript and Lua.
 * @type {import("@typescript-eslint/utils").TSESLint.FlatConfig.Config}
 */
export const portableSubset = {
	plugins: { portable: plugin },
	rules: {
		"portable/text-by-host": "error",
		"portable/no-holes": "error",
		// In Lua 0 and "" are true.
		"@typescript-eslint/strict-boolean-expressions": ["error", {
			allowString: false, allowNumber: false, allowNullableObject: false, allowNullableBoolean: false,
			allowNullableString: false, allowNullableNumber: false, allowAny: false,
		}],
		// What is a whole number here may be written with a fraction in Lua: 4 / 2 is 2.0 in some versions.
		"@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: false }],
		"@typescript-eslint/restrict-plus-operands": ["error", { allowNumberAndString: false }],
		// Without a comparison JavaScript sorts numbers as texts.
		"@typescript-eslint/require-array-sort-compare": "error",
		"@typescript-eslint/no-explicit-any": "error",
		eqeqeq: "error",
		// Lua's versions have no operations on bits in common.
		"no-bitwise": "error",
		"no-restricted-globals": ["error", ...[
			"RegExp", "JSON", "Date", "Buffer", "process", "console", "require", "globalThis",
			"setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "queueMicrotask",
			"Promise", "Symbol", "Proxy", "Reflect", "Intl", "TextEncoder", "TextDecoder", "crypto", "fetch",
		].map((name) => ({ name, message: `'${name}' ${hostProvides}, or the module does without.` }))],
		"no-restricted-properties": ["error",
			{ object: "Math", property: "random", message: "Chance comes from the host (util.random)." }],
		"no-restricted-syntax": ["error",
			{ selector: "Literal[raw='null']", message: "nil is undefined, never null." },
			{ selector: "TSNullKeyword", message: "nil is undefined, never null." },
			{ selector: "Literal[regex]", message: "Lua has no regular expressions." },
			{ selector: "ObjectPattern > Property[key.name='length']", message: "In Lua a length is no field: ask for it as a member." },
			{ selector: "ThisExpression", message: "Functions handed to the host take no 'this'." },
			{ selector: "ClassDeclaration, ClassExpression", message: "Modules are functions and closures." },
			{ selector: "FunctionExpression[async=true], ArrowFunctionExpression[async=true], AwaitExpression",
				message: "Use the host's promises (util.promise)." },
		],
		"no-restricted-imports": ["error", {
			patterns: [{
				regex: "^(?!\\.\\.?/)|bridge/(?!api$)",
				message: "Modules import the types of bridge/api and each other, nothing else.",
			}],
		}],
	},
};
