import { lauxlib, lua, type lua_CFunction, type lua_State } from "fengari";
import type { Crossing } from "./crossing";
import { HeldValue } from "./held-value";
import { decode } from "./strings";

/** An error that Lua raised, as JavaScript catches it. Its `stack` holds both tracebacks. */
export class LuaError extends Error {
	override readonly name = "LuaError";
	/** The value that was raised: mostly the message. */
	readonly value: unknown;
	/** Where in Lua it was raised. */
	readonly traceback: string;

	constructor(message: string, value: unknown, traceback: string) {
		super(message);
		this.value = value;
		this.traceback = traceback;
		// Lua's frames are where it went wrong; JavaScript's are the way there.
		const stack = this.stack ?? "";
		const frames = stack.slice(stack.indexOf("\n    at ") + 1);
		setStack(this, `${this.name}: ${message}\n${traceback}\n${frames}`);
	}
}

function setStack(error: Error, stack: string): void {
	// Its owner may have frozen it; then the stack stays JavaScript's alone.
	Reflect.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
}

function addTraceback(error: Error, traceback: string): void {
	setStack(error, `${error.stack ?? String(error)}\n${traceback}`);
}

function tracebackOf(L: lua_State): string {
	lauxlib.luaL_traceback(L, L, null, 1);
	const text = decode(lua.lua_tolstring(L, -1)!);
	lua.lua_pop(L, 1);
	return text;
}

/** Errors on their way from one language to the other. What was thrown is what is caught, however often it crosses. */
export class Errors {
	readonly #crossing: Crossing;
	/** The Lua values of errors that came from Lua and may go back. */
	readonly #raised = new WeakMap<LuaError, HeldValue>();
	readonly #traced = new WeakSet<object>();
	/** What is being thrown from JavaScript into Lua, until Lua has handled it. */
	#thrown: { value: unknown } | undefined;
	/** What the message handler saw: a value thrown by JavaScript, or a traceback. */
	#caught: { value: unknown } | { traceback: string } | undefined;

	constructor(crossing: Crossing) {
		this.#crossing = crossing;
	}

	/** Raises in Lua what JavaScript threw. */
	raise(L: lua_State, thrown: unknown): never {
		this.push(L, thrown);
		this.#thrown = { value: thrown };
		try {
			return lua.lua_error(L);
		} finally {
			this.#thrown = undefined;
		}
	}

	/** Pushes what was thrown as Lua's error value. */
	push(L: lua_State, thrown: unknown): void {
		if (thrown instanceof Error && !(thrown instanceof LuaError) && !this.#traced.has(thrown)) {
			this.#traced.add(thrown);
			addTraceback(thrown, tracebackOf(L));
		}
		const raised = thrown instanceof LuaError ? this.#raised.get(thrown) : undefined;
		if (raised !== undefined) raised.push(L);
		else if (thrown === undefined || thrown === null) lua.lua_pushliteral(L, String(thrown));
		else this.#crossing.push(L, thrown);
	}

	/** The message handler of every call into Lua: it runs where the error was raised. */
	readonly handler: lua_CFunction = (L) => {
		this.#caught = this.#thrown ?? { traceback: tracebackOf(L) };
		return 1;
	};

	/** What to throw in JavaScript for a call into Lua that failed; the error value is on top, and is popped. */
	caught(L: lua_State): unknown {
		const caught = this.#caught;
		this.#caught = undefined;
		const original = this.#crossing.objects.readAt(L, -1);
		const value = original ?? this.#crossing.read(L, -1);
		const raised = HeldValue.at(L, -1);
		lua.lua_pop(L, 1);
		if (caught !== undefined && "value" in caught) return caught.value;
		// Lua may have caught what JavaScript threw, and raised it again.
		if (original !== undefined) return original;
		const message = typeof value === "string" ? value : this.#crossing.describe(raised);
		const error = new LuaError(message, value, caught?.traceback ?? "stack traceback: none");
		this.#raised.set(error, raised);
		return error;
	}
}
