import fc from "fast-check";
import { copy, placesIn } from "./elements";
import { TAKEN } from "./cast";
import type { Cast } from "./cast";
import type { Plan } from "./story";
import type { PlannedStep } from "./steps";
import type { XmlElement } from "../scenario/xml";

/** How far a plan has been made smaller. */
interface Way {
	/** How many steps are left out at a time, and where that was tried last. */
	size: number;
	at: number;
	/** Whether any step could be left out since all were tried. */
	isSmaller: boolean;
}

/**
 * Plans, made smaller in an order of our own: since any steps of a plan are a plan, whole stretches of them are left
 * out first, then single ones, until none can be spared; then what is left is made simpler.
 */
export class ShrinkingPlans extends fc.Arbitrary<Plan> {
	readonly #plans: fc.Arbitrary<Plan>;

	/** @param plans makes plans; how it shrinks them is not asked */
	constructor(plans: fc.Arbitrary<Plan>) {
		super();
		this.#plans = plans;
	}

	override generate(random: fc.Random, bias: number | undefined): fc.Value<Plan> {
		return new fc.Value(this.#plans.generate(random, bias).value, undefined);
	}

	override canShrinkWithoutContext(plan: unknown): plan is Plan {
		return typeof plan === "object" && plan !== null;
	}

	override shrink(plan: Plan, way: unknown): fc.Stream<fc.Value<Plan>> {
		return fc.stream(smaller(plan, way as Way | undefined));
	}
}

function* smaller(plan: Plan, way: Way | undefined): Generator<fc.Value<Plan>> {
	const { cast, steps } = plan;
	const all = Math.ceil(steps.length / 2);
	let { size, at, isSmaller } = way ?? { size: all, at: 0, isSmaller: false };
	while (size >= 1) {
		for (; at < steps.length; at += size) {
			const left = [...steps.slice(0, at), ...steps.slice(at + size)];
			yield new fc.Value({ cast, steps: left }, { size, at, isSmaller: true });
		}
		// Single steps are tried again once others are gone.
		[size, isSmaller] = size > 1 ? [size >> 1, isSmaller] : [isSmaller ? 1 : 0, false];
		at = 0;
	}
	const done: Way = { size: 0, at: 0, isSmaller: false };
	for (const simple of simplerCasts(cast)) yield new fc.Value({ cast: simple, steps }, done);
	for (const [index, step] of steps.entries()) {
		for (const simple of simplerSteps(step)) {
			yield new fc.Value({ cast, steps: steps.map((each, other) => (other === index ? simple : each)) }, done);
		}
	}
}

function* simplerCasts(cast: Cast): Generator<Cast> {
	for (const index of cast.options.keys()) yield { ...cast, options: without(cast.options, index) };
	if (cast.clients.length > 1) yield { ...cast, clients: cast.clients.slice(0, -1) };
	if (cast.services.length > 1) yield { ...cast, services: cast.services.slice(0, -1) };
	if (cast.browsers.length > 1) yield { ...cast, browsers: cast.browsers.slice(0, -1) };
	for (const index of cast.dns.keys()) yield { ...cast, dns: without(cast.dns, index) };
	for (const [index, { resource, smacks, sasl2 }] of cast.clients.entries()) {
		if (sasl2) {
			const clients = cast.clients.map((client, other) => (other === index ? { resource, smacks, sasl2: false } : client));
			yield { ...cast, clients };
		}
	}
	const { account, resource, smacks, sasl2 } = cast.other;
	if (sasl2) yield { ...cast, other: { account, resource, smacks, sasl2: false } };
	for (const [index, { jid, answers }] of cast.services.entries()) {
		if (answers === "result") continue;
		const services = cast.services.map((service, other) => (other === index ? { jid, answers: "result" } : service));
		yield { ...cast, services };
	}
	for (const [index, { answers }] of cast.browsers.entries()) {
		if (answers === TAKEN) continue;
		yield { ...cast, browsers: cast.browsers.map((browser, other) => (other === index ? { answers: TAKEN } : browser)) };
	}
}

function* simplerSteps(step: PlannedStep): Generator<PlannedStep> {
	if (step.does !== "send" && step.does !== "send from") return;
	for (const stanza of simplerStanzas(step.stanza)) yield { ...step, stanza };
}

/** The stanza with one attribute or one child less. */
function* simplerStanzas(stanza: XmlElement): Generator<XmlElement> {
	for (const [place, { element }] of placesIn(stanza).entries()) {
		const change = (how: (element: XmlElement) => void): XmlElement => {
			const changed = copy(stanza);
			how(placesIn(changed)[place]!.element);
			return changed;
		};
		for (const index of element.children.keys()) {
			yield change((changed) => {
				changed.children.splice(index, 1);
			});
		}
		for (const [index, { name }] of element.attributes.entries()) {
			if (name.startsWith("xmlns")) continue;
			yield change((changed) => {
				changed.attributes.splice(index, 1);
			});
		}
	}
}

function without<T>(list: readonly T[], index: number): T[] {
	return [...list.slice(0, index), ...list.slice(index + 1)];
}
