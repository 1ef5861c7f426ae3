export { ConfigurationError, readConfiguration, type SpecConfiguration } from "./configuration";
export { isBad, type SpecProblem, type SpecResult, type SpecStatus } from "./result";
export { runSpecs, type SpecOptions } from "./run";
export { specFiles, type SpecFilesOptions } from "./files";
