import type { Cache, ErrorLibrary, ErrorObject, Promise as ProsodyPromise } from "../api/libraries";
import type { IqResponse, ModuleApi, Timer } from "../api/module";
import type { Session } from "../api/session";
import type { Stanza } from "../api/stanza";
import type { StanzaEvent } from "../api/events";
import { cacheLibrary } from "./cache";
import { jidLibrary } from "./jid";
import { newPromise } from "./promise";

/** IQs of one module that wait for their answers; one more, and the oldest is given up. */
const MAX_WAITING = 256;
const DEFAULT_TIMEOUT = 120;

const EVICTED = { type: "wait", condition: "resource-constraint", text: "evicted from iq tracking cache" };
const TIMED_OUT = { type: "wait", condition: "remote-server-timeout", text: "IQ stanza timed out" };
const USED = { type: "modify", condition: "conflict", text: "IQ stanza id attribute already used" };

/** The event of an answer to the host or to an account; answers to a full JID all share one. */
type AnswerEvent<Type extends string> = `iq-${Type}/host/${string}` | `iq-${Type}/bare/${string}` | "iq/full";
/** What the tracker needs of the module. */
type Sender = Pick<ModuleApi, "hook" | "unhook" | "add_timer" | "send">;

/** How the promise of an answer is settled. */
interface Settle {
	resolve(this: void, response: IqResponse): void;
	reject(this: void, reason: ErrorObject): void;
}

/** The IQs that a module has sent and that were not answered yet, by the kind of their sender and their id. */
export class IqTracker {
	readonly module: Sender;
	readonly errors: ErrorLibrary;
	readonly waiting: Cache<Request>;
	readonly #host: Session;

	/** @param host answers are handed to, where a handler sends them to the origin itself */
	constructor(module: Sender, errors: ErrorLibrary, host: Session) {
		this.module = module;
		this.errors = errors;
		this.#host = host;
		this.waiting = cacheLibrary.new<Request>(MAX_WAITING, (_, request) => {
			request.fail(EVICTED);
		});
	}

	/** `send_iq` of the module API. Whichever way it settles, nothing of it stays behind. */
	send(stanza: Stanza, origin = this.#host, timeout = DEFAULT_TIMEOUT): ProsodyPromise<IqResponse, ErrorObject> {
		return newPromise<IqResponse, ErrorObject>((resolve, reject) => {
			const request = new Request(this, stanza, { resolve, reject });
			if (this.waiting.get(request.key) !== undefined) {
				reject(this.errors.new(USED));
				return;
			}
			request.start(timeout);
			try {
				this.module.send(stanza, request.answeringOrigin(origin));
			} catch (error) {
				request.release();
				throw error;
			}
		});
	}
}

/** An IQ that waits for its answer. */
class Request {
	readonly key: string;
	readonly #tracker: IqTracker;
	readonly #name: string;
	readonly #id: string | undefined;
	readonly #to: string | undefined;
	readonly #result: AnswerEvent<"result">;
	readonly #error: AnswerEvent<"error">;
	#timer: Timer | undefined;
	/** Absent once it is settled. */
	#settle: Settle | undefined;

	constructor(tracker: IqTracker, stanza: Stanza, settle: Settle) {
		const { id, to, from } = stanza.attr;
		const sender = senderType(from);
		this.key = `${sender}/${id}`;
		this.#tracker = tracker;
		this.#name = stanza.name;
		this.#id = id;
		this.#to = to;
		this.#result = sender === "full" ? "iq/full" : `iq-result/${sender}/${id}`;
		this.#error = sender === "full" ? "iq/full" : `iq-error/${sender}/${id}`;
		this.#settle = settle;
	}

	start(timeout: number): void {
		const { module, waiting } = this.#tracker;
		this.#timer = module.add_timer(timeout, () => this.fail(TIMED_OUT));
		module.hook(this.#result, this.#onResult, 1);
		module.hook(this.#error, this.#onError, 1);
		waiting.set(this.key, this);
	}

	/** Forgets the request, and hands out how it is to be settled; nil if it is already. */
	release(): Settle | undefined {
		const settle = this.#settle;
		if (settle === undefined) return undefined;
		const { module, waiting } = this.#tracker;
		this.#settle = undefined;
		module.unhook(this.#result, this.#onResult);
		module.unhook(this.#error, this.#onError);
		this.#timer!.stop();
		this.#timer = undefined;
		waiting.set(this.key, undefined);
		return settle;
	}

	fail(reason: Parameters<ErrorLibrary["new"]>[0]): void {
		this.release()?.reject(this.#tracker.errors.new(reason));
	}

	/** The origin, but a local handler that answers it answers the IQ. */
	answeringOrigin(origin: Session): Session {
		const wrapped = Object.create(origin) as Session;
		wrapped.send = (reply) => {
			if (reply.name === this.#name && reply.attr.id === this.#id) this.release()?.resolve({ stanza: reply });
			return origin.send(reply);
		};
		return wrapped;
	}

	readonly #onResult = (event: StanzaEvent): true | undefined => {
		if (!this.#isAnswer(event, "result")) return undefined;
		this.release()?.resolve(event);
		return true;
	};

	readonly #onError = (event: StanzaEvent): true | undefined => {
		if (!this.#isAnswer(event, "error")) return undefined;
		this.release()?.reject(this.#tracker.errors.from_stanza(event.stanza, event));
		return true;
	};

	#isAnswer({ stanza: { attr } }: StanzaEvent, type: string): boolean {
		return attr.type === type && attr.from === this.#to && attr.id === this.#id;
	}
}

/** What the IQ is sent from: the host, an account or a session. */
function senderType(from: string | undefined): "host" | "bare" | "full" {
	if (jidLibrary.node(from) === undefined) return "host";
	return jidLibrary.resource(from) === undefined ? "bare" : "full";
}
