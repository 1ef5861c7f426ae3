import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { libraries, method, recognised, told, type Shape } from "../../bridge/fengari/signatures";
import { packageRoot } from "../../bridge/package-root";

/** What a member of an interface is, by what its type says. */
interface Member {
	self: boolean;
	results: string;
	/** What the function that it returns gives, if it returns one. */
	returned?: string;
}

const folder = join(packageRoot(), "bridge", "api");
// What the harness itself has in JavaScript never comes from Lua.
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "host.ts");
const { config } = ts.readConfigFile(join(packageRoot(), "tsconfig.json"), ts.sys.readFile) as
	{ config: { compilerOptions: object } };
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, packageRoot());
const program = ts.createProgram(files.map((name) => join(folder, name)), options);
const checker = program.getTypeChecker();

const interfaces = new Map<string, ts.InterfaceDeclaration>();
for (const name of files) {
	ts.forEachChild(program.getSourceFile(join(folder, name))!, (node) => {
		if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
	});
}

function typeOf(symbol: ts.Symbol, node: ts.Node): ts.Type {
	return checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(symbol, node));
}

function takesSelf(signature: ts.Signature): boolean {
	const first = signature.declaration?.parameters[0] as ts.ParameterDeclaration | undefined;
	return first === undefined || !ts.isIdentifier(first.name) || first.name.text !== "this"
		|| first.type?.kind !== ts.SyntaxKind.VoidKeyword;
}

function resultsOf(signature: ts.Signature): string {
	const type = signature.getReturnType();
	const alias = type.aliasSymbol?.name;
	if (alias === "LuaMultiReturn") return "several";
	if (alias !== "LuaIterable") return "one";
	return type.aliasTypeArguments?.[0]?.aliasSymbol?.name === "LuaMultiReturn" ? "each several" : "each";
}

function returnedBy(signature: ts.Signature): string | undefined {
	// An iterator is a function too, in Lua.
	if (resultsOf(signature) !== "one") return undefined;
	const [returned] = signature.getReturnType().getCallSignatures();
	return returned && resultsOf(returned);
}

/** The functions and the maps among the members of an interface. */
function membersOf(name: string): { functions: Map<string, Member>; maps: string[] } {
	const functions = new Map<string, Member>();
	const maps: string[] = [];
	const node = interfaces.get(name)!;
	for (const property of checker.getTypeAtLocation(node).getProperties()) {
		const type = typeOf(property, node);
		const [signature] = type.getCallSignatures();
		if (signature !== undefined) {
			functions.set(property.name, {
				self: takesSelf(signature), results: resultsOf(signature), returned: returnedBy(signature),
			});
		} else if (checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined && !checker.isArrayLikeType(type)) {
			maps.push(property.name);
		}
	}
	return { functions, maps };
}

/** Holds the functions of a shape against those of an interface. */
function expectFunctions(shape: Shape, name: string): void {
	const { functions } = membersOf(name);
	for (const [member, { self, results, returned }] of functions) {
		const signature = shape.functions[member] ?? shape.ordinary;
		expect({ self: signature.self, results: signature.results }, `${name}.${member}`).toEqual({ self, results });
		if (returned !== undefined) {
			expect((signature.returns ?? method).results, `what ${name}.${member} returns`).toBe(returned);
		}
	}
	for (const member of Object.keys(shape.functions)) {
		expect(functions.has(member), `${name} has no function ${member}`).toBe(true);
	}
}

const shapes: Record<string, Shape> = { ...told, ...recognised };
const libraryTypes = new Map(
	checker.getTypeAtLocation(interfaces.get("Libraries")!).getProperties().map((property) =>
		[property.name, typeOf(property, interfaces.get("Libraries")!).symbol.name]),
);

describe("what the types of the API say of functions", () => {
	it("is found", () => {
		expect(interfaces.size).toBeGreaterThan(40);
		expect(membersOf("Stanza").functions.get("childtags")).toEqual({ self: true, results: "each" });
		expect(membersOf("Session").functions.get("log")).toEqual({ self: false, results: "one" });
		expect(membersOf("Cache").functions.get("items")).toEqual({ self: true, results: "each several" });
		expect(membersOf("JwtLibrary").functions.get("new_verifier")!.returned).toBe("several");
		expect(membersOf("LoggerLibrary").functions.get("init")!.returned).toBe("one");
		expect(membersOf("HostObject").maps).toEqual(["modules", "sessions"]);
	});

	for (const name of Object.keys(shapes)) {
		it(`is what the bridge does for ${name}`, () => expectFunctions(shapes[name]!, name));
	}

	for (const [library, type] of libraryTypes) {
		it(`is what the bridge does for ${library}`, () => {
			const shape = libraries[library as keyof typeof libraries];
			expect(shape).toBeDefined();
			expectFunctions(shape, type);
			for (const property of checker.getTypeAtLocation(interfaces.get(type)!).getProperties()) {
				const inner = typeOf(property, interfaces.get(type)!);
				if (inner.getCallSignatures().length > 0) continue;
				expect(shape.tables[property.name]?.ordinary.self, `${type}.${property.name}`).toBe(false);
				for (const member of inner.getProperties()) {
					const [signature] = typeOf(member, interfaces.get(type)!).getCallSignatures();
					expect({ self: takesSelf(signature!), results: resultsOf(signature!) }).toEqual({ self: false, results: "one" });
				}
			}
		});
	}

	it("is all ordinary in the interfaces that are not named", () => {
		for (const name of interfaces.keys()) {
			if (name in shapes || name === "Libraries" || [...libraryTypes.values()].includes(name)) continue;
			for (const [member, signature] of membersOf(name).functions) {
				expect(signature, `${name}.${member}`).toEqual({ self: true, results: "one" });
			}
		}
	});

	it("does not contradict itself among the interfaces that are told by their members' names", () => {
		for (const [name, shape] of Object.entries(recognised)) {
			for (const member of Object.keys(shape.functions)) {
				for (const other of interfaces.keys()) {
					if (other in told || other === "Libraries" || [...libraryTypes.values()].includes(other)) continue;
					const { self, results } = membersOf(other).functions.get(member) ?? {};
					if (self === undefined) continue;
					expect((shape as Shape).functions[member], `${name}.${member} and ${other}.${member}`)
						.toMatchObject({ self, results });
				}
			}
		}
	});
});

describe("what the types of the API say of maps", () => {
	it("is what the bridge does", () => {
		for (const name of interfaces.keys()) {
			const { maps } = membersOf(name);
			for (const member of maps) {
				const known = Object.values(recognised).some((shape) => (shape as Shape).tables[member]?.kind === "map");
				expect(known, `${name}.${member}`).toBe(true);
			}
		}
	});

	it("is no more than there is", () => {
		for (const [name, shape] of Object.entries(recognised)) {
			expect(Object.keys((shape as Shape).tables).sort(), name).toEqual(membersOf(name).maps.sort());
		}
	});
});
