/** A Prosody series: what the simulated server does is 0.12's, save where 13.0 differs in what a push module sees of it. */
export type Series = "0.12" | "13.0";
