import { table } from "./table";

const XML = "http://www.w3.org/XML/1998/namespace";
const XMLNS = "http://www.w3.org/2000/xmlns/";

/** An element with its names resolved, as `util.xml` names them. */
export interface ResolvedElement {
	name: string;
	/** `xmlns` if it is in a namespace. Attributes of namespaces are called `namespace\x01name`, XML's `xml:name`. */
	attr: Record<string, string>;
}

/** Namespaces (Namespaces in XML 1.0) of the elements that are open, innermost last. */
export class NamespaceScope {
	/** What each prefix stands for, innermost last; the default namespace is under "". */
	readonly #bindings = new Map<string, string[]>([["xml", [XML]]]);
	/** The prefixes that each open element declares. */
	readonly #declared: string[][] = [];

	/** Enters an element. Throws on what its namespaces forbid. */
	enter(qualifiedName: string, attributes: Readonly<Record<string, string>>): ResolvedElement {
		const declared: string[] = [];
		for (const name in attributes) {
			const prefix = declaredPrefix(name);
			if (prefix === undefined) continue;
			checkDeclaration(name, prefix, attributes[name]!);
			const uris = this.#bindings.get(prefix);
			if (uris === undefined) this.#bindings.set(prefix, [attributes[name]!]);
			else uris.push(attributes[name]!);
			declared.push(prefix);
		}
		this.#declared.push(declared);

		const [prefix, name] = split(qualifiedName);
		const attr = table<string>();
		const namespace = this.#resolve(prefix);
		if (namespace !== "") attr.xmlns = namespace;
		for (const qualified in attributes) {
			if (declaredPrefix(qualified) !== undefined) continue;
			const resolved = this.#attributeName(qualified);
			if (attr[resolved] !== undefined) throw new Error(`duplicate attribute: ${qualified}`);
			attr[resolved] = attributes[qualified]!;
		}
		return { name, attr };
	}

	/** Leaves the innermost element. */
	leave(): void {
		for (const prefix of this.#declared.pop() ?? []) this.#bindings.get(prefix)!.pop();
	}

	#attributeName(qualifiedName: string): string {
		const [prefix, name] = split(qualifiedName);
		if (prefix === "") return name;
		const namespace = this.#resolve(prefix);
		return namespace === XML ? `xml:${name}` : `${namespace}\x01${name}`;
	}

	#resolve(prefix: string): string {
		const namespace = this.#bindings.get(prefix)?.at(-1);
		if (namespace === undefined && prefix !== "") throw new Error(`unbound namespace prefix: ${prefix}`);
		return namespace ?? "";
	}
}

/** The prefix that the attribute declares, "" for the default namespace; undefined if it is no declaration. */
function declaredPrefix(attribute: string): string | undefined {
	if (attribute === "xmlns") return "";
	return attribute.startsWith("xmlns:") ? attribute.slice("xmlns:".length) : undefined;
}

function checkDeclaration(attribute: string, prefix: string, uri: string): void {
	const wellFormed = attribute === "xmlns"
		|| (prefix !== "" && !prefix.includes(":") && prefix !== "xmlns" && uri !== "");
	if (!wellFormed || (prefix === "xml") !== (uri === XML) || uri === XMLNS) {
		throw new Error(`forbidden namespace declaration: ${attribute}='${uri}'`);
	}
}

function split(qualifiedName: string): [prefix: string, name: string] {
	const [first, second, ...more] = qualifiedName.split(":") as [string, ...string[]];
	if (second === undefined) return ["", first];
	if (first === "" || second === "" || more.length > 0) throw new Error(`malformed name: ${qualifiedName}`);
	return [first, second];
}
