import { decodePunycode, encodePunycode } from "./punycode";
import { nameprepInAnyDirection as prepare } from "./stringprep";

/*
 * IDNA as Prosody's `util.encodings.idna` does it with ICU: labels folded and normalised, the strict rules for host
 * names (letters, digits and hyphens) on all that is ASCII.
 */

const PREFIX = "xn--";
const LABEL_LIMIT = 63;
const DOMAIN_LIMIT = 253;
/** The full stop, and what IDNA takes for one (RFC 3490, section 3.1). */
const DOTS = /[.\u3002\uFF0E\uFF61]/;
const FORBIDDEN_ASCII = /[\0-,./:-@[-`{-\x7F]/;

function isAscii(text: string): boolean {
	return /^[\0-\x7F]*$/.test(text);
}

/** A label as Unicode; nil if it is none. */
function toUnicodeLabel(label: string): string | undefined {
	const prepared = prepare(label);
	if (prepared === undefined || prepared === "" || FORBIDDEN_ASCII.test(prepared)) return undefined;
	if (!prepared.startsWith(PREFIX)) return hasMisplacedHyphen(prepared) ? undefined : prepared;
	const decoded = decodePunycode(prepared.slice(PREFIX.length));
	if (decoded === undefined || isAscii(decoded) || prepare(decoded) !== decoded) return undefined;
	if (encodePunycode(decoded) !== prepared.slice(PREFIX.length) || hasMisplacedHyphen(decoded)) return undefined;
	return decoded;
}

function hasMisplacedHyphen(label: string): boolean {
	return label.startsWith("-") || label.endsWith("-") || label.slice(2, 4) === "--";
}

function toAsciiLabel(label: string): string | undefined {
	const unicode = toUnicodeLabel(label);
	if (unicode === undefined) return undefined;
	const punycode = isAscii(unicode) ? undefined : encodePunycode(unicode);
	const ascii = punycode === undefined ? unicode : PREFIX + punycode;
	return isAscii(ascii) && ascii.length <= LABEL_LIMIT ? ascii : undefined;
}

function convertLabels(domain: string, convert: (label: string) => string | undefined): string | undefined {
	const labels = domain.split(DOTS);
	// One empty label at the end is the root.
	const root = labels.length > 1 && labels.at(-1) === "" ? labels.splice(-1) : [];
	const converted = labels.map(convert);
	return converted.includes(undefined) ? undefined : [...converted, ...root].join(".");
}

/** The domain in ASCII; nil if it is no domain name. */
export function domainToAscii(domain: string): string | undefined {
	const ascii = convertLabels(domain, toAsciiLabel);
	return ascii === undefined || ascii.replace(/\.$/, "").length > DOMAIN_LIMIT ? undefined : ascii;
}

/** The domain in Unicode; nil if it is no domain name. */
export function domainToUnicode(domain: string): string | undefined {
	return convertLabels(domain, toUnicodeLabel);
}
