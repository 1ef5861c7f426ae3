import { describe, expect, it } from "vitest";
import { action, CAST, FIRST, parse, stepProblem } from "./script";
import { printXml } from "../../bridge/scenario/xml-print";

function stanzas(step: string): string[] {
	const read = action(step);
	if (read.does !== "send" && read.does !== "receive") throw new Error(`expected stanzas, got ${read.does}`);
	return read.stanzas.map((stanza) => printXml(stanza));
}

describe("steps", () => {
	it.each([
		["Romeo connects", { does: "connect", who: "Romeo" }],
		["Juliet's phone connects", { does: "connect", who: "Juliet's phone" }],
		["App server connects", { does: "connect", who: "App server" }],
		["Romeo disconnects", { does: "disconnect", who: "Romeo" }],
		["Romeo loses its connection", { does: "lose_connection", who: "Romeo" }],
		["Juliet's phone resumes", { does: "resume", who: "Juliet's phone" }],
		["Tablet stops acknowledging", { does: "stop_acknowledging", who: "Tablet" }],
		["Tablet acknowledges", { does: "acknowledge", who: "Tablet" }],
		["Romeo receives: nothing", { does: "receive_nothing", who: "Romeo" }],
		["Romeo receives nothing", { does: "receive_nothing", who: "Romeo" }],
		["Romeo receives:\n\tnothing", { does: "receive_nothing", who: "Romeo" }],
		["Browser receives: nothing", { does: "receive_nothing", who: "Browser" }],
		["2 seconds pass", { does: "pass", seconds: 2 }],
		["1 second passes", { does: "pass", seconds: 1 }],
		["0.5 seconds pass", { does: "pass", seconds: 0.5 }],
		["10 minutes pass", { does: "pass", seconds: 600 }],
		["1.5 hours pass", { does: "pass", seconds: 5400 }],
		["App server answers with result", { does: "answer", who: "App server", answer: { with: "result" } }],
		["App server answers with nothing", { does: "answer", who: "App server", answer: { with: "nothing" } }],
		["App server answers with error cancel item-not-found",
			{ does: "answer", who: "App server", answer: { with: "error", type: "cancel", condition: "item-not-found" } }],
		["Browser answers with 410", { does: "answer", who: "Browser", answer: { with: "status", status: 410 } }],
		["Browser answers with 429 retry-after 10",
			{ does: "answer", who: "Browser", answer: { with: "status", status: 429, retry_after: 10 } }],
		["localhost fires cloud-notify-ping for juliet", { does: "fire", event: "cloud-notify-ping", user: "juliet" }],
		["localhost reloads cloud_notify", { does: "reload", module: "cloud_notify" }],
		["localhost restarts", { does: "restart" }],
		["Browser receives:\n\t{ \"a\": [1, {\"b\": null}],\n\t\"c\": \"{scansion:any}\" }",
			{ does: "receive_json", who: "Browser", members: { a: [1, { b: null }], c: "{scansion:any}" } }],
	])("%s", (step, expected) => {
		expect(action(step)).toEqual(expected);
	});

	it("may ask Bind 2 to enable something", () => {
		const bind2 = (step: string) => {
			const { steps: [first] } = parse(`[Client] Phone\n\tjid: juliet@localhost\n\tclient_id: 1\n---\n${step}`);
			if (first?.action.does !== "connect") throw new Error("expected a step that connects");
			return first.action.inline?.map((element) => printXml(element));
		};
		expect(bind2("Phone connects")).toBeUndefined();
		expect(bind2("Phone connects with:\n\t<a xmlns='u'/>\n\t<b x=\"${Phone's jwt-key}\"/>"))
			.toEqual(["<a xmlns=\"u\"/>", "<b x=\"${Phone&apos;s jwt-key}\"/>"]);
		expect(bind2("Phone connects with: <a/>")).toEqual(["<a/>"]);
		expect(() => bind2("Phone connects with:")).toThrow("test.scs:5: expected an indented stanza below");
		expect(() => bind2("Phone connects with: nothing")).toThrow('test.scs:5: expected an element, got "nothing"');
		expect(() => bind2("Phone connects with: <a b='${c}'/>")).toThrow('test.scs:5: unknown variable "${c}"');
	});

	it("keep their line and their text", () => {
		const { steps } = parse(
			`${CAST}\n# first\nRomeo connects  \nRomeo sends:\n\t<presence/>\n\n// then\n\n1 hour passes`,
		);
		expect(steps.map(({ line, text }) => [line - FIRST, text]))
			.toEqual([[2, "Romeo connects"], [3, "Romeo sends:"], [8, "1 hour passes"]]);
	});

	it.each([
		["colon", "Romeo sends:\n\t<presence/>"],
		["no colon", "Romeo sends\n\t<presence/>"],
		["spaces", "Romeo sends:\n    <presence/>"],
		["an empty line before", "Romeo sends:\n\n\t<presence/>"],
		["in the line itself", "Romeo sends: <presence/>"],
		["XML comments", "Romeo sends:\n\t<!-- a --><presence><!-- b --></presence>"],
	])("may have a stanza with %s", (_, step) => {
		expect(stanzas(step)).toEqual(["<presence/>"]);
	});

	it("may have a stanza with comments and empty lines in it, and no layout goes out", () => {
		const step = "Romeo sends:\n\t<message>\n\n# a comment\n-- another\n\t\t<body>a b</body>\n  <x>\n  </x>"
			+ "<y> </y>\n\t</message>";
		expect(stanzas(step)).toEqual(["<message><body>a b</body><x/><y> </y></message>"]);
	});

	it("may have several stanzas", () => {
		expect(stanzas("Romeo receives:\n\t<a/>\n\t<b/>")).toEqual(["<a/>", "<b/>"]);
	});

	it("leave in a stanza what Scansion does not look at when it sends", () => {
		expect(stanzas("Romeo sends:\n\t<iq id='{scansion:any}' scansion:strict='true'/>"))
			.toEqual(["<iq id=\"{scansion:any}\"/>"]);
	});

	it("keep entities, CDATA and characters that XML would change", () => {
		expect(stanzas("Romeo sends:\n\t<a b='&lt;&#10;&quot;'>&amp;&#13;<![CDATA[<x>]]></a>"))
			.toEqual(["<a b=\"&lt;&#10;&quot;\">&amp;&#13;&lt;x&gt;</a>"]);
	});

	it("know variables of characters and of earlier captures, in both spellings", () => {
		expect(() => parse(`${CAST}
Romeo receives:
	<iq id="{scansion:capture:first}" to="\${Romeo's full JID}"><a>{scansion:capture second}</a></iq>
Romeo sends:
	<iq id="\${first}\${second}" to="\${Juliet's phone's full JID}" x="\${App server's JID}" y="\${Romeo's JID}"
		e="\${Browser's endpoint}" p="\${Browser's p256dh}" a="\${Browser's auth}"/>
Browser receives:
	{ "a": { "b": "{scansion:capture:third}" } }
Romeo receives:
	<iq id="\${third}"/>
`)).not.toThrow();
	});
});

const KNOWN_STEPS = "connects, connects with:, disconnects, sends:, receives:, receives: nothing, loses its connection, resumes, "
	+ "stops acknowledging, acknowledges, answers with ANSWER";
const SERVER_STEPS = "localhost fires NAME for USER, localhost reloads NAME, localhost restarts";
const NAMES = "Romeo, Juliet, Juliet's phone, Tablet, App server, Browser";

describe("a wrong step", () => {
	it.each([
		["Romeo dances", `1: unknown step "dances" of "Romeo", expected one of ${KNOWN_STEPS}`],
		["Romeo sendsx", `1: unknown step "sendsx" of "Romeo", expected one of ${KNOWN_STEPS}`],
		["Romeo connects:", `1: unknown step "connects:" of "Romeo", expected one of ${KNOWN_STEPS}`],
		["Mercutio connects", `1: unknown character "Mercutio", expected one of ${NAMES}`],
		["Juliet's laptop sends:\n\t<a/>", `1: unknown character "Juliet's laptop", expected one of ${NAMES}`],
		["romeo connects", `1: unknown character "romeo", expected one of ${NAMES}`],
		["Time goes by", `1: unknown step "Time goes by", expected a step of a character (${NAMES}), `
			+ `N seconds pass, ${SERVER_STEPS}`],
		["Romeo", `1: unknown step "Romeo", expected a step of a character (${NAMES}), N seconds pass, ${SERVER_STEPS}`],
		["\tRomeo connects", "1: unexpected indentation, expected a step: \"Romeo connects\""],
		["Romeo connects\n\t<presence/>", "2: unexpected indentation, nothing belongs below this step"],
		["2 seconds pass\n\n\tx", "3: unexpected indentation, nothing belongs below this step"],
		["Romeo receives: nothing\n\t<a/>", "2: unexpected indentation, nothing belongs below this step"],
		["Romeo sends:", "1: expected an indented stanza below"],
		["Romeo receives", "1: expected an indented stanza below"],
		["Romeo receives:\n<message/>", "1: expected an indented stanza below"],
		["Romeo sends: <a/>\n\t<b/>", "2: expected all of it behind the colon or all of it below"],
		["Romeo sends:\n\t<?xml version='1.0'?><a/>",
			"2: expected well-formed XML: an XML declaration must be at the start of the document"],
		["Romeo sends:\n\t<!DOCTYPE a><a/>",
			"2: expected well-formed XML: inappropriately located doctype declaration"],
		["Romeo sends:\n\t<a><?php x?></a>",
			"2: expected well-formed XML: a processing instruction is not allowed in a stanza"],
		["Romeo receives:\n\t<a>\n\t\t<b scansion:strict='maybe'/></a>",
			"3: scansion:strict is \"maybe\", expected true or false"],
		["Romeo receives:\n\t<a scansion:lax='true'/>", "2: unknown attribute scansion:lax, expected scansion:strict"],
		["Romeo receives:\n\t<a b='{scansion:some}'/>",
			"2: \"{scansion:some}\" is neither {scansion:any} nor {scansion:capture:NAME}"],
		["Romeo receives:\n\t<a>{scansion:capture:}</a>",
			"2: \"{scansion:capture:}\" is neither {scansion:any} nor {scansion:capture:NAME}"],
		["Romeo sends:\n\t<a>\n\t<b>${x}</b></a>", "3: unknown variable \"${x}\", expected one of "
			+ ["Romeo", "Juliet", "Juliet's phone", "Tablet"].flatMap((name) => {
				return ["JID", "full JID", "ua-public", "auth-secret", "jwt-key"].map((value) => `${name}'s ${value}`);
			}).join(", ") + ", App server's JID, Browser's endpoint, Browser's p256dh, Browser's auth"],
		["Romeo connects with:\n\t<a/>", "1: \"Romeo\" has no Bind 2, expected sasl2: yes there"],
		["App server connects with: <a/>", "1: \"App server\" is no client: only a client connects with something"],
		["Browser receives:", "1: expected nothing, or an indented JSON object below"],
		["Browser receives:\n\t[1]", "2: expected a JSON object or \"nothing\", got \"[1]\""],
		["Browser receives: noting", "1: expected a JSON object or \"nothing\", got \"noting\""],
		["Romeo receives: noting", "1: expected a stanza or \"nothing\", got \"noting\""],
		["Romeo receives:\n\n\tnoting \n\t<a/>", "3: expected a stanza or \"nothing\", got \"noting\""],
		["Romeo sends: hello", "1: expected a stanza, got \"hello\""],
		["Romeo receives: <a b='{scansion:some}'/>",
			"1: \"{scansion:some}\" is neither {scansion:any} nor {scansion:capture:NAME}"],
		["Browser sends:\n\t<a/>", "1: \"Browser\" is a push service and sends nothing"],
		["Browser loses its connection", "1: \"Browser\" is no client: only a client loses its connection"],
		["App server resumes", "1: \"App server\" is no client: only a client resumes"],
		["Romeo resumes", "1: \"Romeo\" has no stream management, expected smacks: resume or smacks: yes there"],
		["Romeo acknowledges", "1: \"Romeo\" has no stream management, expected smacks: resume or smacks: yes there"],
		["Tablet resumes", "1: \"Tablet\" cannot resume, expected smacks: resume there"],
		["Romeo answers with result", "1: \"Romeo\" is a client and has no answers"],
		["App server answers with 201",
			"1: expected result, nothing, or error TYPE CONDITION such as error cancel item-not-found"],
		["Browser answers with",
			"1: expected a status from 200 to 599 such as 201, 429 retry-after 10 (seconds), or nothing"],
		["some seconds pass", "1: \"some seconds\" is no time, expected seconds, minutes or hours such as 1.5 seconds, "
			+ "up to 1000000000 seconds"],
		["-1 seconds pass", "1: \"-1 seconds\" is no time, expected seconds, minutes or hours such as 1.5 seconds, "
			+ "up to 1000000000 seconds"],
		["9999999 hours pass", "1: \"9999999 hours\" is no time, expected seconds, minutes or hours such as 1.5 seconds, "
			+ "up to 1000000000 seconds"],
		["localhost fires x", `1: unknown step "localhost fires x", expected one of ${SERVER_STEPS}`],
		["localhost reloads", `1: unknown step "localhost reloads", expected one of ${SERVER_STEPS}`],
		["localhost restarts now", `1: unknown step "localhost restarts now", expected one of ${SERVER_STEPS}`],
	])("%j", (step, message) => {
		expect(stepProblem(step)).toBe(message);
	});

	it.each([
		["<a>\n<b>\n</a>", "4: </a> closes <b>, which was opened in line 3"],
		["<iq>\n<enable/>\n</qi\n>", "5: </qi> closes <iq>, which was opened in line 2"],
		["<a><b></a></b>", "2: </a> closes <b>, which was opened in line 2"],
		["<a/></a>", "2: </a> closes nothing, no element is open there"],
		["<a>\n<b>\n</b>", "2: <a> is not closed"],
		["<a>\n<b\nc=''>\n<d/>", "3: <b> is not closed"],
		["<a>\n<b>\n</b", "3: <b> is not closed"],
		["<a>\n<b", "3: the tag <b has no > at its end"],
		["<a>\n<b c='>\n</b></a>", "4: disallowed character, in <b> of line 3"],
		["<a\n\tb='1", "2: the tag <a has no > at its end"],
		["<iq\n<enable/></iq>", "3: disallowed character in attribute name, in <iq> of line 2"],
		["<a b=c/>", "2: unquoted attribute value, in <a>"],
		["<a\nb='1'\nb='2'\nc='3'/>", "4: <a> has the attribute b twice"],
		["<a>&nbsp;</a>", "2: undefined entity, in <a>"],
		["<a>\n<b>&constructor;</b></a>", "3: undefined entity, in <b>"],
		["<a>\n\u0001</a>", "3: disallowed character, in <a> of line 2"],
		["<a>\n</></a>", "3: weird empty close tag, in <a> of line 2"],
		["<a/> hello", "2: \"hello\" stands outside of an element"],
		["<a/>\n\n\thello \n\tyou\n<b/>", "4: \"hello\" stands outside of an element"],
		["<a/>x&#10;&#10;&#10;", "2: \"x\" stands outside of an element"],
		["<![CDATA[x]]>", "2: \"x\" stands outside of an element"],
		["<!-- a", "2: unexpected end"],
		["<a>\n<x:b\nc=''/></a>", "3: <x:b>: the prefix x is not declared"],
		["<a\n\tb=''\n\tx:c=''\n\td=''/>", "4: attribute x:c of <a>: the prefix x is not declared"],
		["<a b:c:d=''/>", "2: attribute b:c:d of <a>: not a name with a prefix"],
		[`<${"a".repeat(1000)}>`, `2: <${"a".repeat(59)}…> is not closed`],
	])("tells the tag and its line: %j", (xml, message) => {
		const [line, what] = message.split(/: (.*)/s);
		expect(stepProblem(`Romeo sends:\n\t${xml.replaceAll("\n", "\n\t")}`))
			.toBe(`${line}: expected well-formed XML: ${what}`);
	});

	it("knows where an element begins whose attributes are on further lines", () => {
		expect(stepProblem("Romeo sends:\n\t<a>\n\t<b\n\tc='${x}'/></a>")).toMatch(/^3: unknown variable/);
	});

	it("tells the line of wrong JSON, also behind the colon", () => {
		expect(stepProblem("Browser receives:\n\t{\n\t\"a\": 1,\n\t}")).toMatch(/^4: expected JSON: /);
		expect(stepProblem("Browser receives: {]")).toMatch(/^1: expected JSON: /);
	});

	it("cannot use what is captured only later, or in the same stanza", () => {
		expect(stepProblem("Romeo receives:\n\t<a b='{scansion:capture:x}' c='${x}'/>"))
			.toMatch(/^2: unknown variable "\$\{x\}"/);
	});

	it("is told which captured values there are", () => {
		expect(stepProblem("Romeo receives:\n\t<a b='{scansion:capture:first}'/>\nRomeo sends: <a b='${frist}'/>"))
			.toMatch(/^3: unknown variable "\$\{frist\}", expected one of Romeo's JID, .*, Browser's auth, first$/);
	});
});
