import { describe, expect, it } from "vitest";
import { parseScenario, ScenarioError } from "../../bridge/scenario";
import { parse, problem } from "./script";

const SCRIPT = "# Title\n[Client] Röměo\n\tjid: romeo@localhost\n---\nRöměo sends:\n\t<presence>\n\t</presence>\n";

describe("a script", () => {
	it("has a title and a description from the comment at its top", () => {
		const { title, description } = parse("\n# The title\n## virtual-time\n#   First line.\n#\n# Second line.\n\n"
			+ "# No more\n---\nlocalhost restarts");
		expect(title).toBe("The title");
		expect(description).toBe("First line.\nSecond line.");
	});

	it("keeps a hash that belongs to the title", () => {
		expect(parse("# #1535 A bug\n---\nlocalhost restarts").title).toBe("#1535 A bug");
	});

	it("needs neither title nor characters", () => {
		const { title, description, characters } = parse("// vim: x\n-- x\n---\nlocalhost restarts");
		expect([title, description, characters]).toEqual([undefined, undefined, []]);
	});

	it.each([
		["three dashes", "---"],
		["many dashes", "------------"],
		["space after them", "---- "],
	])("has %s", (_, dashes) => {
		expect(parse(`${dashes}\nlocalhost restarts`).steps).toHaveLength(1);
	});

	it("may have further lines of dashes between its steps", () => {
		expect(parse("---\nlocalhost restarts\n-----\nlocalhost restarts").steps).toHaveLength(2);
	});

	it("may have CRLF, a byte order mark, and no end of its last line", () => {
		const plain = parse(SCRIPT);
		expect(parse(SCRIPT.replaceAll("\n", "\r\n"))).toEqual(plain);
		expect(parse(`\ufeff${SCRIPT.trimEnd()}`)).toEqual(plain);
		expect(parse(new TextEncoder().encode(`\ufeff${SCRIPT}`))).toEqual(plain);
	});

	it.each([
		["", 1, "the script is empty, expected a line of dashes (---------) and the steps below it"],
		["\n \n", 3, "the script is empty, expected a line of dashes (---------) and the steps below it"],
		["# x\n\n", 3, "the script has no steps, expected a line of dashes (---------) and the steps below it"],
		["--\n", 2, "the script has no steps, expected a line of dashes (---------) and the steps below it"],
		["---\n# nothing", 2, "expected a step below the line of dashes"],
	])("%j is none", (text, line, message) => {
		expect(problem(text)).toBe(`test.scs:${line}: ${message}`);
	});

	it.each([
		["a stray byte", [0xff], 2],
		["half a character at the end of a line", [0xc3], 2],
		["a surrogate", [0xed, 0xa0, 0x80], 2],
		["an overlong slash", [0xc0, 0xaf], 2],
	])("with %s is refused, with the line", (_, bytes, line) => {
		const rest = Buffer.from("\n---\nlocalhost restarts\n");
		const source = Buffer.concat([Buffer.from("# ö\n# "), Buffer.from(bytes), rest]);
		expect(problem(source)).toBe(`test.scs:${line}: expected UTF-8, but these bytes are not`);
	});

	it("as text with half of a surrogate pair is refused, with the line", () => {
		expect(problem("# a\n# \ud800\n---")).toBe("test.scs:2: expected UTF-8, but half of a surrogate pair stands here");
		expect(problem("# a\n# \ude00")).toBe("test.scs:2: expected UTF-8, but half of a surrogate pair stands here");
	});
});

describe("the example of the design", () => {
	it("is read as it says", () => {
		const scenario = parse(`# Message while the phone sleeps
# The phone's connection is gone, its session waits to be resumed.
## module: cloud_notify
## option: push_max_devices = 2

[Client] Juliet's phone
	jid: juliet@localhost/phone
	password: secret
	smacks: resume

[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

[Component] App server
	jid: push.localhost
	password: secret

---------

Juliet's phone connects
Juliet's phone sends:
	<iq type="set" id="e1">
		<enable xmlns="urn:xmpp:push:0" jid="push.localhost" node="n1"/>
	</iq>
Juliet's phone receives:
	<iq type="result" id="e1"/>
Juliet's phone loses its connection
Romeo connects
2 seconds pass
App server receives:
	<iq type="set" from="localhost"/>
App server receives: nothing
`);
		expect(scenario).toMatchObject({
			file: "test.scs",
			title: "Message while the phone sleeps",
			description: "The phone's connection is gone, its session waits to be resumed.",
			modules: ["cloud_notify"],
			characters: [{ name: "Juliet's phone", smacks: "resume" }, { name: "Romeo" }, { name: "App server" }],
		});
		expect(scenario.steps.map(({ line, action }) => [line, action.does])).toEqual([
			[21, "connect"], [22, "send"], [26, "receive"], [28, "lose_connection"], [29, "connect"], [30, "pass"],
			[31, "receive"], [33, "receive_nothing"],
		]);
	});
});

describe("ScenarioError", () => {
	it("has file, line and problem, and is one line without control characters", () => {
		let error: unknown;
		try {
			parseScenario("a\nb.scs", "x\u001b[31m\u2028y");
		} catch (caught) {
			error = caught;
		}
		expect(error).toBeInstanceOf(ScenarioError);
		expect(error).toMatchObject({ name: "ScenarioError", file: "a\nb.scs", line: 1 });
		const { message, problem: what } = error as ScenarioError;
		expect(message).toBe(`a b.scs:1: ${what}`);
		expect(message).not.toMatch(/[\u0000-\u001f\u2028]/);
	});

	it("stays short", () => {
		expect(problem(`${"x".repeat(100000)}\n`).length).toBeLessThan(200);
	});
});
