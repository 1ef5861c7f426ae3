import { createInterface } from "node:readline";

/** What a process does on command: gets the words after the command's name, and answers in one line. */
export type Commands = Record<string, (...words: string[]) => string | Promise<string>>;

/** Says that it is ready, and does what standard input says, line by line, until that ends. */
export async function takeCommands(commands: Commands): Promise<void> {
	console.log("ready");
	for await (const line of createInterface(process.stdin)) {
		const [command, ...words] = line.split(" ");
		console.log(await commands[command!]!(...words));
	}
}
