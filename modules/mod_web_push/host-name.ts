/** Bytes of a host name and of one of its labels, at most (RFC 1035, 2.3.4). */
const longest_host = 253;
const longest_label = 63;

const lower_case = "abcdefghijklmnopqrstuvwxyz";
const upper_case = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digits = "0123456789";

/** Of what may stand in a label, in either case: as it is compared. */
const label_characters = new Map<string, string>();
for (const character of `${lower_case}${digits}-`.split("")) label_characters.set(character, character);
const smaller = lower_case.split("");
upper_case.split("").forEach((character, index) => {
	label_characters.set(character, smaller[index]!);
});

/** @returns it in lower case, or nil if it is no label of a host name (RFC 1123, 2.1) */
function read_label(text: string): string | undefined {
	const characters = text.split("");
	if (characters.length === 0 || characters.length > longest_label) return undefined;
	if (text.startsWith("-") || text.endsWith("-")) return undefined;
	const read: string[] = [];
	for (const character of characters) {
		const known = label_characters.get(character);
		if (known === undefined) return undefined;
		read.push(known);
	}
	return read.join("");
}

/**
 * Reads the name of a host as DNS has it, of two labels or more. The last begins with a letter, as all top-level domains
 * do: nothing that somebody could take for an IP address, be it decimal, octal, hexadecimal or shortened, is a name.
 * @returns the name in lower case, or nil if it is none
 */
export function read_host_name(text: string): string | undefined {
	if (text.split("").length > longest_host) return undefined;
	const labels: string[] = [];
	for (const part of text.split(".")) {
		const label = read_label(part);
		if (label === undefined) return undefined;
		labels.push(label);
	}
	const last = labels[labels.length - 1] ?? "";
	if (labels.length < 2 || !smaller.some((letter) => last.startsWith(letter))) return undefined;
	return labels.join(".");
}

/** An authority (RFC 3986, 3.2) as it is compared: letters of ASCII in lower case. */
export function fold_authority(text: string): string {
	return text.split("").map((character) => label_characters.get(character) ?? character).join("");
}
