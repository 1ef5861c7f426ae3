import { lua, type lua_State, type lua_StringValue } from "fengari";
import { bytesToText, textToBytes } from "../native/bytes";
import { HeldValue } from "./held-value";

/** A Lua string as text. Bytes that are no UTF-8 become lone surrogates U+DC80 to U+DCFF, so that nothing is lost. */
export function decode(bytes: Uint8Array): string {
	// Most strings are short and plain: faster than a call into Node's buffers.
	if (bytes.length > 32) return bytesToText(bytes);
	let text = "";
	for (const byte of bytes) {
		if (byte >= 0x80) return bytesToText(bytes);
		text += String.fromCharCode(byte);
	}
	return text;
}

const SURROGATE = /[\uD800-\uDFFF]/;
const CACHED_LENGTH = 64;
const CACHE_SIZE = 4096;

/** Text as Lua strings. Keys and namespaces recur, so short strings are kept, ready to push. */
export class Strings {
	readonly #ready = new Map<string, HeldValue>();

	push(L: lua_State, text: string): void {
		const ready = this.#ready.get(text);
		if (ready !== undefined) return ready.push(L);
		if (SURROGATE.test(text)) {
			const bytes = textToBytes(text);
			lua.lua_pushlstring(L, bytes, bytes.length);
		} else {
			lua.lua_pushliteral(L, text);
		}
		if (text.length > CACHED_LENGTH) return;
		if (this.#ready.size >= CACHE_SIZE) this.#ready.clear();
		this.#ready.set(text, HeldValue.at(L, -1));
	}

	/** What Fengari's tables find this text by. */
	hash(L: lua_State, text: string): unknown {
		const ready = this.#ready.get(text)?.identity as lua_StringValue | undefined;
		if (ready !== undefined && ready.hash !== null) return ready.hash;
		// Asking any table makes it.
		lua.lua_pushglobaltable(L);
		this.push(L, text);
		const string = L.stack[L.top - 1]!.value as lua_StringValue;
		lua.lua_rawget(L, -2);
		lua.lua_pop(L, 2);
		return string.hash;
	}
}
