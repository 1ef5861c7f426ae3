/** What is to be done: messages to users who are offline and have devices registered. */
export interface Load {
	messages: number;
	/** The messages go to the first so many users in turn. */
	users: number;
	/** Whether they come from one sender, or are of a groupchat. */
	kind: "chat" | "groupchat";
	/** Whether the app server answers the pushes. */
	answered: boolean;
}

/** What it took. */
export interface Cost {
	/** Of computing; where requests are delivered, by the clock. */
	seconds: number;
	pushes: number;
	/** Of the pushes as they were written. */
	bytes: number;
}
