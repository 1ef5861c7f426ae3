/** Whether a handler's result counts as true for Prosody, which is Lua: anything but nil and `false`. */
export function isTrue(result: unknown): boolean {
	return result !== undefined && result !== null && result !== false;
}
