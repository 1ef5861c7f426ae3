import { SaxesParser } from "saxes";
import type { XmlLibrary } from "../api/libraries";
import { NamespaceScope } from "./xml-namespaces";
import { NodeStanza } from "./stanza";
import { hasLoneSurrogate } from "../native/bytes";
import { multi } from "./multi";

function forbidden(what: string): () => never {
	return () => {
		throw new Error(`${what} is forbidden`);
	};
}

/** The document's element. Throws for what is no XML with namespaces, or holds what XMPP forbids (RFC 6120, 11.1). */
function parseStanza(text: string): NodeStanza {
	if (hasLoneSurrogate(text)) throw new Error("invalid utf8");
	const parser = new SaxesParser();
	const scope = new NamespaceScope();
	const path: NodeStanza[] = [];
	let characters = "";
	let root: NodeStanza | undefined;
	const append = (data: string): void => {
		characters += data;
	};
	const flush = (): void => {
		if (characters !== "") path.at(-1)?.element.children.push(characters);
		characters = "";
	};
	parser.on("xmldecl", ({ version, encoding }) => {
		if (version !== "1.0" || (encoding ?? "utf-8").toLowerCase() !== "utf-8") {
			throw new Error("only XML 1.0 in UTF-8 is supported");
		}
	});
	parser.on("doctype", forbidden("a document type"));
	parser.on("comment", forbidden("a comment"));
	parser.on("processinginstruction", forbidden("a processing instruction"));
	parser.on("text", append);
	parser.on("cdata", append);
	parser.on("opentag", ({ name, attributes }) => {
		flush();
		const resolved = scope.enter(name, attributes);
		const stanza = new NodeStanza(resolved.name, resolved.attr);
		path.at(-1)?.add_direct_child(stanza);
		root ??= stanza;
		path.push(stanza);
	});
	parser.on("closetag", () => {
		flush();
		scope.leave();
		path.pop();
	});
	parser.write(text).close();
	return root!;
}

/** `util.xml`. Adjacent text is one child, whatever it was made of. */
export const xmlLibrary: XmlLibrary = {
	parse(text) {
		try {
			return multi(parseStanza(text));
		} catch (error) {
			return multi(undefined, error instanceof Error ? error.message : String(error));
		}
	},
};
