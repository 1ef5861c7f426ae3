import { describe, expect, it } from "vitest";
import { Filtering, IMPLEMENTATIONS, message } from "./filtering";

const ROOM = "balcony@rooms.localhost";

function reference(uri: string): string {
	return `<reference xmlns="urn:xmpp:reference:0" type="mention" uri="${uri}"/>`;
}

describe.each(IMPLEMENTATIONS)("a mention, in $name", (implementation) => {
	const filtering = new Filtering(implementation);

	/** Whether the user, who has this nickname in the room, is mentioned by what is in a message. */
	const mentions = (nick: string | undefined, content: string, attributes = 'to="juliet@localhost"'): boolean => {
		const stored = { groupchat_rules: { [ROOM]: { when: "mentioned", nick } } };
		const reason = filtering.reason(stored, message(`from="${ROOM}/romeo" type="groupchat" ${attributes}`, content));
		expect([undefined, "Filtering: not mentioned"]).toContain(reason);
		return reason === undefined;
	};

	it("is the nickname anywhere in the text, as it is written", () => {
		expect(mentions("jule", "<body>What say you, jule?</body>")).toBe(true);
		expect(mentions("jule", "<body>What say you, Jule?</body>")).toBe(false);
		expect(mentions("Jül 100%", "<body>(Jül 100%)</body>")).toBe(true);
		expect(mentions("jule", "<body/>")).toBe(false);
		expect(mentions("jule", "<subject>jule</subject>")).toBe(false);
		expect(mentions(undefined, "<body>jule</body>")).toBe(false);
	});

	it("is no nickname that nobody can have", () => {
		expect(mentions("", "<body>Hello</body>")).toBe(false);
		expect(mentions("a\tb", "<body>a\tb</body>")).toBe(false);
		expect(mentions("x".repeat(1023), `<body>${"x".repeat(2000)}</body>`)).toBe(true);
		expect(mentions("x".repeat(1024), `<body>${"x".repeat(2000)}</body>`)).toBe(false);
	});

	it("is a reference to the account or to the nickname in the room, however it is written", () => {
		for (const uri of [
			"xmpp:juliet@localhost", "xmpp:Juliet@LOCALHOST", "xmpp:juliet%40localhost", "xmpp:%6A%75liet@localhost",
			`xmpp:${ROOM}/jule 100%25 è`, `xmpp:${ROOM}/jule 100% è`, `xmpp:${ROOM}/jule%20100%25%20%C3%A8`,
			`xmpp:Balcony@Rooms.localhost/jule%20100%25%20%c3%a8`,
		]) {
			expect(mentions("jule 100% è", reference(uri)), uri).toBe(true);
			expect(mentions("jule 100% è", `${reference("xmpp:nurse@localhost")}<body/>${reference(uri)}`), uri).toBe(true);
		}
	});

	it("is a reference to what looks like percent-encoding and is none", () => {
		expect(mentions("50%20off", reference(`xmpp:${ROOM}/50%20off`))).toBe(true);
		expect(mentions("50%20off", reference(`xmpp:${ROOM}/50%2520off`))).toBe(true);
		expect(mentions("50%20off", reference(`xmpp:${ROOM}/50 off`))).toBe(false);
	});

	it("is no reference of another kind", () => {
		const data = reference("xmpp:juliet@localhost").replace("mention", "data");
		expect(mentions("jule", data)).toBe(false);
		expect(mentions("jule", `<nested xmlns="urn:example">${reference("xmpp:juliet@localhost")}</nested>`)).toBe(false);
		expect(mentions("jule", `<mention xmlns="urn:xmpp:reference:0" type="mention" uri="xmpp:juliet@localhost"/>`)).toBe(false);
	});

	it("is no reference to anything else", () => {
		for (const uri of [
			"", "xmpp:", "xmpp:@", "xmpp:%", "xmpp:%00", "xmpp:%ff@localhost", "juliet@localhost", "mailto:juliet@localhost",
			"axmpp:juliet@localhost", "xmpp:xmpp:juliet@localhost", "xmpp:juliet@localhost/phone", "xmpp:juliet", "xmpp:localhost",
			`xmpp:${ROOM}`, `xmpp:${ROOM}/`, `xmpp:${ROOM}/Jule`, "xmpp:cell@rooms.localhost/jule", "xmpp:juliet%2540localhost",
			`xmpp:${"x".repeat(100_000)}@localhost`, "xmpp:undefined", `xmpp:${ROOM}/undefined`, `xmpp:${ROOM}/nil`,
		]) {
			expect(mentions("jule", reference(uri)), uri).toBe(false);
			expect(mentions(undefined, reference(uri)), uri).toBe(false);
			expect(mentions("", reference(uri)), uri).toBe(false);
		}
	});

	it("is of the user whose registration it is", () => {
		for (const attributes of ["", 'to="nurse@localhost"', 'to="juliet@elsewhere"']) {
			expect(mentions(undefined, reference("xmpp:juliet@localhost"), attributes)).toBe(true);
			expect(mentions(undefined, reference("xmpp:nurse@localhost"), attributes)).toBe(false);
			expect(mentions(undefined, reference("xmpp:juliet@elsewhere"), attributes)).toBe(false);
		}
	});

	it("is found quickly in what was made to be slow", () => {
		const started = performance.now();
		mentions(`${"a".repeat(1000)}b`, `<body>${"a".repeat(250_000)}</body>`);
		mentions(`${"a".repeat(100_000)}b`, `<body>${"a".repeat(250_000)}</body>`);
		mentions("jule", reference("xmpp:%41").repeat(4000));
		expect(performance.now() - started).toBeLessThan(15_000);
	});
});
