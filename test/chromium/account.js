// What the README's code meets in a page: a client of xmpp.js that is online, with a server that has Web Push; and
// subscriptions as the Push API has them (https://www.w3.org/TR/push-api/), which need the service of the browser's maker.
import { jid, xml } from "@xmpp/client";
import createCaller from "@xmpp/iq/caller.js";

/** Stanzas that the server got, as XML. */
const sent = [];

/** @param publicKey that of the server, if it has Web Push */
function connect(publicKey) {
	let route;
	const field = (name, value, attrs) => xml("field", { var: name, ...attrs }, xml("value", {}, value));
	const answer = (iq) => {
		const asksForInfo = iq.attrs.type === "get" && iq.attrs.to === "juliet@localhost";
		return asksForInfo ? xml("query", "http://jabber.org/protocol/disco#info",
			"\n", xml("identity", { category: "account", type: "registered" }),
			publicKey && xml("feature", { var: "urn:xmpp:webpush:0" }),
			publicKey && xml("x", { xmlns: "jabber:x:data", type: "result" },
				field("FORM_TYPE", "http://jabber.org/protocol/webpush#public-key", { type: "hidden" }),
				field("webpush#public-key", publicKey))) : undefined;
	};
	const entity = {
		async send(iq) {
			sent.push(iq.toString());
			const { id } = iq.attrs;
			const stanza = xml("iq", { type: "result", id }, answer(iq));
			setTimeout(() => route({ name: "iq", type: "result", id, stanza }, () => {}));
		},
	};
	const iqCaller = createCaller({ entity, middleware: { use: (handler) => void (route = handler) } });
	return { jid: jid("juliet@localhost/web"), iqCaller };
}

let subscription = null;
let subscriptionCount = 0;

PushManager.prototype.getSubscription = async () => subscription;
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
	if (!userVisibleOnly) throw new DOMException("not visible", "NotAllowedError");
	if (subscription && subscription.key !== applicationServerKey) throw new DOMException("another key", "InvalidStateError");
	if (!subscription) {
		const keys = await window.subscribe();
		const endpoint = `https://push.example.com/${++subscriptionCount}`;
		subscription = {
			key: applicationServerKey,
			toJSON: () => ({ endpoint, expirationTime: null, keys }),
			unsubscribe: async () => {
				subscription = null;
				return true;
			},
		};
	}
	return subscription;
};

Object.assign(window, { connect, sent });
