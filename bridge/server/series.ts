import type { Series } from "../api";

/** What the simulated server does is 0.12's, save where 13.0 differs in what a push module sees of it. The oldest first. */
export const SERIES = ["0.12", "13.0"] as const satisfies readonly Series[];

export type { Series };
