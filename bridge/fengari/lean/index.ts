import { leanTables } from "./tables";

// This is Fengari's own, of all states at once.
leanTables();
