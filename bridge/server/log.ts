import type { LogFunction, Machine } from "../api";

function show(value: unknown): string {
	if (value === undefined || value === null) return "nil";
	if (typeof value === "function") return "function";
	if (typeof value !== "object") return String(value);
	if (value instanceof Error) return value.stack ?? value.message;
	const top_tag = (value as { top_tag?: unknown }).top_tag;
	return typeof top_tag === "function" ? String(top_tag.call(value)) : "table";
}

/** Fills in `%s`, `%d`, `%g` and `%q` as `util.format` does; of a stanza only the opening tag. */
export function format(message: string, args: readonly unknown[]): string {
	let next = 0;
	return message.replace(/%([sdgq%])/g, (_whole, kind: string) => {
		if (kind === "%") return "%";
		const value = args[next++];
		return kind === "q" ? JSON.stringify(show(value)) : show(value);
	});
}

/** A log function that writes to the machine's log under this source, such as `c2s1`. */
export function createLog(machine: Machine, source: string): LogFunction {
	return (level, message, ...args) => {
		machine.log({ at: machine.clock.now(), source, level, message: format(message, args) });
	};
}
