import type { Cache, ErrorLibrary, ErrorObject, Promise as ProsodyPromise } from "../api/libraries";
import type { IqResponse, ModuleApi } from "../api/module";
import type { Session } from "../api/session";
import type { Stanza } from "../api/stanza";
import type { StanzaEvent } from "../api/events";
import { cacheLibrary } from "./cache";
import { jidLibrary } from "./jid";
import { newPromise } from "./promise";

/** IQs of one module that wait for their answers; one more, and the oldest is given up. */
const MAX_WAITING = 256;
const DEFAULT_TIMEOUT = 120;

/** The event of an answer to the host or to an account; answers to a full JID all share one. */
type AnswerEvent<Type extends string> = `iq-${Type}/host/${string}` | `iq-${Type}/bare/${string}` | "iq/full";
type Reject = (this: void, reason: ErrorObject) => void;

/** The IQs that a module has sent and that were not answered yet, by the kind of their sender and their id. */
export class IqTracker {
	readonly #module: Pick<ModuleApi, "hook" | "unhook" | "add_timer" | "send">;
	readonly #errors: ErrorLibrary;
	readonly #waiting: Cache<Reject>;
	readonly #host: Session;

	/** @param host answers are handed to, where a handler sends them to the origin itself */
	constructor(module: Pick<ModuleApi, "hook" | "unhook" | "add_timer" | "send">, errors: ErrorLibrary, host: Session) {
		this.#module = module;
		this.#errors = errors;
		this.#host = host;
		this.#waiting = cacheLibrary.new<Reject>(MAX_WAITING, (_, reject) => {
			reject(errors.new({
				type: "wait", condition: "resource-constraint", text: "evicted from iq tracking cache",
			}));
		});
	}

	/** `send_iq` of the module API. Whichever way it settles, nothing of it stays behind. */
	send(stanza: Stanza, origin = this.#host, timeout = DEFAULT_TIMEOUT): ProsodyPromise<IqResponse, ErrorObject> {
		const sender = senderType(stanza);
		const key = `${sender}/${stanza.attr.id}`;
		return newPromise<IqResponse, ErrorObject>((resolve, reject) => {
			if (this.#waiting.get(key) !== undefined) {
				reject(this.#errors.new({
					type: "modify", condition: "conflict", text: "IQ stanza id attribute already used",
				}));
				return;
			}
			let settled = false;
			const settle = <Result>(how: (this: void, result: Result) => void) => (result: Result): void => {
				if (settled) return;
				release();
				how(result);
			};
			const succeed = settle(resolve);
			const fail = settle(reject);
			const answers = (event: StanzaEvent, type: string): boolean => {
				const { attr } = event.stanza;
				return attr.type === type && attr.from === stanza.attr.to && attr.id === stanza.attr.id;
			};
			const on_result = (event: StanzaEvent): true | undefined => {
				if (!answers(event, "result")) return undefined;
				succeed(event);
				return true;
			};
			const on_error = (event: StanzaEvent): true | undefined => {
				if (!answers(event, "error")) return undefined;
				fail(this.#errors.from_stanza(event.stanza, event));
				return true;
			};
			const event = <Type extends "result" | "error">(type: Type): AnswerEvent<Type> =>
				sender === "full" ? "iq/full" : `iq-${type}/${sender}/${stanza.attr.id}`;
			const timer = this.#module.add_timer(timeout, () => {
				fail(this.#errors.new({
					type: "wait", condition: "remote-server-timeout", text: "IQ stanza timed out",
				}));
			});
			const release = (): void => {
				settled = true;
				this.#module.unhook(event("result"), on_result);
				this.#module.unhook(event("error"), on_error);
				timer.stop();
				this.#waiting.set(key, undefined);
			};
			this.#module.hook(event("result"), on_result, 1);
			this.#module.hook(event("error"), on_error, 1);
			this.#waiting.set(key, fail);
			try {
				this.#module.send(stanza, this.#answeringOrigin(stanza, origin, succeed));
			} catch (error) {
				release();
				throw error;
			}
		});
	}

	/** The origin, but a local handler that answers it answers the IQ. */
	#answeringOrigin(stanza: Stanza, origin: Session, succeed: (response: IqResponse) => void): Session {
		const wrapped = Object.create(origin) as Session;
		wrapped.send = (reply) => {
			if (reply.name === stanza.name && reply.attr.id === stanza.attr.id) succeed({ stanza: reply });
			return origin.send(reply);
		};
		return wrapped;
	}
}

/** What the IQ is sent from: the host, an account or a session. */
function senderType({ attr }: Stanza): "host" | "bare" | "full" {
	if (jidLibrary.node(attr.from) === undefined) return "host";
	return jidLibrary.resource(attr.from) === undefined ? "bare" : "full";
}
