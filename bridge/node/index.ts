export { createDirectoryDisk, createMemoryDisk } from "./disk";
export { createNodeHost } from "./host";
