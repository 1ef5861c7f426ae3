export { createAccounts } from "./accounts";
export { createClock } from "./clock";
export { createRealClock } from "./real-clock";
export { Server } from "./server";
export type { Account, Accounts, ArchivePreferences, StoredMessage } from "./accounts";
export type { SentListener } from "./parts";
export type { ServerOptions } from "./server";
export type { ClientConnection, ClientEnd, ComponentConnection, ComponentEnd, Login } from "./wire";
