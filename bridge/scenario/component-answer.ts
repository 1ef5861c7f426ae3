import { Element, parse } from "ltx";
import type { Answer } from "./stage";

const ERRORS_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-stanzas";
const PUSH2_NAMESPACE = "urn:xmpp:push2:0";

/** Throws an Error for an HTTP status, which is for push services of Web Push, not for the component `jid`. */
export function checkAnswer(jid: string, answer: Answer): void {
	if (answer.with === "status") {
		throw new Error(`The component ${jid} answers with stanzas, not with HTTP status ${answer.status}`);
	}
}

/**
 * What a component that answers so replies to a stanza, both as text; undefined if it does not reply. Requests (IQs) are
 * answered with a result or an error, notifications of Push 2.0, which are messages, with nothing or an error.
 */
export function replyTo(stanza: string, answer: Answer): string | undefined {
	if (answer.with === "nothing" || !/^<(?:iq|message)[\s/>]/.test(stanza)) return undefined;
	const received = parse(stanza);
	if (!isRequest(received) && !(answer.with === "error" && isNotification(received))) return undefined;
	const { id, from, to } = received.attrs;
	const reply = new Element(received.name, { type: "result", id, from: to, to: from });
	if (answer.with === "error") {
		reply.attrs.type = "error";
		reply.c("error", { type: answer.type }).c(answer.condition, { xmlns: ERRORS_NAMESPACE });
	}
	return reply.toString();
}

function isRequest({ name, attrs: { type } }: Element): boolean {
	return name === "iq" && (type === "set" || type === "get");
}

/** An error, which carries what it is about, is none. */
function isNotification(stanza: Element): boolean {
	const { name, attrs: { type } } = stanza;
	return name === "message" && type !== "error" && stanza.getChild("notification", PUSH2_NAMESPACE) !== undefined;
}
