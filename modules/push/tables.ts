import type { Require } from "../../bridge/api";

/** A new table without any fields. */
export type TableMaker = <Value>(this: void) => Record<string, Value | undefined>;

/**
 * Makes tables of the host's own kind, for keys that clients choose: on Node a literal would have what JavaScript's
 * objects inherit, such as `constructor`, and would not take `__proto__`.
 */
export function table_maker(require: Require): TableMaker {
	const json = require("util.json");
	return <Value>() => {
		const [empty] = json.decode("{}");
		return empty as Record<string, Value | undefined>;
	};
}
