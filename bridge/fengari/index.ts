export { createFengariHost } from "./host";
export { LuaError } from "./errors";
