import type { Require } from "../../../bridge/api";
import { byte_length } from "./bytes";
import { control_finder } from "./characters";

/** Bytes of a text from outside that are worth a line in the log. */
const longest_text = 200;

/** Makes of a text from outside what can stand in a line of the log: no other line, and none that looks like another. */
export function loggable_text(require: Require): (this: void, text: string | undefined) => string {
	const length = byte_length(require);
	const has_controls = control_finder(require);
	return (text) => {
		if (text === undefined) return "";
		if (length(text) > longest_text) return "[long]";
		return has_controls(text) ? "[control characters]" : text;
	};
}
