--- The command busted, for the Lua that runs this file: the one on the path may be for another.

require "busted.runner" { standalone = false };
