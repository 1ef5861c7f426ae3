#!/usr/bin/env node
// What is loaded before this has no stacks in terms of its sources.
process.setSourceMapsEnabled(true);
const { runMain } = await import("./cli/main");
await runMain(process.argv.slice(2));
export {};
