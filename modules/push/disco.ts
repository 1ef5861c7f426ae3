import type { ModuleApi } from "../../bridge/api";

/** Says in the disco info of accounts (XEP-0030) that they have these features. */
export function advertise(module: ModuleApi, features: readonly string[]): void {
	module.hook("account-disco-info", ({ reply }) => {
		for (const feature of features) reply.tag("feature", { var: feature }).up();
		return undefined;
	});
}
