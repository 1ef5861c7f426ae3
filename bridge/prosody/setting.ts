/** What a scenario needs of a server. */
export interface Setting {
	/** Options of `localhost`, each as a Lua literal (from the scenario's tags). */
	options: Readonly<Record<string, string>>;
	/** Modules to load on `localhost` after the standard ones, in this order. */
	modules: readonly ModuleFile[];
	/** Modules that these may depend on, in place of the installed ones of the same name; none if absent. */
	dependencies?: readonly ModuleFile[];
	accounts: readonly Account[];
	components: readonly Component[];
}

export interface ModuleFile {
	/** Without `mod_`. */
	name: string;
	/** Of its Lua file, which need not be in the server's root, nor be called `mod_NAME.lua`. */
	path: string;
}

export interface Account {
	/** Prepared with nodeprep. */
	username: string;
	password: string;
}

export interface Component {
	jid: string;
	password: string;
}

/** Nothing but `localhost`. */
export const BARE: Setting = { options: {}, modules: [], accounts: [], components: [] };
