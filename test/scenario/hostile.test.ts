import * as fc from "fast-check";
import { CAST, parse, stepProblem } from "./script";
import { describe, expect, it } from "vitest";
import { parseScenario, perform, ScenarioError } from "../../bridge/scenario";
import { prettyXml, printXml } from "../../bridge/scenario/xml-print";
import { FakeStage } from "./fake-stage";
import { parseXml } from "../../bridge/scenario/xml";

const DEPTH = 10000;
const nested = "<a>".repeat(DEPTH) + "</a>".repeat(DEPTH);
const nestedInNamespaces = "<a xmlns='u'>".repeat(DEPTH) + "</a>".repeat(DEPTH);

describe("hostile input", () => {
	it.each([
		["plain", nested],
		["with a namespace each", nestedInNamespaces],
	])("10,000 nested elements, %s", async (_, xml) => {
		const outcome = await perform(parse(`${CAST}Romeo receives:\n\t${xml}\nRomeo sends:\n\t${xml}`),
			new FakeStage().give("Romeo", xml));
		expect(outcome.passed).toBe(true);
	});

	it("many children that are all alike, in either order", async () => {
		const received = Array.from({ length: 300 }, (_, index) => `<b x='${index}'/>`);
		const expected = [...received].reverse();
		const outcome = await perform(parse(`${CAST}Romeo receives:\n\t<a>${expected.join("")}</a>`),
			new FakeStage().give("Romeo", `<a>${received.join("")}</a>`));
		expect(outcome.passed).toBe(true);
	});

	it("huge attributes, texts and lists of children", async () => {
		const xml = `<a b='${"x".repeat(1e6)}' ${Array.from({ length: 2000 }, (_, i) => `c${i}='1'`).join(" ")}>${
			"y".repeat(1e6)}${"<d/>".repeat(130000)}</a>`;
		const outcome = await perform(parse(`${CAST}Romeo sends:\n\t${xml}\nRomeo receives:\n\t<a b='{scansion:any}'/>`),
			new FakeStage().give("Romeo", xml));
		expect(outcome.passed).toBe(true);
	});

	it("attributes and elements called like members of objects", async () => {
		const xml = "<__proto__ constructor='1' __proto__='2' hasOwnProperty='3'><length/></__proto__>";
		const outcome = await perform(parse(`${CAST}Romeo receives:\n\t${xml}`), new FakeStage().give("Romeo", xml));
		expect(outcome.passed).toBe(true);
		const other = await perform(parse(`${CAST}Romeo receives:\n\t${xml}`), new FakeStage().give("Romeo", "<__proto__/>"));
		expect(other.steps[0]?.failure?.message).toBe("__proto__: attribute constructor is missing, expected \"1\"");
	});

	it("JSON that nests too deep", () => {
		const deep = `{"a":${"[".repeat(101)}${"]".repeat(101)}}`;
		expect(stepProblem(`Browser receives:\n\t${deep}`)).toBe("2: expected JSON that nests no deeper than 100");
	});

	it("white space without end", () => {
		const space = " ".repeat(200000);
		expect(() => parse(`## module:${space}x${space}\n[Client]${space}A${space}\n\tjid${space}: a@localhost${space}
---${space}\nA connects${space}\n1 second passes${space}\n`)).not.toThrow();
		expect(stepProblem(`a${space}b`)).toMatch(/^1: unknown step/);
		expect(stepProblem(`a${space}passed`)).toMatch(/^1: unknown step/);
	});

	it("a payload that is longer than anyone reads", async () => {
		const outcome = await perform(parse(`${CAST}Browser receives:\n\t{"a":"b"}`),
			new FakeStage().give("Browser", `{"a":"${"c".repeat(1e6)}"}`));
		expect(outcome.steps[0]?.failure?.message.length).toBeLessThan(300);
	});
});

/** Lines that scripts are made of, and such that are nearly so. */
const line = fc.oneof(
	fc.constantFrom(
		"---------", "# comment", "// comment", "-- comment", "", "[Client] Romeo", "[Component] App", "[WebPush] Browser",
		"\tjid: romeo@localhost", "\tjid: app.localhost", "\tpassword: x", "\tanswers: nothing",
		"\tsmacks: resume", "Romeo connects",
		"Romeo sends:", "Romeo receives:", "Romeo receives: nothing",
		"\t<iq id='{scansion:any}'>", "\t</iq>", "\t<a xmlns='u'/>",
		"\t<a>${Romeo's JID}</a>", "\t{\"a\": 1}", "Browser receives:", "2 seconds pass",
		"localhost restarts", "## module: x",
		"## option: a = {1}", "## virtual-time", "App answers with result", "Romeo resumes", "\r",
	),
	fc.string({ maxLength: 30 }),
	fc.string({ maxLength: 30, unit: "binary" }),
	fc.tuple(fc.constantFrom("\t", "Romeo ", "## ", "[", "\t<", "localhost "), fc.string({ maxLength: 20 }))
		.map((parts) => parts.join("")),
);

function reads(source: Uint8Array | string): boolean {
	try {
		parseScenario("fuzz.scs", source);
		return true;
	} catch (error) {
		if (!(error instanceof ScenarioError)) throw error;
		const lines = (typeof source === "string" ? source : Buffer.from(source).toString("latin1")).split("\n").length;
		return /^fuzz\.scs:\d+: [^\n]+$/.test(error.message) && error.line >= 1 && error.line <= lines;
	}
}

describe("whatever is read", () => {
	it("is a scenario or a ScenarioError in one of its lines: lines of scripts", () => {
		fc.assert(fc.property(fc.array(line, { maxLength: 30 }), (lines) => reads(lines.join("\n"))), { numRuns: 2000 });
	});

	it("is a scenario or a ScenarioError in one of its lines: steps below a cast", () => {
		const lines = fc.array(line, { maxLength: 12 });
		fc.assert(fc.property(lines, (steps) => reads(CAST + steps.join("\n"))), { numRuns: 2000 });
	});

	it("is a scenario or a ScenarioError in one of its lines: bytes", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => reads(bytes)), { numRuns: 500 });
	});

	it("of XML is printed so that it is read as the same again", () => {
		const name = fc.constantFrom("a", "b", "__proto__", "x-y");
		const text = fc.string({ maxLength: 8, unit: "grapheme" })
			.filter((value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value));
		const { tree } = fc.letrec<{ tree: string; children: string[]; text: string }>((tie) => ({
			text: text.map((value) => value.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)),
			children: fc.array(fc.oneof({ depthSize: "small" }, tie("text"), tie("tree")), { maxLength: 4 }),
			tree: fc.tuple(name, tie("text"), tie("children"))
				.map(([tag, value, children]) => `<${tag} v="${value}">${children.join("")}</${tag}>`),
		}));
		fc.assert(fc.property(tree, (xml) => {
			const [element] = parseXml(xml);
			const printed = printXml(element!);
			expect(printXml(parseXml(printed)[0]!)).toBe(printed);
			expect(prettyXml(element!).length).toBeGreaterThan(0);
		}), { numRuns: 300 });
	});
});
