import { describe, expect, it } from "vitest";
import { sideBySide } from "../../bridge/trace/side-by-side";

const left = ["<iq id=\"1\" type=\"set\">", "  <a/>", "  <body>Hello brave world</body>", "</iq>"];
const right = ["<iq id=\"2\" type=\"set\">", "  <body>Hello brave  new world</body>", "  <c/>", "</iq>"];
const titles = ["ts@node", "original@fengari"] as const;

function shown(width: number, colour: boolean, from = left, to = right): string {
	return sideBySide(from, to, titles, { width, colour }).join("\n");
}

describe("side by side", () => {
	it("marks changes and underlines them", () => {
		expect(shown(100, false)).toBe([
			"  ts@node                          | original@fengari",
			"~ <iq id=\"1\" type=\"set\">           | <iq id=\"2\" type=\"set\">",
			"      ~~~~~~                       |     ~~~~~~",
			"<   <a/>                           |",
			"~   <body>Hello brave world</body> |   <body>Hello brave  new world</body>",
			"                                   |                    ~~~~~",
			">                                  |   <c/>",
			"  </iq>                            | </iq>",
		].join("\n"));
	});

	it("colours changes instead", () => {
		expect(shown(100, true, ["<a>1</a>"], ["<a>2</a>"])).toBe([
			"  \u001b[1mts@node \u001b[22m | \u001b[1moriginal@fengari\u001b[22m",
			"\u001b[33m~\u001b[39m <a>\u001b[31m1\u001b[39m</a> | <a>\u001b[32m2\u001b[39m</a>",
		].join("\n"));
	});

	it("breaks long lines where there is a space", () => {
		const words = `<body>${"word ".repeat(12)}end</body>`;
		expect(shown(84, false, [words], [words.replace("end", "End")])).toBe([
			"  ts@node                                 | original@fengari",
			"~ <body>word word word word word word     | <body>word word word word word word",
			"~     word word word word word word       |     word word word word word word",
			"~     end</body>                          |     End</body>",
			"      ~~~                                 |     ~~~",
		].join("\n"));
	});

	it("breaks what has no space where it must", () => {
		const text = "x".repeat(100);
		const lines = shown(84, false, [text], []).split("\n");
		expect(lines.slice(1)).toEqual([
			`< ${"x".repeat(39)} |`, `<     ${"x".repeat(35)} |`, `<     ${"x".repeat(26)}          |`,
		]);
	});

	it("puts one side below the other on a narrow terminal", () => {
		expect(shown(60, false)).toBe([
			"< ts@node",
			"> original@fengari",
			"< <iq id=\"1\" type=\"set\">",
			"      ~~~~~~",
			"> <iq id=\"2\" type=\"set\">",
			"      ~~~~~~",
			"<   <a/>",
			"<   <body>Hello brave world</body>",
			">   <body>Hello brave  new world</body>",
			"                     ~~~~~",
			">   <c/>",
			"  </iq>",
		].join("\n"));
	});

	it("keeps columns straight beside wide and combining characters", () => {
		expect(shown(80, false, ["世界", "e\u0301", "x"], ["世界", "e\u0301", "x"])).toBe([
			"  ts@node | original@fengari",
			"  世界    | 世界",
			"  e\u0301       | e\u0301",
			"  x       | x",
		].join("\n"));
	});

	it("does not pass on what a terminal would act on", () => {
		expect(shown(80, false, ["\u001b[2J\u009b\u202e"], [])).toBe([
			"  ts@node                 | original@fengari",
			"< \\u{1b}[2J\\u{9b}\\u{202e} |",
		].join("\n"));
	});
});
