import type { Scenario } from "../scenario";

/** The texts of a scenario's steps, by line. */
export function stepTexts(scenario: Scenario): Map<number, string> {
	return new Map(scenario.steps.map(({ line, text }) => [line, text]));
}
