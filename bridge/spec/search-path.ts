/** What busted looks along without `--lpath`. */
const USUAL_LPATH = "./src/?.lua;./src/?/?.lua;./src/?/init.lua";
const WORKING_DIRECTORY = "./?.lua;./?/init.lua";

/**
 * Where `require` looks for what is no library of ours, as busted does: along `lpath`, along Lua's own path if the
 * environment sets one, and in the working directory. What is installed on this machine is not looked at unasked.
 */
export function searchPath(lpath: string = USUAL_LPATH): string {
	const own = process.env.LUA_PATH_5_3 ?? process.env.LUA_PATH;
	return [lpath, own, WORKING_DIRECTORY]
		.flatMap((path) => path?.split(";") ?? [])
		.filter((template) => template !== "")
		.join(";");
}
