-- For tests: depends on a module that Prosody has, and does not load by itself; tells which it got.
local motd = module:depends("motd");
module:log("info", "depends on %s", motd.module.path);
