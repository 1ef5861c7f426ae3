import { lua, lauxlib, type lua_CFunction, type lua_State } from "fengari";
import { OpensslCipher, type Outcome } from "../../native/openssl-cipher";
import { checkBytes, pushBytes, pushNil, pushText, raiseArgumentError, type Library } from "./library";
import { ObjectType } from "./object-type";

function pushOutcome(L: lua_State, outcome: Outcome): number {
	if (typeof outcome !== "string") return pushBytes(L, outcome);
	pushNil(L);
	pushText(L, outcome);
	return 2;
}

/** All arguments after the object. */
function checkTexts(L: lua_State): Buffer {
	const texts: Uint8Array[] = [];
	for (let argument = 2; argument <= lua.lua_gettop(L); argument++) texts.push(checkBytes(L, argument));
	return Buffer.concat(texts);
}

/** `cipher:encrypt(key, iv)` and `cipher:decrypt(key, iv)` */
function beginFunction(direction: "encrypt" | "decrypt"): lua_CFunction {
	return (L) => {
		const cipher = ciphers.check(L, 1);
		const key = checkBytes(L, 2);
		const keyProblem = cipher.keyProblem(key);
		if (keyProblem !== undefined) return raiseArgumentError(L, 2, keyProblem);
		const iv = lua.lua_isnoneornil(L, 3) ? new Uint8Array() : checkBytes(L, 3);
		const ivProblem = cipher.ivProblem(iv);
		if (ivProblem !== undefined) return raiseArgumentError(L, 3, ivProblem);
		cipher[direction](key, iv);
		lua.lua_settop(L, 1);
		return 1;
	};
}

const ciphers: ObjectType<OpensslCipher> = new ObjectType("EVP_CIPHER_CTX*", {
	encrypt: beginFunction("encrypt"),
	decrypt: beginFunction("decrypt"),
	update: (L) => pushOutcome(L, ciphers.check(L, 1).update(checkTexts(L))),
	final: (L) => pushOutcome(L, ciphers.check(L, 1).final(checkTexts(L))),
	getTag: (L) => pushOutcome(L, ciphers.check(L, 1).getTag(lauxlib.luaL_checkinteger(L, 2))),
	setTag: (L) => pushOutcome(L, ciphers.check(L, 1).setTag(checkBytes(L, 2))),
});

/** luaossl's `openssl.cipher`, as far as it is about Galois/Counter Mode. */
export const opensslCipher: Library = {
	new: (L) => {
		const type = Buffer.from(checkBytes(L, 1)).toString("latin1");
		return ciphers.push(L, OpensslCipher.of(type) ?? raiseArgumentError(L, 1, `${type}: invalid cipher type`));
	},
};
