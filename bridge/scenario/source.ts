import { ScenarioError } from "./scenario-error";

const utf8 = { encoding: "utf-8", options: { fatal: true } } as const;
const LINE_FEED = 0x0a;

/**
 * The lines of a script, the first at 0, without what ends them (LF or CRLF) and without a byte order mark.
 * @throws ScenarioError where it is not UTF-8
 */
export function readLines(file: string, source: Uint8Array | string): string[] {
	const bytes = typeof source === "string" ? encode(file, source) : source;
	let text: string;
	try {
		text = decode(bytes);
	} catch {
		throw new ScenarioError(file, firstInvalidLine(bytes), "expected UTF-8, but these bytes are not");
	}
	return text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

/** Text can hold what has no encoding: half of a surrogate pair. */
function encode(file: string, source: string): Uint8Array {
	const lone = source.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
	if (lone >= 0) {
		const line = source.slice(0, lone).split("\n").length;
		throw new ScenarioError(file, line, "expected UTF-8, but half of a surrogate pair stands here");
	}
	return new TextEncoder().encode(source);
}

function decode(bytes: Uint8Array): string {
	return new TextDecoder(utf8.encoding, utf8.options).decode(bytes);
}

/** A line feed is never part of a longer character, so that lines can be looked at one by one. */
function firstInvalidLine(bytes: Uint8Array): number {
	let start = 0;
	for (let line = 1; ; line++) {
		const end = bytes.indexOf(LINE_FEED, start);
		try {
			decode(bytes.subarray(start, end < 0 ? bytes.length : end));
		} catch {
			return line;
		}
		if (end < 0) return line;
		start = end + 1;
	}
}
