import { BIND2_NAMESPACE, SASL2_NAMESPACE, bind2In } from "../scenario/bind2";
import { client, xml } from "@xmpp/client";
import { parse } from "ltx";
import type { Account } from "../scenario/login";
import type { Element } from "ltx";
import type { Entity } from "@xmpp/client";

const STREAMS_NAMESPACE = "http://etherx.jabber.org/streams";
const BIND_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-bind";
const SM_NAMESPACE = "urn:xmpp:sm:3";

/** How a client logs in. */
export interface Login extends Account {
	password: string;
	/** With SASL2 and Bind 2; the resource is then a tag, to which the server adds something. */
	sasl2: boolean;
	/** SASL2's id of the client. */
	client_id?: string;
	/** Elements, as text, that ask Bind 2 to enable something. */
	inline: readonly string[];
	/** Do not bind a resource: the client is about to resume a stream. */
	unbound: boolean;
}

/** A client that has logged in. */
export interface LoggedIn {
	/** Absent if no resource was bound. */
	full_jid?: string;
	/** What the server said of Bind 2, as text. */
	bind2: string[];
}

/** No resource was bound. */
export class BindError extends Error {}

/**
 * The library's client, which logs in once its stream is opened. It is not shown what it would act upon against the
 * login: it would enable stream management when and how it likes, and answer IQs.
 * @returns `done` resolves when it has logged in; rejects if the server lacks what the login needs or binds no resource. Other
 * errors are events of the entity
 */
export function logIn(service: string, domain: string, login: Login): { entity: Entity; done: Promise<LoggedIn> } {
	const { resource, client_id } = login;
	const user_agent = client_id === undefined ? undefined : xml("user-agent", { id: client_id });
	const credentials = { username: asBytes(login.username), password: asBytes(login.password) };
	const entity = client({
		service,
		domain,
		...(resource !== undefined && { resource }),
		credentials: (authenticate) => authenticate(credentials, "PLAIN", user_agent),
	});
	for (const [index, element] of login.inline.entries()) entity.bind2.use(featureOf(index), () => parse(element));
	const done = new Promise<LoggedIn>((resolve, reject) => {
		const bind2: string[] = [];
		const finish = (full_jid?: string): void => {
			entity.removeAllListeners("element");
			resolve({ full_jid, bind2 });
		};
		entity.once("online", (full_jid: object) => finish(String(full_jid)));
		entity.prependListener("element", (element: Element) => {
			try {
				const said = bind2In(element)?.toString();
				if (said !== undefined) bind2.push(said);
				const failed = element.is("success", SASL2_NAMESPACE) && element.getChild("failed", BIND2_NAMESPACE);
				if (failed) throw new BindError(reasonOf(failed));
				if (!element.is("features", STREAMS_NAMESPACE)) return;
				const is_authenticated = element.getChild("bind", BIND_NAMESPACE) !== undefined;
				curtail(element, login);
				if (is_authenticated && login.unbound) finish();
			} catch (error) {
				reject(error instanceof Error ? error : new Error(String(error)));
			}
		});
	});
	return { entity, done };
}

/** The library writes characters as if they were bytes. */
function asBytes(text: string): string {
	return Buffer.from(text, "utf8").toString("latin1");
}

/** A feature of Bind 2 that the library is to take the server to have, so that it asks for the element of this number. */
function featureOf(index: number): string {
	return `inline ${index}`;
}

/** Takes out of the server's features what the login does not need; what Bind 2 is to enable is asked for whatever it has. */
function curtail(features: Element, { sasl2, inline: requests, unbound }: Login): void {
	features.remove("sm", SM_NAMESPACE);
	if (unbound || sasl2) features.remove("bind", BIND_NAMESPACE);
	const authentication = features.getChild("authentication", SASL2_NAMESPACE);
	if (!sasl2) {
		features.remove("authentication", SASL2_NAMESPACE);
	} else if (authentication) {
		const inline = authentication.getChild("inline");
		const bind = inline?.getChild("bind", BIND2_NAMESPACE);
		if (!inline || !bind) throw new Error("the server has no Bind 2");
		bind.children = [];
		const offered = bind.c("inline");
		for (const index of requests.keys()) offered.c("feature", { var: featureOf(index) });
		inline.children = unbound ? [] : [bind];
	} else if (features.getChild("mechanisms")) {
		throw new Error("the server has no SASL2");
	}
}

function reasonOf(failed: Element): string {
	const error = failed.getChild("error");
	return error?.getChildText("text") ?? error?.getChildElements()[0]?.name ?? "undefined-condition";
}
