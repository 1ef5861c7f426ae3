import { parseHttpUrl } from "../node/http-url";
import { PushService, type Push, type PushRequest } from "../webpush/service";
import { textToBytes } from "../native/bytes";
import type { Clock, HttpRequest, HttpResponse, Machine } from "../api";
import type { HttpEntry } from "../trace/entry";
import type { WebPushCharacter } from "./stage";

/** The one name that is always known, and that the certificates of the push services are for. */
const LOCALHOST = "localhost";
const LOOPBACK = "127.0.0.1";

/** The first push service listens there, and each further one on the next: the same in every run. */
const FIRST_PORT = 4431;

/** A push service in this process. */
export class SimulatedPushService extends PushService {
	readonly port: number;
	connected = true;

	constructor(character: WebPushCharacter, port: number) {
		super(character, `https://${LOCALHOST}:${port}`);
		this.port = port;
	}

	connect(): void {
		this.connected = true;
	}

	/** Connections are refused from here on. */
	disconnect(): void {
		if (!this.connected) throw new Error(`The push service ${this.name} is down already`);
		this.connected = false;
	}
}

export interface SimulatedNetworkSettings {
	clock: Clock;
	/** Addresses by name, beside `localhost`. */
	dns: Readonly<Record<string, readonly string[]>>;
	/** Gets what comes of each request that reached a push service, before it is answered. */
	onPush(service: SimulatedPushService, push: Push): void;
	/** Gets the requests for which there was an address, but nobody at it who would take them. */
	onUndelivered(entry: Omit<HttpEntry, "at">): void;
}

/** A request that is to be made. */
interface Attempt {
	request: HttpRequest;
	answer(response: HttpResponse | undefined, error?: string): void;
	aborted: boolean;
}

/** All that HTTP and names of hosts lead to from the simulated server: the push services, on loopback. */
export class SimulatedNetwork implements Required<Pick<Machine, "http" | "resolve">> {
	readonly #settings: SimulatedNetworkSettings;
	readonly #services: SimulatedPushService[] = [];

	constructor(settings: SimulatedNetworkSettings) {
		this.#settings = settings;
	}

	/** Puts one at the next port. */
	open(character: WebPushCharacter): SimulatedPushService {
		const service = new SimulatedPushService(character, FIRST_PORT + this.#services.length);
		this.#services.push(service);
		return service;
	}

	readonly resolve: Required<Machine>["resolve"] = (name, answer) => {
		const { dns } = this.#settings;
		answer(Object.hasOwn(dns, name) ? dns[name]! : name === LOCALHOST ? [LOOPBACK] : []);
	};

	/** Answers at the same instant, but not at once: who asks is still busy with that. A silent service never answers. */
	readonly http: Required<Machine>["http"] = (request, answer) => {
		const attempt: Attempt = { request, answer, aborted: false };
		this.#settings.clock.schedule(0, () => this.#connect(attempt, false));
		return () => {
			attempt.aborted = true;
		};
	};

	/** Tries one address after the other. */
	#connect(attempt: Attempt, tried: boolean): void {
		if (attempt.aborted) return;
		const { request, answer } = attempt;
		const { resolver } = request;
		const target = parseHttpUrl(request.url);
		resolver.next((conn_type, ip, port) => {
			if (attempt.aborted) return;
			if (conn_type === undefined) {
				if (tried) this.#fail(attempt, "connection refused");
				else answer(undefined, resolver.last_error ?? "unable to resolve service");
				return;
			}
			const service = this.#services.find((one) => ip === LOOPBACK && one.port === port && one.connected);
			if (!service) this.#connect(attempt, true);
			else if (target?.scheme !== "https") this.#fail(attempt, "connection-closed");
			else if (target.host.toLowerCase() !== LOCALHOST) this.#fail(attempt, "certificate-verify-failed");
			else this.#deliver(service, attempt, target.path);
		});
	}

	#fail({ request, answer }: Attempt, failure: string): void {
		const { method, url } = request;
		this.#settings.onUndelivered({ kind: "http", method, url, headers: {}, body: "", undelivered: true });
		answer(undefined, failure);
	}

	#deliver(service: SimulatedPushService, { request, answer }: Attempt, path: string): void {
		const push = service.receive(asReceived(request, service.origin + path), this.#settings.clock.now());
		this.#settings.onPush(service, push);
		if (push.response) {
			const { status: code, headers, body } = push.response;
			answer({ code, headers, body });
		}
	}
}

/** @param url where it arrives: no fragment of a URL is sent, nor how its host was written */
function asReceived({ method, headers, body = "" }: HttpRequest, url: string): PushRequest {
	const byName = new Map<string, string>();
	for (const [written, value] of Object.entries(headers)) {
		const name = written.toLowerCase();
		byName.set(name, byName.has(name) ? `${byName.get(name)}, ${value}` : value);
	}
	return { method, url, headers: Object.fromEntries(byName), body: textToBytes(body) };
}
