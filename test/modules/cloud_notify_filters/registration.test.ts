import { describe, expect, it } from "vitest";
import { itWithOriginals } from "../../originals/installed";
import { Filtering, groupchat, IGNORE_UNKNOWN, IMPLEMENTATIONS, message, muted, originalAt } from "./filtering";

const ALL = [
	IGNORE_UNKNOWN,
	muted("Romeo@LocalHost", "balcony@rooms.localhost/romeo", "__proto__", "constructor@rooms.localhost"),
	groupchat(
		'jid="Tomb@rooms.localhost" allow="never"', 'jid="cell@rooms.localhost" allow="mentioned" nick="jule"',
		'jid="__proto__" allow="always"', 'jid="constructor"',
	),
].join("");

const ALL_STORED = {
	filter_unknown: true,
	muted_jids: {
		"romeo@localhost": true, "balcony@rooms.localhost/romeo": true, ["__proto__"]: true,
		"constructor@rooms.localhost": true,
	},
	groupchat_rules: {
		"tomb@rooms.localhost": { when: "never" }, "cell@rooms.localhost": { when: "mentioned", nick: "jule" },
		["__proto__"]: { when: "always" }, "constructor": {},
	},
};

describe.each(IMPLEMENTATIONS)("filters that a client asks for, in $name", (implementation) => {
	const filtering = (): Filtering => new Filtering(implementation);

	it("are stored by prepared JID", () => {
		// A comparison of objects passes over a member __proto__.
		expect(Object.entries(filtering().register(ALL).muted_jids as object).sort())
			.toEqual(Object.entries(ALL_STORED.muted_jids).sort());
		expect(Object.entries(filtering().register(ALL).groupchat_rules as object).sort())
			.toEqual(Object.entries(ALL_STORED.groupchat_rules).sort().map(([jid, rule]) => [jid, expect.objectContaining(rule)]));
	});

	it("are none unless they are asked for", () => {
		expect(filtering().register("")).toEqual({});
		expect(filtering().register('<ignore-unknown/><muted xmlns="tigase:push:filter:mute:0"><item jid="a@b"/></muted>'))
			.toEqual({});
		expect(filtering().register(IGNORE_UNKNOWN)).toEqual({ filter_unknown: true });
	});

	it("say the last of what they say twice", () => {
		const rules = groupchat(
			'jid="cell@rooms.localhost" allow="mentioned" nick="jule"', 'jid="CELL@rooms.localhost" allow="never"');
		expect(filtering().register(rules).groupchat_rules).toEqual({ "cell@rooms.localhost": { when: "never" } });
	});

	it("are left out where there is no JID, with one line in the log for a list", () => {
		const tested = filtering();
		const jids = Array.from({ length: 5000 }, (_, index) => (index % 2 === 0 ? "@" : `user${index}@localhost`));
		expect(Object.keys(tested.register(muted(...jids)).muted_jids as object)).toHaveLength(2500);
		expect(tested.logged()).toEqual(["warn: Skipping invalid JIDs in <muted/>: 2500, the first of them <@>"]);
	});

	it("write nothing into the log that is not what it seems", () => {
		const tested = filtering();
		tested.register(muted("a@@&#10;b") + groupchat('allow="never"', 'jid="@"'));
		tested.register(muted("@".repeat(1000)));
		expect(tested.logged()).toEqual([
			"warn: Skipping invalid JIDs in <muted/>: 1, the first of them <[control characters]>",
			"warn: Skipping invalid JIDs in <groupchat/>: 2, the first of them <>",
			"warn: Skipping invalid JIDs in <muted/>: 1, the first of them <[long]>",
		]);
	});

	itWithOriginals("cloud_notify_filters", "are stored and read as by the original", ({ path }) => {
		const ours = filtering();
		const original = new Filtering(originalAt(path));
		const stored = ours.register(ALL);
		expect(JSON.parse(JSON.stringify(original.register(ALL), sorted))).toEqual(JSON.parse(JSON.stringify(stored, sorted)));

		const stanzas = ["romeo@localhost", "tomb@rooms.localhost/a", "cell@rooms.localhost/a", "constructor@rooms.localhost/a",
			"__proto__", "constructor", "mercutio@localhost"].flatMap((from) => ["chat", "groupchat"].map((type) =>
			message(`from="${from}" to="juliet@localhost" type="${type}"`)));
		for (const registered of [stored, original.register(ALL)]) {
			const known = { ...registered, filter_unknown: undefined };
			// The original knows no room without a rule: cloud_notify_filters-unlisted-room.
			const reasons = stanzas.map((xml) => ours.reason(known, xml))
				.map((reason) => (reason === "Filtering: group chat without a rule" ? undefined : reason));
			expect(reasons).toEqual(stanzas.map((xml) => original.reason(known, xml)));
		}
	});
});

/** Members in order, and those that are called `__proto__` as a list, which a comparison does not pass over. */
function sorted(_: string, value: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
