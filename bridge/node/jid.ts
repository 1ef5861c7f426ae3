import type { JidLibrary } from "../api/libraries";
import { multi } from "./multi";
import { nameprep, nodeprep, resourceprep } from "../native/stringprep";

type Parts = [node: string | undefined, host: string | undefined, resource: string | undefined];

const nothing: Parts = [undefined, undefined, undefined];

function parts(jid: string | undefined): Parts {
	if (jid === undefined) return nothing;
	const slash = jid.indexOf("/");
	const bare = slash < 0 ? jid : jid.slice(0, slash);
	const resource = slash < 0 ? undefined : jid.slice(slash + 1);
	const at = bare.indexOf("@");
	const node = at < 0 ? undefined : bare.slice(0, at);
	const host = bare.slice(at + 1);
	if (node === "" || host === "" || host.includes("@") || resource === "") return nothing;
	return [node, host, resource];
}

function preparedParts(jid: string | undefined): Parts {
	const [node, host, resource] = parts(jid);
	if (host === undefined || host === ".") return nothing;
	// The root label of a fully qualified domain name is empty and is left out.
	const prepared: Parts = [
		node === undefined ? undefined : nodeprep(node),
		nameprep(host.endsWith(".") ? host.slice(0, -1) : host),
		resource === undefined ? undefined : resourceprep(resource),
	];
	if (prepared[1] === undefined) return nothing;
	if (node !== undefined && prepared[0] === undefined) return nothing;
	if (resource !== undefined && prepared[2] === undefined) return nothing;
	return prepared;
}

function join(node: string | undefined, host: string | undefined, resource?: string): string | undefined {
	if (host === undefined) return undefined;
	return (node === undefined ? "" : `${node}@`) + host + (resource === undefined ? "" : `/${resource}`);
}

function bare(jid: string | undefined): string | undefined {
	const [node, host] = parts(jid);
	return join(node, host);
}

function compare(jid: string, pattern: string): boolean {
	const actual = parts(jid);
	return parts(pattern).every((wanted, at) => wanted === undefined || wanted === actual[at]);
}

/** XEP-0106. A backslash is escaped only where it could be taken for an escape. */
const escapes: ReadonlyMap<string, string> = new Map([
	[" ", "\\20"], ["\"", "\\22"], ["&", "\\26"], ["'", "\\27"], ["/", "\\2f"], [":", "\\3a"], ["<", "\\3c"],
	[">", "\\3e"], ["@", "\\40"], ["\\", "\\5c"],
]);
const unescapes: ReadonlyMap<string, string> = new Map(Array.from(escapes, ([plain, escaped]) => [escaped, plain]));

function escape(node: string | undefined): string | undefined {
	return node
		?.replace(/\\[\da-f]{2}/gi, (escape) => unescapes.has(escape) ? `\\5c${escape.slice(1)}` : escape)
		.replace(/[ "&'/:<>@]/g, (character) => escapes.get(character)!);
}

function unescape(node: string | undefined): string | undefined {
	return node?.replace(/\\[\da-f]{2}/gi, (escape) => unescapes.get(escape) ?? escape);
}

/** `util.jid`. */
export const jidLibrary: JidLibrary = {
	split: (jid) => multi(...parts(jid)),
	prepped_split: (jid) => multi(...preparedParts(jid)),
	bare,
	prep: (jid) => join(...preparedParts(jid)),
	join,
	node: (jid) => parts(jid)[0],
	host: (jid) => parts(jid)[1],
	resource: (jid) => parts(jid)[2],
	compare,
	escape,
	unescape,
};
