import { afterAll, describe, expect, it } from "vitest";
import { digestOf, readRecorded } from "../../bridge/lanes/recorded-file";
import { Folder, OFFLINE } from "../cli/prosody-push";
import { newestSeries } from "../../bridge/lanes/originals";
import { recordingAt, recordingsIn, RecordingError } from "../../bridge/lanes/recorded";
import { mkdirSync } from "node:fs";

const folder = new Folder();

afterAll(() => folder.remove());

const STANZA = { step: 1, at: 0, kind: "stanza", to: "push.localhost", from: "localhost", xml: "<message/>" };
const REPLY = { at: 0, kind: "reply", to: "Romeo", xml: "<message/>" };
const REQUEST = { at: 1, kind: "http", method: "POST", url: "https://push.example", headers: { ttl: "1" }, body: "" };
const PUSHED = { ...REQUEST, to: "Browser", payload: { "message-count": 1 }, vapid: { aud: "https://push.example" }, answer: "201" };
const STORED = { at: 0, kind: "store", store: "push2_registrations", data: null };
const LOGGED = { step: 1, at: 0, after: 0, source: "localhost", level: "error", message: "no such thing" };
const FILE = {
	scenario: "../a.scs", script: "0", revision: "1", series: "13.0", originals: { push2: "2" },
	failure: { step: 2, message: "nothing came" }, log: [LOGGED], entries: [STANZA, REPLY, REQUEST, PUSHED, STORED], ids: ["a"], times: ["b"],
};
const ENCRYPTED = "<message><notification xmlns='urn:xmpp:push2:0'/></message>";

describe("the file of a recording", () => {
	it("is read as it was written", () => {
		expect(readRecorded(JSON.stringify(FILE))).toEqual(FILE);
		const least = { ...FILE, series: undefined, failure: undefined };
		expect(readRecorded(JSON.stringify(least))).toEqual(least);
	});

	it.each<[string, object]>([
		["an unknown series", { series: "14.0" }], ["no digests", { originals: ["2"] }], ["a digest that is no text", { originals: { a: 1 } }],
		["an entry that is none", { entries: [null] }], ["an entry of an unknown kind", { entries: [{ ...STANZA, kind: "letter" }] }],
		["an entry without a time", { entries: [{ ...STANZA, at: "0" }] }], ["a stanza without XML", { entries: [{ ...STANZA, xml: 1 }] }],
		["an encrypted notification", { entries: [{ ...STANZA, xml: ENCRYPTED, payload: { envelope: 1 } }] }],
		["a reply to nobody", { entries: [{ ...REPLY, to: undefined }] }], ["a request without headers", { entries: [{ ...REQUEST, headers: null }] }],
		["a request to nobody's name", { entries: [{ ...PUSHED, to: 1 }] }], ["a request with claims that are none", { entries: [{ ...PUSHED, vapid: "" }] }],
		["a request that is not delivered a bit", { entries: [{ ...REQUEST, undelivered: 1 }] }],
		["a request whose answer is no text", { entries: [{ ...PUSHED, answer: 201 }] }],
		["a store without data", { entries: [{ ...STORED, data: undefined }] }], ["a step of no number", { entries: [{ ...STANZA, step: 0 }] }],
		["a line of the log that is none", { log: ["no such thing"] }], ["an error without words", { log: [{ ...LOGGED, message: undefined }] }],
		["a failure without words", { failure: { step: 1 } }], ["an id that is no text", { ids: [1] }], ["no times", { times: {} }],
	])("is none with %s", (_, change) => {
		expect(readRecorded(JSON.stringify({ ...FILE, ...change }))).toBeUndefined();
	});

	it("says where it lies if it cannot be read", () => {
		mkdirSync(`${folder.path}/kept/push2/a.json`, { recursive: true });
		const path = `${folder.path}/kept/push2/a.json`;
		expect(recordingAt(path)).toBeInstanceOf(RecordingError);
		expect(recordingAt(path)).toMatchObject({ message: expect.stringContaining(`${path} cannot be read as a recording`) });
		expect(() => recordingsIn(`${folder.path}/kept`)).toThrow(RecordingError);
	});
});

describe("what a script says, in short,", () => {
	it.each(["#", "# x", "### x", "// x", "-- x", "", "  ", "## known-difference: original@fengari id", "## not-on: ts@node", "##"])(
		"is the same with a line %j", (line) => {
			const [head, body] = OFFLINE.split("---------\n");
			expect(digestOf(`${line}\n${head}---------\n${line.startsWith("## ") ? "" : line}\n${body}`)).toBe(digestOf(OFFLINE));
		},
	);

	it.each(["## option: push_max_devices = 1", "\t// x", "/ x", "- x"])("is another with a line %j", (line) => {
		expect(digestOf(`${line}\n${OFFLINE}`)).not.toBe(digestOf(OFFLINE));
	});
});

describe("the series of several originals", () => {
	it("is the newest among them, in whichever order", () => {
		folder.write("old/mod_cloud_notify.lua", 'local st = require "util.stanza";');
		folder.write("old/mod_two.lua", 'local st = require "prosody.util.stanza";');
		folder.write("old/mod_none.lua", "");
		const places = { original: `${folder.path}/old`, prosodyRoot: folder.path };
		expect(newestSeries(["cloud_notify"], places)).toBe("0.12");
		expect(newestSeries(["cloud_notify", "none", "two"], places)).toBe("13.0");
		expect(newestSeries(["two", "cloud_notify"], places)).toBe("13.0");
		expect(newestSeries(["none", "absent"], places)).toBeUndefined();
	});
});
