import type { Finding } from "./fuzz";

/**
 * A finding as a scenario file: what differs, and the command that found it, stand in the comment at the top.
 * @param command without the seed
 */
export function findingScript({ seed, script, disagreements }: Finding, command: string): string {
	return [
		"# Lanes differ",
		...disagreements.map(({ lane, text }) => `# On ${lane}: ${oneLine(text)}`),
		`# Found at random by ${command} --runs 1 --seed ${seed}`,
		script,
	].join("\n");
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, " ").slice(0, 200);
}
