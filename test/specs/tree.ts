import type { SpecResult } from "../../bridge/spec";

/** A `describe` with what is in it. */
export interface SpecBlock {
	name: string;
	children: (SpecBlock | SpecResult)[];
}

/** Results by the blocks that they are in. Blocks of one name that follow each other are one. */
export function specTree(results: readonly SpecResult[]): SpecBlock {
	const root: SpecBlock = { name: "", children: [] };
	for (const result of results) {
		let block = root;
		for (const name of result.names.slice(0, -1)) {
			const last = block.children.at(-1);
			if (last !== undefined && "children" in last && last.name === name) {
				block = last;
			} else {
				const inner = { name, children: [] };
				block.children.push(inner);
				block = inner;
			}
		}
		block.children.push(result);
	}
	return root;
}
