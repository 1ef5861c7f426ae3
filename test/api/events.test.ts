import { describe, expectTypeOf, it } from "vitest";
import type {
	CloudNotifyPushEvent, LuaTable1, ModuleApi, ProsodyModule, PushRegistration, Require, Session, Stanza, StanzaLibrary,
} from "../../bridge/api";

declare const module: ModuleApi;
declare const require: Require;

/** What `tsc` holds the API to; nothing here runs. */
function types(): void {
	module.hook("message/offline/handle", (event) => {
		expectTypeOf(event.username).toEqualTypeOf<string>();
		expectTypeOf(event.origin).toEqualTypeOf<Session>();
		expectTypeOf(event.stanza).toEqualTypeOf<Stanza>();
	}, 1);
	module.hook("archive-message-added", (event) => {
		expectTypeOf(event.for_user).toEqualTypeOf<string>();
		expectTypeOf(event.id).toEqualTypeOf<string>();
	});
	module.hook("smacks-hibernation-start", (event) => {
		expectTypeOf(event.queue).toEqualTypeOf<LuaTable1<Stanza>>();
	});
	module.hook("smacks-hibernation-end", (event) => {
		expectTypeOf(event.resumed).toEqualTypeOf<Session | undefined>();
	});
	module.hook("cloud-notify-ping", (event) => {
		expectTypeOf(event.push_services).toEqualTypeOf<Record<string, PushRegistration> | undefined>();
	});
	module.hook("cloud_notify/push", (event) => {
		expectTypeOf(event).toEqualTypeOf<CloudNotifyPushEvent>();
	});
	module.hook("iq-set/self/urn:xmpp:push:0:enable", (event) => {
		expectTypeOf(event.stanza).toEqualTypeOf<Stanza>();
	});
	module.hook("iq-result/host/abc", (event) => {
		expectTypeOf(event.origin).toEqualTypeOf<Session>();
	});
	module.hook("somebody-else/event", (event) => {
		expectTypeOf(event).toEqualTypeOf<Record<string, unknown>>();
	});
	// @ts-expect-error a payload must be complete
	module.fire_event("cloud-notify-ping", {});
	// @ts-expect-error and of the right types
	module.fire_event("cloud-notify-ping", { user: 5 });

	expectTypeOf(require("util.stanza")).toEqualTypeOf<StanzaLibrary>();
	expectTypeOf(require("prosody.util.stanza")).toEqualTypeOf<StanzaLibrary>();
	// @ts-expect-error there is no such library
	require("util.nonsense");

	expectTypeOf(module.get_option_number("push_max_errors", 16)).toEqualTypeOf<number | undefined>();
	expectTypeOf(module.get_option_number("push_max_errors")).toEqualTypeOf<number | undefined>();
	expectTypeOf<ProsodyModule>().parameters.toEqualTypeOf<[ModuleApi, Parameters<ProsodyModule>[1], Require]>();
}

describe("the types of the module API", () => {
	it("give handlers their event's type, and libraries theirs (held by tsc)", () => {
		expectTypeOf(types).toBeFunction();
	});
});
