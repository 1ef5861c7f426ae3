import { parseScenario, ScenarioError, type Action, type Scenario } from "../../bridge/scenario";

/** A client, a phone with resumption, a component and a push service: for scripts that only need steps. */
export const CAST = `[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

[Client] Juliet
	jid: juliet@localhost

[Client] Juliet's phone
	jid: juliet@localhost/phone
	smacks: resume

[Client] Tablet
	jid: juliet@localhost/tablet
	smacks: yes

[Component] App server
	jid: push.localhost

[WebPush] Browser

---------
`;

/** The number of the first line below CAST. */
export const FIRST = CAST.split("\n").length;

export function parse(text: string | Uint8Array): Scenario {
	return parseScenario("test.scs", text);
}

/** What the one step below CAST does. */
export function action(step: string): Action {
	const { steps: [first, ...more] } = parse(CAST + step);
	if (!first || more.length > 0) throw new Error("expected one step");
	return first.action;
}

/** The message of the ScenarioError that a script gives. */
export function problem(text: string | Uint8Array): string {
	try {
		parse(text);
	} catch (error) {
		if (error instanceof ScenarioError) return error.message;
		throw error;
	}
	throw new Error("expected a ScenarioError");
}

/** The same for one step below CAST, without the file, and with the step's line as 1. */
export function stepProblem(step: string): string {
	const lines = /(?<=^test\.scs:|\bin line |\bof line )\d+/g;
	return problem(CAST + step).replace(lines, (line) => `${Number(line) - FIRST + 1}`).replace(/^test\.scs:/, "");
}
