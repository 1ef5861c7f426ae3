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
/** Generated ids are longer, and never asked for again. */
const CACHED_LENGTH = 60;
const CACHE_SIZE = 4096;

/** Text as Lua strings. Keys and namespaces recur, so short strings are kept, ready to push. */
export class Strings {
	readonly #ready = new Map<string, HeldValue>();

	push(L: lua_State, text: string): void {
		const ready = this.#ready.get(text);
		if (ready !== undefined) return ready.push(L);
		this.#make(L, text);
	}

	/** What Fengari's tables find this text by: mends/string-keys.ts has strings make it when they are asked. */
	hash(L: lua_State, text: string): unknown {
		let held = this.#ready.get(text);
		if (held === undefined) {
			held = this.#make(L, text);
			lua.lua_pop(L, 1);
		}
		return (held.identity as lua_StringValue).hash;
	}

	/** Pushes a new string. */
	#make(L: lua_State, text: string): HeldValue {
		const isText = !SURROGATE.test(text);
		if (isText) {
			lua.lua_pushliteral(L, text);
		} else {
			const bytes = textToBytes(text);
			lua.lua_pushlstring(L, bytes, bytes.length);
		}
		const held = HeldValue.at(L, -1);
		if (isText && text.length <= CACHED_LENGTH) {
			if (this.#ready.size >= CACHE_SIZE) this.#ready.clear();
			this.#ready.set(text, held);
		}
		return held;
	}
}
