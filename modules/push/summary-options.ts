import type { ModuleApi } from "../../bridge/api";
import { get_boolean, get_string } from "./options";

/** What XEP-0357's summary tells of a message. */
export interface SummaryOptions {
	/** `push_notification_with_body` */
	with_body: boolean;
	/** `push_notification_with_sender` */
	with_sender: boolean;
	/** `push_notification_important_body`: what stands for the text where that is not told; nothing does if it is empty. */
	important_body: string;
}

export function get_summary_options(module: ModuleApi): SummaryOptions {
	return {
		with_body: get_boolean(module, "push_notification_with_body", false),
		with_sender: get_boolean(module, "push_notification_with_sender", false),
		important_body: get_string(module, "push_notification_important_body", "New Message!"),
	};
}
