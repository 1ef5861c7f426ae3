import type { Series } from "../api";

/** What came with 13.0: whole libraries, and functions in older ones. */
const LIBRARIES_SINCE_13_0 = ["util.crypto"];
const FUNCTIONS_SINCE_13_0: Record<string, readonly string[]> = {
	"util.hashes": ["hkdf_hmac_sha256", "hkdf_hmac_sha384"],
	"util.jwt": ["new_signer", "new_verifier"],
};

function without(table: object, names: readonly string[]): object {
	return Object.fromEntries(Object.entries(table).filter(([name]) => !names.includes(name)));
}

/** These libraries, by name, as the series has them; all of them if it is nil. */
export function librariesOf<All extends object>(series: Series | undefined, libraries: All): Partial<All> {
	if (series !== "0.12") return libraries;
	const left = without(libraries, LIBRARIES_SINCE_13_0) as Record<string, object>;
	for (const [name, functions] of Object.entries(FUNCTIONS_SINCE_13_0)) {
		if (Object.hasOwn(left, name)) left[name] = without(left[name]!, functions);
	}
	return left as Partial<All>;
}
