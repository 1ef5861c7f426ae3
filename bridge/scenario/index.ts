export { explainMismatch } from "./explain";
export { parseLaneSelector, selects, type LaneName, type LaneSelector } from "./lane-selector";
export type { MatchResult, Mismatch } from "./match";
export { kindOf, parseScenario, type LineKind } from "./parse";
export { PATIENCE, perform, type Failure, type Outcome, type StepOutcome } from "./perform";
export type * from "./scenario";
export { ScenarioError } from "./scenario-error";
export { SimulatedStage, START, type SimulatedStageSettings } from "./simulated-stage";
export type * from "./stage";
