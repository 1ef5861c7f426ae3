import type { Require } from "../../../bridge/api";

/** In JSON, whose escapes are the same everywhere, and can be seen. */
const escaped_controls: readonly string[] = [
	// Of ASCII, as far as XML lets them through, and of Latin-1.
	"\\t", "\\n", "\\r", "\\u007f",
	"\\u0080", "\\u0081", "\\u0082", "\\u0083", "\\u0084", "\\u0085", "\\u0086", "\\u0087",
	"\\u0088", "\\u0089", "\\u008a", "\\u008b", "\\u008c", "\\u008d", "\\u008e", "\\u008f",
	"\\u0090", "\\u0091", "\\u0092", "\\u0093", "\\u0094", "\\u0095", "\\u0096", "\\u0097",
	"\\u0098", "\\u0099", "\\u009a", "\\u009b", "\\u009c", "\\u009d", "\\u009e", "\\u009f",
	// Ends of lines and paragraphs.
	"\\u2028", "\\u2029",
	// The direction of text, which make it look like another (Unicode's Bidi_Control).
	"\\u061c", "\\u200e", "\\u200f", "\\u202a", "\\u202b", "\\u202c", "\\u202d", "\\u202e",
	"\\u2066", "\\u2067", "\\u2068", "\\u2069",
];

/** Whether there is a control character in a text, which is to be of bounded size. */
export type ControlFinder = (this: void, text: string) => boolean;

/** Finds what has no place in names, addresses and lines of the log. */
export function control_finder(require: Require): ControlFinder {
	const json = require("util.json");
	const controls = escaped_controls.map((escaped) => {
		const [control] = json.decode("\"" + escaped + "\"");
		return control as string;
	});
	return (text) => controls.some((control) => text.includes(control));
}
