import { expect } from "vitest";
import type { WebPushRegistration } from "../../../bridge/api";
import { queued_delivery } from "../../../modules/mod_web_push/delivery";
import type { Delivery, DeliveryOptions } from "../../../modules/mod_web_push/delivery";
import type { Endpoint } from "../../../modules/mod_web_push/endpoint";
import type { WebPushMessage } from "../../../modules/mod_web_push/message";
import type { Answer } from "../../../modules/mod_web_push/post";
import type { RequestMaker } from "../../../modules/mod_web_push/request";
import { open_registrations } from "../../../modules/push/registrations";
import type { Registrations } from "../../../modules/push/registrations";
import { World } from "../../server/world";
import type { HostName } from "../../server/world";

export const SERVICE = "https://push.example.com";
export const HOUR = 3600;
export const DAY = 24 * HOUR;
/** The time limit of requests. */
export const TIMEOUT = 20;

/** A request that arrived. */
export interface Posted {
	at: number;
	endpoint: Endpoint;
	headers: Record<string, string>;
	body: string;
	/** Whether it is still under way. */
	is_open: boolean;
	answer(answer: Answer): void;
}

/** Answers a request; nil leaves that to the test. */
export type Policy = (posted: Posted) => Answer | undefined;

export const CREATED: Policy = () => ({ status: 201 });
export const SILENT: Policy = () => undefined;
export const answering = (answer: Answer): Policy => () => answer;

/** Endpoints are taken as they are, but for those of other schemes. */
function readEndpoint(text: string): ReturnType<DeliveryOptions["read_endpoint"]> {
	if (!text.startsWith("https://")) return { refusal: "No HTTPS" };
	return { value: { url: text, service: new URL(text).origin, is_internal: false } };
}

/** The payload as it is, so that tests can read it. */
const makeRequest: RequestMaker = ({ p256dh }, _, { ttl, urgency, topic }, payload) => {
	if (p256dh === "unusable") return undefined;
	const headers: Record<string, string> = { TTL: String(ttl), Urgency: urgency };
	if (topic !== undefined) headers.Topic = topic;
	return { headers, body: payload };
};

/** Delivery to push services that answer as tests say; `juliet` has one registration named `phone`. */
export class Deliveries {
	readonly world: World;
	/** Of the instance that is loaded. */
	delivery!: Delivery;
	registrations!: Registrations<WebPushRegistration>;
	/** All requests, the oldest first. */
	readonly posted: Posted[] = [];
	/** What was given up, with the number of the instance that did it. */
	readonly failed: string[] = [];
	/** By service, how many requests were under way at most. */
	readonly most_open: Record<string, number> = {};
	policy: Policy = CREATED;
	/** Seconds that an answer takes; nil for one that comes before `post` returns. */
	answer_time: number | undefined = 0.1;
	private readonly open: Record<string, number> = {};
	private readonly options: Partial<DeliveryOptions>;
	private instances = 0;
	private taken = 0;

	constructor(host_name: HostName, options: Partial<DeliveryOptions> = {}) {
		this.options = options;
		this.world = new World(host_name);
		this.load();
		this.register("juliet");
	}

	load(): void {
		this.world.load("web_push", (module, _, require) => {
			const instance = ++this.instances;
			this.registrations = open_registrations(module, require, "web_push");
			this.delivery = queued_delivery(module, require, {
				registrations: this.registrations,
				read_endpoint: readEndpoint,
				make_request: makeRequest,
				post: (endpoint, headers, body, on_answer) => this.post(endpoint, headers, body, on_answer),
				timeout: TIMEOUT,
				max_errors: 16,
				retry_delay: 30,
				max_retries: 5,
				max_retry_age: HOUR,
				max_requests: 8,
				rate: 30,
				on_failed: (username, identifier) => {
					this.failed.push(`${username} ${identifier} ${instance}`);
					expect(this.registrations.remove(username, [identifier])).toBe(true);
				},
				...this.options,
			});
			module.unload = () => this.delivery.stop();
		});
	}

	private post(
		endpoint: Endpoint, headers: Record<string, string>, body: string, on_answer: (answer: Answer) => void,
	): void {
		const { service } = endpoint;
		const posted: Posted = {
			at: this.world.clock.now(),
			endpoint,
			headers: { ...headers },
			body,
			is_open: true,
			answer: (answer) => {
				if (posted.is_open) this.open[service]!--;
				posted.is_open = false;
				on_answer(this.world.host.table({ ...answer }) as Answer);
			},
		};
		this.open[service] = (this.open[service] ?? 0) + 1;
		this.most_open[service] = Math.max(this.most_open[service] ?? 0, this.open[service]);
		this.posted.push(posted);
		const answer = this.policy(posted);
		if (answer === undefined) return;
		if (this.answer_time === undefined) posted.answer(answer);
		else this.world.clock.schedule(this.answer_time, () => posted.answer(answer));
	}

	register(username: string, identifier = "phone", service = SERVICE, changed: Partial<WebPushRegistration> = {}): void {
		const registration = {
			endpoint: `${service}/${username}/${identifier}`, p256dh: "public", auth: "secret",
			timestamp: 1, server_key: "key", ...changed,
		};
		expect(this.registrations.add(username, { identifier, registration })).toBeDefined();
	}

	/** Sends a push. Returns whether it is to be sent. */
	push(payload: string, message: Partial<WebPushMessage> = {}, username = "juliet", identifier = "phone"): boolean {
		const registration = this.registrations.get(username, identifier);
		if (registration === undefined) throw new Error(`${username} has no ${identifier}`);
		return this.delivery.send(username, { identifier, registration }, { urgency: "normal", ttl: 3 * DAY, payload, ...message });
	}

	pass(seconds: number): void {
		this.world.pass(seconds);
	}

	/** Takes the requests that came since this was asked last. */
	take(): Posted[] {
		const taken = this.posted.slice(this.taken);
		this.taken = this.posted.length;
		return taken;
	}

	/** What comes while this time passes: the payloads. */
	during(seconds: number): string[] {
		this.pass(seconds);
		return this.take().map(({ body }) => body);
	}

	/** Passes time until the next request comes. */
	next(within: number): { posted: Posted; after: number } {
		const start = this.world.clock.now();
		this.take();
		while (this.world.clock.now() - start <= within) {
			this.pass(1);
			const [posted] = this.take();
			if (posted !== undefined) return { posted, after: posted.at - start };
		}
		throw new Error(`No request within ${within} seconds`);
	}

	/** What the module logged. */
	log(): string[] {
		return this.world.log.filter(({ source }) => source.endsWith("web_push")).map(({ message }) => message);
	}

	/** Why pushes were let go of, in order. */
	dropped(): string[] {
		return this.log().flatMap((line) => /^Dropping a push for \S+ \('\S+' at \S+\): (.*)$/.exec(line)?.[1] ?? []);
	}

	/** What outlives a reload, as the module has it. */
	shared<State>(): State {
		let state!: State;
		this.world.load("onlooker", (module) => {
			state = module.shared<State & object>("/localhost/web_push/delivery");
		});
		this.world.host.unload("onlooker");
		return state;
	}
}
