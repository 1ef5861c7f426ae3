import { describe, expect, it } from "vitest";
import { createErrors } from "../../bridge/node/error";
import { createId } from "../../bridge/node/id";
import { createTestMachine } from "./machine";
import { stanzaLibrary as st } from "../../bridge/node/stanza";

const errors = createErrors(createId(createTestMachine()));

describe("errors", () => {
	it("have a type and a condition", () => {
		expect(errors.new({})).toMatchObject({ type: "cancel", condition: "undefined-condition", context: {} });
		const error = errors.new({ type: "wait", condition: "conflict", text: "No" }, { by: "x" });
		expect(error).toMatchObject({ type: "wait", condition: "conflict", text: "No", context: { by: "x" } });
		expect(String(error)).toBe("error<wait:conflict:No>");
		expect(errors.new(error, { by: "y" })).toBe(error);
		expect(errors.is_error(error)).toBe(true);
		const others = [{}, undefined, new Error("x"), { type: "wait", condition: "x" }];
		for (const other of others) expect(errors.is_error(other)).toBe(false);
	});

	it("come from stanzas", () => {
		const message = st.message({ from: "a@b", to: "c@d" });
		const stanza = st.error_reply(message, "modify", "bad-request", "No").tag("own", { xmlns: "urn:own" });
		const error = errors.from_stanza(stanza);
		expect(error).toMatchObject({ type: "modify", condition: "bad-request", text: "No" });
		expect(error.context).toMatchObject({ by: "c@d" });
		expect(error.context!.stanza).toBe(stanza);
		expect(error.extra!.tag).toBe(stanza.tags[0]!.get_child("own", "urn:own"));
	});

	it("say who failed, and where something has gone", () => {
		const fields: object = { condition: "gone", extra: { uri: "xmpp:e@f" } };
		const gone = st.error_reply(st.message({ to: "c@d" }), errors.new(fields));
		gone.tags[0]!.attr.by = "proxy";
		const error = errors.from_stanza(gone);
		expect(error.extra).toMatchObject({ uri: "xmpp:e@f" });
		expect(error.context!.by).toBe("proxy");
	});

	it("come from stanzas that say nothing", () => {
		expect(errors.from_stanza(st.message({ from: "a@b", type: "error" })))
			.toMatchObject({ type: "cancel", condition: "undefined-condition", context: { by: "a@b" } });
	});

	it("keep the event that they came with", () => {
		const event = { origin: {}, stanza: st.message({ type: "error" }) };
		expect(errors.from_stanza(event.stanza, event).context).toBe(event);
	});
});
