export type * from "./events";
export type * from "./host";
export type * from "./http";
export type * from "./libraries";
export type * from "./module";
export type * from "./prosody";
export type * from "./session";
export type * from "./stanza";
