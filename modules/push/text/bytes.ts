import type { Require } from "../../../bridge/api";

/** How many bytes a text takes as UTF-8: more than any limit if it is none. Hosts count a text's `length` in different units. */
export function byte_length(require: Require): (this: void, text: string) => number {
	const { utf8 } = require("util.encodings");
	return (text) => utf8.length(text) ?? Infinity;
}
