/** The items (`module:add_item`) that name the events for extensions which not every `mod_cloud_notify` has. */
export const extension_events = "cloud_notify-event";

export const delivery_event = "cloud_notify/delivery";
