import { answers } from "./answers";
import { notifications } from "./notifications";
import { options } from "./options";
import { queues } from "./queues";
import { registrations } from "./registrations";
import { triggers } from "./triggers";
import type { Rule } from "./mutation";

export { mutate, type Change, type Rule } from "./mutation";

/** Every rule and option of `mod_cloud_notify`, with changes to it. */
export const rules: readonly Rule[] = [
	...options, ...registrations, ...answers, ...notifications, ...triggers, ...queues,
];
