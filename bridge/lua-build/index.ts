export { findLuaBuild, luaBuildFolder } from "./files";
export { atTypeScript, locate } from "./positions";
export type { Position } from "./positions";
