/** The sources cannot be built. The message has a line for each reason, `FILE:LINE: REASON`; it is empty if that was said. */
export class NotBuilt extends Error {
	name = "NotBuilt";
}
