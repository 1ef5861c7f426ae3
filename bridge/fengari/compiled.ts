import type { lua_State } from "fengari";
import ldo from "fengari/src/ldo.js";
import lfunc, { type LuaClosure, type Proto } from "fengari/src/lfunc.js";
import lparser, { type Input } from "fengari/src/lparser.js";

// Every state loads the same libraries, and compiling them would take most of the time that it needs to start. So each
// file is compiled once for all states, unless its text has changed.
const files = new Map<string, { readonly text: string; readonly main: Proto }>();
const CACHE_SIZE = 1000;

const compile = lparser.luaY_parser;

lparser.luaY_parser = (L, input, buffer, data, chunkname, first) => {
	const name = Buffer.from(chunkname).toString("latin1");
	// A reader that is a Lua function has no data of its own; it may do anything while it is read.
	if (!name.startsWith("@") || input.data === null || first < 0) {
		return compile(L, input, buffer, data, chunkname, first);
	}
	const text = readAll(input, first);
	let file = files.get(name);
	let closure: LuaClosure;
	if (file?.text === text) {
		closure = pushClosure(L);
	} else {
		closure = compile(L, input, buffer, data, chunkname, first);
		// Names of files can be made up without end.
		if (files.size >= CACHE_SIZE) files.clear();
		files.set(name, file = { text, main: closure.p });
	}
	closure.p = copyFor(L, file.main);
	return closure;
};

/** All of the input, whose first character has been read already. It can be read again. */
function readAll(input: Input, first: number): string {
	const pieces: Uint8Array[] = [];
	for (let character = first; character >= 0; character = input.zgetc()) {
		// The reader may use its buffer again.
		pieces.push(Uint8Array.of(character), Uint8Array.from(input.buffer.subarray(input.off, input.off + input.n)));
		input.n = 0;
	}
	const bytes = Buffer.concat(pieces);
	Object.assign(input, { buffer: bytes, off: 1, n: bytes.length - 1 });
	return bytes.toString("latin1");
}

/** Pushes a closure of a main function, whose only upvalue is its environment. */
function pushClosure(L: lua_State): LuaClosure {
	const closure = lfunc.luaF_newLclosure(L, 1);
	ldo.luaD_inctop(L);
	L.stack[L.top - 1]!.setclLvalue(closure);
	return closure;
}

/**
 * A prototype for one state. Code, constants and names never change and are shared; its own are its number and the
 * closure that was last made of it.
 */
function copyFor(L: lua_State, proto: Proto): Proto {
	const copy = new lfunc.Proto(L);
	const { id, cache } = copy;
	return Object.assign(copy, proto, { id, cache, p: proto.p.map((inner) => copyFor(L, inner)) });
}
