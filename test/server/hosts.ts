import type { Host, Machine } from "../../bridge/api";
import { createFengariHost } from "../../bridge/fengari";
import { createNodeHost } from "../../bridge/node";

/** The hosts that the server is tested on. */
export const HOSTS = { node: createNodeHost, fengari: createFengariHost } satisfies
	Record<string, (machine: Machine) => Host>;

export type HostName = keyof typeof HOSTS;

export const HOST_NAMES = Object.keys(HOSTS) as HostName[];
