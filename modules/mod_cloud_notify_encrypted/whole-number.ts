const digits = "0123456789";
/** More than this many tell no less than that there is no end to it. */
const most_digits = 9;

/** The whole number, 0 or more, that a text is; nil for all else. */
export function whole_number(text: string | undefined): number | undefined {
	const characters = (text ?? "").split("");
	const is_number = characters.length > 0 && characters.length <= most_digits
		&& characters.every((character) => digits.includes(character));
	return is_number ? Number(text) : undefined;
}
