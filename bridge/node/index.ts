export { createDirectoryDisk, createMemoryDisk } from "./disk";
export { createNodeHost } from "./host";
export { createRealHttp, type RealHttp, type RealHttpOptions } from "./real-http";
export { createRealResolve } from "./real-resolve";
