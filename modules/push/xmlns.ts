/** XEP-0357: Push Notifications */
export const xmlns_push = "urn:xmpp:push:0";
