import type { Accounts } from "./accounts";
import type { ClientStream } from "./connection";
import type { EventLoop } from "./loop";
import type { Host, Machine, Session } from "../api";
import type { Rosters } from "./rosters";
import type { Series } from "./series";
import type { Sessions } from "./sessions";

/** Called for a stanza that the host itself sent to another entity; `reached` is false if there is no way to it. */
export type SentListener = (to: string, from: string, xml: string, reached: boolean) => void;

/** What the simulated modules share: the parts of one server instance. */
export interface Parts {
	host: Host;
	machine: Machine;
	series: Series;
	accounts: Accounts;
	loop: EventLoop;
	rosters: Rosters;
	sessions: Sessions;
	/** Streams of clients that are connected. */
	connected: Set<ClientStream>;
	/** The stream that a session is connected by, or was. */
	streams: WeakMap<Session, ClientStream>;
	onSent: SentListener;
}

/** The host that the simulated server serves. */
export const LOCALHOST = "localhost";
