import { Element, parse } from "ltx";
import type { Answer } from "./stage";

const ERRORS_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** Throws an Error for an HTTP status, which is for push services of Web Push, not for the component `jid`. */
export function checkAnswer(jid: string, answer: Answer): void {
	if (answer.with === "status") {
		throw new Error(`The component ${jid} answers with stanzas, not with HTTP status ${answer.status}`);
	}
}

/** What a component that answers so replies to a stanza, both as text; undefined if it does not reply. */
export function replyTo(stanza: string, answer: Answer): string | undefined {
	if (answer.with === "nothing" || !/^<iq[\s/>]/.test(stanza)) return undefined;
	const { id, from, to, type } = parse(stanza).attrs;
	if (type !== "set" && type !== "get") return undefined;
	const reply = new Element("iq", { type: "result", id, from: to, to: from });
	if (answer.with === "error") {
		reply.attrs.type = "error";
		reply.c("error", { type: answer.type }).c(answer.condition, { xmlns: ERRORS_NAMESPACE });
	}
	return reply.toString();
}
