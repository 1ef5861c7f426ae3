/** What clients do about push, as steps of a scenario. */

/** A device, the registration that it makes, and what it gives as publish options, if anything. */
export interface Device {
	name: string;
	jid: string;
	node?: string;
	options?: Record<string, string>;
}

const PUBLISH_OPTIONS = "http://jabber.org/protocol/pubsub#publish-options";

/** The device, which is connected, enables push. */
export function enable({ name, jid, node, options }: Device): string {
	const fields = Object.entries({ FORM_TYPE: PUBLISH_OPTIONS, ...options })
		.map(([field, value]) => `<field var="${field}"><value>${value}</value></field>`);
	const form = options ? `<x xmlns="jabber:x:data" type="submit">${fields.join("")}</x>` : "";
	return request(name, `<enable xmlns="urn:xmpp:push:0" jid="${jid}"${nodeAttribute(node)}>${form}</enable>`);
}

/** The device, which is connected, disables it. */
export function disable({ name, jid, node }: Device): string {
	return request(name, `<disable xmlns="urn:xmpp:push:0" jid="${jid}"${nodeAttribute(node)}/>`);
}

/** The push that is due to a device. */
export function pushTo({ jid, node, options }: Device): object {
	return { to: jid, node, options: options ? { FORM_TYPE: PUBLISH_OPTIONS, ...options } : {} };
}

/** Romeo, who is connected, writes to Juliet's account, or to one of her clients. */
export function message(body: string, to = "juliet@localhost"): string {
	return `Romeo sends:\n\t<message to="${to}" type="chat"><body>${body}</body></message>\n`;
}

function request(name: string, xml: string): string {
	return `${name} sends:\n\t<iq type="set" id="push">${xml}</iq>\n${name} receives:\n\t<iq type="result" id="push"/>\n`;
}

function nodeAttribute(node: string | undefined): string {
	return node === undefined ? "" : ` node="${node}"`;
}
