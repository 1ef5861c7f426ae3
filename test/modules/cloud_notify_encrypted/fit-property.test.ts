import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { any_text, repeated_text } from "../random-text";
import { HOST_NAMES } from "../../server/hosts";
import { createLab } from "../push/lab";
import {
	largest_payload, payload_writer, room_for_payload, smallest_max_size,
} from "../../../modules/mod_cloud_notify_encrypted/fit";
import type { Payload } from "../../../modules/mod_cloud_notify_encrypted/payload";

const text = any_text(5000);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined });
const jid = fc.oneof(
	fc.constantFrom("romeo@montague.lit/orchard", "room@muc.localhost", "montague.lit"),
	fc.tuple(text, text).map(([name, resource]) => `${name.replaceAll("/", "")}@montague.lit/${resource}`),
);

const payload: fc.Arbitrary<Payload> = fc.record({
	unread: fc.integer({ min: 0, max: 999_999_999 }),
	sender: maybe(jid),
	type: fc.constantFrom("chat", "groupchat", "call", "subscribe", undefined),
	nickname: maybe(text),
	sid: maybe(text),
	media: maybe(fc.uniqueArray(fc.oneof(fc.constantFrom("audio", "video"), text), { maxLength: 5 })),
	message: maybe(repeated_text(300)),
}).map((members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as unknown as Payload);

const max_size = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 5000 }), fc.nat({ max: 999_999_999 }));

const bytes = (written: string): number => Buffer.byteLength(written);

describe("what is written of any payload", () => {
	const labs = HOST_NAMES.map((name) => createLab(name));
	const writers = labs.map(({ require }) => payload_writer(require));
	const libraries = labs.map(({ require }) => require("util.json"));

	it("is the same on all hosts, has room, and says nothing else", { timeout: 120_000 }, () => {
		const seen = { whole: 0, cut: 0, bare: 0, left_out: 0 };
		fc.assert(fc.property(payload, max_size, (asked, limit) => {
			const room = room_for_payload(limit);
			const [json, ...others] = writers.map((write) => write(asked, room));
			for (const other of others) expect(other).toBe(json);
			expect(bytes(json!)).toBeLessThanOrEqual(room);
			// The hosts' own libraries read it, and would not write it otherwise.
			for (const { decode, encode } of libraries) expect(bytes(encode(decode(json!)[0]))).toBe(bytes(json!));

			const { sender, message, media, ...said } = JSON.parse(json!) as Payload;
			for (const [name, value] of Object.entries(said)) expect(value).toEqual(asked[name as keyof Payload]);
			expect([said.unread, said.type]).toEqual([asked.unread, asked.type]);
			if (JSON.stringify(JSON.parse(json!), Object.keys(asked).sort()) === JSON.stringify(asked, Object.keys(asked).sort())) {
				seen.whole++;
				return;
			}
			// There would have been no room for all.
			expect(bytes(JSON.stringify(asked))).toBeGreaterThan(room);
			if (sender !== asked.sender && sender !== undefined) {
				seen.bare++;
				expect(asked.sender!.startsWith(`${sender}/`)).toBe(true);
			}
			if (message !== asked.message && message !== undefined) {
				seen.cut++;
				expect(asked.message!.startsWith(message)).toBe(true);
				expect(message).not.toBe("");
				expect(message.isWellFormed()).toBe(true);
			}
			if (media !== undefined) expect(asked.media!.filter((medium) => media.includes(medium))).toEqual(media);
			for (const name of Object.keys(asked)) if (!(name in (JSON.parse(json!) as object))) seen.left_out++;
		}), { numRuns: 1000 });
		for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
	});

	it("leaves out first what is needed least", () => {
		const all: Payload = {
			unread: 1, sender: "balcony@rooms.localhost/romeo", type: "call", sid: "call1", media: ["audio"], nickname: "romeo", message: "Hello",
		};
		const [write] = writers as [typeof writers[number]];
		const members = (room: number): string[] => Object.keys(JSON.parse(write(all, room)) as object);
		const order: string[] = [];
		for (let room = bytes(JSON.stringify(all)), left = members(room); room >= 30; room--) {
			const now = members(room);
			order.push(...left.filter((name) => !now.includes(name)));
			left = now;
		}
		// What needs less may find room again where something longer went.
		expect([...new Set(order)]).toEqual(["message", "nickname", "media", "sid", "sender"]);
	});

	it("has room for what a client said, its ciphertext in base64", () => {
		for (let max = smallest_max_size; max < 6000; max++) {
			const room = room_for_payload(max);
			const encoded = (size: number): number => Math.ceil((size + 16) / 3) * 4;
			expect(encoded(room)).toBeLessThanOrEqual(max);
			if (room < largest_payload) expect(encoded(room + 1)).toBeGreaterThan(max);
		}
		for (const tiny of [1, 2, 255, -5, 0.5]) expect(room_for_payload(tiny)).toBe(176);
		for (const none of [undefined, "300", true, NaN, 1e9, Infinity]) expect(room_for_payload(none)).toBe(3000);
		const call: Payload = {
			unread: 1, type: "call", sender: "someone-with-a-name@conference.example.com/a-resource", sid: "123e4567-e89b-42d3-a456-426614174000", media: ["audio"],
		};
		expect(JSON.parse(writers[0]!(call, room_for_payload(1)))).toMatchObject({ type: call.type, sender: call.sender, sid: call.sid });
	});
});
