/** As many cells as the table may have: beyond it, what lies between the common ends is paired without a search. */
const MOST_CELLS = 4_000_000;

/** A longest common subsequence of two lists of texts, as pairs of indices in order. */
export function longestCommon(left: readonly string[], right: readonly string[]): [left: number, right: number][] {
	let start = 0;
	while (start < left.length && start < right.length && left[start] === right[start]) {
		start++;
	}
	let tail = 0;
	while (
		tail < left.length - start && tail < right.length - start
		&& left[left.length - 1 - tail] === right[right.length - 1 - tail]
	) {
		tail++;
	}
	const pairs: [number, number][] = [];
	for (let index = 0; index < start; index++) {
		pairs.push([index, index]);
	}
	pairs.push(...middle(left, right, start, left.length - tail, right.length - tail));
	for (let index = tail; index > 0; index--) {
		pairs.push([left.length - index, right.length - index]);
	}
	return pairs;
}

function middle(
	left: readonly string[], right: readonly string[], start: number, leftEnd: number, rightEnd: number,
): [number, number][] {
	const rows = leftEnd - start;
	const columns = rightEnd - start;
	const pairs: [number, number][] = [];
	if ((rows + 1) * (columns + 1) > MOST_CELLS) {
		for (let index = start; index < Math.min(leftEnd, rightEnd); index++) {
			if (left[index] === right[index]) {
				pairs.push([index, index]);
			}
		}
		return pairs;
	}
	// lengths[row, column]: of the longest common subsequence of what follows either position.
	const lengths = new Uint32Array((rows + 1) * (columns + 1));
	const cell = (row: number, column: number): number => row * (columns + 1) + column;
	for (let row = rows - 1; row >= 0; row--) {
		for (let column = columns - 1; column >= 0; column--) {
			lengths[cell(row, column)] = left[start + row] === right[start + column]
				? lengths[cell(row + 1, column + 1)]! + 1
				: Math.max(lengths[cell(row + 1, column)]!, lengths[cell(row, column + 1)]!);
		}
	}
	for (let row = 0, column = 0; row < rows && column < columns;) {
		if (left[start + row] === right[start + column]) {
			pairs.push([start + row++, start + column++]);
		} else if (lengths[cell(row + 1, column)]! >= lengths[cell(row, column + 1)]!) {
			row++;
		} else {
			column++;
		}
	}
	return pairs;
}
