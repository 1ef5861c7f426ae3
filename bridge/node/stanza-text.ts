import { hasLoneSurrogate } from "../native/bytes";
import { luaType } from "./table";

// Surrogates are matched one by one, pairs too, which is fast; what is matched is then looked at closely.
const suspectInText = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;
const suspectInName = /[\x00-\x20<>&'"\ud800-\udfff\ufffe\uffff]/;
const suspectInAttributeName = /[\x00\x02-\x20<>&'"\ud800-\udfff\ufffe\uffff]/;
const forbiddenInName = /[\t\n\r <>&'"]/;
const forbiddenCharacters = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Throws unless the value can name an element, or an attribute, where \x01 parts a namespace from the name.
 * @param kind how the error calls it
 */
export function checkName(name: unknown, kind: "tag" | "attribute"): asserts name is string {
	if (typeof name === "string" && name !== "" && !(kind === "tag" ? suspectInName : suspectInAttributeName).test(name)) {
		return;
	}
	if (typeof name !== "string") throw new Error(`invalid ${kind} name: expected string, got ${luaType(name)}`);
	if (name === "") throw new Error(`invalid ${kind} name: empty string`);
	if (forbiddenInName.test(name)) throw new Error(`invalid ${kind} name: contains invalid characters`);
	checkCharacters(kind === "tag" ? name : name.replaceAll("\x01", ""), `${kind} name`);
}

/**
 * Throws unless the value is text that XML can hold (XML 1.0, 2.2).
 * @param kind how the error calls it
 */
export function checkText(text: unknown, kind: "attribute" | "text"): asserts text is string {
	if (typeof text !== "string") throw new Error(`invalid ${kind} value: expected string, got ${luaType(text)}`);
	if (suspectInText.test(text)) checkCharacters(text, `${kind} value`);
}

function checkCharacters(text: string, kind: string): void {
	if (forbiddenCharacters.test(text)) throw new Error(`invalid ${kind}: contains control characters`);
	if (hasLoneSurrogate(text)) throw new Error(`invalid ${kind}: contains invalid utf8`);
}
