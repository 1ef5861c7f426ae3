import { nodeprep } from "../native/stringprep";
import type { ClientCharacter } from "./stage";

/** Whom a client logs in as. */
export interface Account {
	/** As the script has it. */
	username: string;
	/** The server chooses one if it is absent. */
	resource?: string;
}

/** What the JID of a client says about its login. */
export function accountOf({ jid }: ClientCharacter): Account {
	const [, username = "", resource] = /^([^@]*)@[^/]*(?:\/(.*))?$/s.exec(jid) ?? [];
	return { username, ...(resource !== undefined && { resource }) };
}

/** The user name as the server knows the account. Throws an Error for one that no account can have. */
export function usernameOf(character: ClientCharacter): string {
	const username = nodeprep(accountOf(character).username);
	if (!username) throw new Error(`${character.name} has an invalid JID: ${character.jid}`);
	return username;
}
