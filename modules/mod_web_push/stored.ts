import type { Require, WebPushRegistration } from "../../bridge/api";
import type { UsableRegistration } from "../push/registrations";
import { endpoint_identifier } from "./identifier";

function is_text_or_nil(value: unknown): boolean {
	return value === undefined || typeof value === "string";
}

/** Tells registrations from what else may be stored, such as the endpoints that upstream stores as mere texts. */
export function stored_registration_check(require: Require): UsableRegistration<WebPushRegistration> {
	const identifier_of = endpoint_identifier(require);
	return (stored, identifier): stored is WebPushRegistration => {
		if (typeof stored !== "object") return false;
		const { endpoint, p256dh, auth, timestamp, client_id, resource, server_key } = stored as Record<string, unknown>;
		return typeof endpoint === "string" && identifier_of(endpoint) === identifier
			&& typeof p256dh === "string" && typeof auth === "string" && typeof server_key === "string"
			// What is no number is not even equal to itself.
			&& typeof timestamp === "number" && timestamp >= 0
			&& is_text_or_nil(client_id) && is_text_or_nil(resource);
	};
}

/**
 * Tells registrations that can be pushed to: a push service takes nothing that is signed with another key than the
 * one that the client has subscribed for.
 */
export function usable_registration_check(
	require: Require, public_key: string,
): UsableRegistration<WebPushRegistration> {
	const is_registration = stored_registration_check(require);
	return (stored, identifier): stored is WebPushRegistration =>
		is_registration(stored, identifier) && stored.server_key === public_key;
}
