import { describe, expect, it } from "vitest";
import type { FieldType, FormField } from "../../bridge/api";
import { dataformsLibrary as dataforms } from "../../bridge/node/dataforms";
import { HOSTILE_NAMES } from "./machine";
import { stanzaLibrary as st } from "../../bridge/node/stanza";

const summary = dataforms.new([
	{ name: "FORM_TYPE", type: "hidden", value: "urn:xmpp:push:summary" },
	{ name: "message-count", type: "text-single" },
	{ name: "last-message-body", type: "text-single" },
]);

function form(type: string, ...fields: [name: string, ...values: string[]][]) {
	const x = st.stanza("x", { xmlns: "jabber:x:data", type });
	for (const [name, ...values] of fields) {
		x.tag("field", { var: name });
		for (const value of values) x.text_tag("value", value);
		x.up();
	}
	return x;
}

describe("writing a form", () => {
	it("fills in the values, as a form unless it is told otherwise", () => {
		expect(String(summary.form({ "message-count": "1" }))).toBe("<x xmlns='jabber:x:data' type='form'>"
			+ "<field type='hidden' var='FORM_TYPE'><value>urn:xmpp:push:summary</value></field>"
			+ "<field type='text-single' var='message-count'><value>1</value></field>"
			+ "<field type='text-single' var='last-message-body'/></x>");
		expect(summary.form({}, "submit").attr.type).toBe("submit");
		expect(String(summary.form({}, "cancel"))).toBe("<x xmlns='jabber:x:data' type='cancel'/>");
	});

	it("says what a form is about, but not in what is submitted", () => {
		const fields: FormField[] = [{ name: "a", type: "text-single", label: "A", required: true }];
		const layout = Object.assign(fields, { title: "T", instructions: "I" });
		expect(String(dataforms.new(layout).form())).toBe("<x xmlns='jabber:x:data' type='form'><title>T</title>"
			+ "<instructions>I</instructions><field type='text-single' var='a' label='A'><required/></field></x>");
		expect(String(dataforms.new(layout).form({ a: "1" }, "submit")))
			.toBe("<x xmlns='jabber:x:data' type='submit'><field type='text-single' var='a'><value>1</value></field></x>");
	});

	it.each<[FieldType, unknown, string[]]>([
		["boolean", true, ["1"]], ["boolean", false, ["0"]], ["boolean", 0, ["0"]], ["boolean", "yes", ["1"]],
		["fixed", "x", ["x"]], ["jid-single", "a@b", ["a@b"]], ["jid-multi", ["a@b", "c@d"], ["a@b", "c@d"]],
		["list-single", "x", ["x"]], ["text-private", "x", ["x"]], ["text-multi", "a\r\nb\n\nc", ["a", "b", "c"]],
		["text-single", 5, ["5"]], ["hidden", "x", ["x"]], ["text-single", "", [""]],
	])("of type %s holds %j", (type, value, expected) => {
		const [field] = dataforms.new([{ name: "f", type }]).form({ f: value }).tags;
		expect(field!.tags.map((tag) => tag.get_text())).toEqual(expected);
	});

	it("holds an element in a hidden field", () => {
		const filled = dataforms.new([{ name: "f", type: "hidden" }]).form({ f: st.stanza("e", { xmlns: "urn:e" }) });
		expect(filled.find("field/value/{urn:e}e")).toBeDefined();
	});

	it("offers what a list is given to choose from", () => {
		const list = dataforms.new([{ name: "f", type: "list-single" }]);
		const choices = [{ label: "One", value: "1" }, { label: "Two", value: "2", default: true }];
		expect(String(list.form({ f: choices }).tags[0])).toBe("<field type='list-single' var='f'>"
			+ "<option label='One'><value>1</value></option><option label='Two'><value>2</value></option>"
			+ "<value>2</value></field>");
		const several = dataforms.new([{ name: "f", type: "list-multi" }]);
		expect(several.form({ f: ["a"] }).tags[0]!.tags.map(({ name }) => name)).toEqual(["option"]);
		expect(several.form({ f: ["a", "b"] }, "submit").tags[0]!.tags.map((tag) => tag.get_text())).toEqual(["a", "b"]);
	});

	it("takes no fractions", () => {
		expect(() => summary.form({ "message-count": 1.5 })).toThrow("no whole number");
	});

	it("takes no inherited member for a value", () => {
		const fields = HOSTILE_NAMES.map((name): FormField => ({ name, type: "text-single" }));
		for (const field of dataforms.new(fields).form({}).tags) expect(field.tags).toHaveLength(0);
	});
});

describe("reading a form", () => {
	it("gives values by name, and no errors", () => {
		const [data, errors] = summary.data(form("submit", ["FORM_TYPE", "x"], ["message-count", "3"], ["unknown", "y"]));
		expect(data).toEqual({ "FORM_TYPE": "x", "message-count": "3" });
		expect(errors).toBeUndefined();
	});

	it.each<[FieldType, string[], unknown, string?]>([
		["boolean", ["1"], true], ["boolean", ["false"], false],
		["boolean", ["maybe"], undefined, "Invalid boolean representation:maybe"],
		["jid-single", ["A@B"], "a@b"], ["jid-single", ["a b@c"], undefined, "Invalid JID: a b@c"],
		["jid-multi", ["A@b", "x y@z"], ["a@b"], "Invalid JID: x y@z"], ["jid-multi", [], undefined],
		["list-multi", ["a", "b"], ["a", "b"]], ["text-multi", ["a", "b"], "a\nb"], ["list-single", ["a"], "a"],
		["text-single", [], undefined], ["text-single", [""], ""], ["fixed", ["x"], undefined],
	])("of type %s with %j", (type, values, expected, error) => {
		const [data, errors] = dataforms.new([{ name: "f", type }]).data(form("submit", ["f", ...values]));
		expect(data.f).toEqual(expected);
		expect(errors?.f).toBe(error);
	});

	it.each<FieldType>(["text-single", "list-multi", "jid-multi", "jid-single", "boolean", "text-multi"])(
		"misses a required field of type %s", (type) => {
			const required = dataforms.new([{ name: "f", type, required: true }]);
			for (const submitted of [form("submit"), form("submit", ["f"])]) {
				const [, errors] = required.data(submitted);
				expect(errors).toEqual({ f: "Required value missing" });
			}
		},
	);

	it("has tables without inherited members", () => {
		const fields = HOSTILE_NAMES.map((name): FormField => ({ name, type: "text-single" }));
		const [data] = dataforms.new(fields).data(form("submit"));
		for (const name of HOSTILE_NAMES) expect(data[name]).toBeUndefined();
		const submitted = form("submit", ...HOSTILE_NAMES.map((name): [string, string] => [name, "v"]));
		const [filled] = dataforms.new(fields).data(submitted);
		for (const name of HOSTILE_NAMES) expect(filled[name]).toBe("v");
	});
});
