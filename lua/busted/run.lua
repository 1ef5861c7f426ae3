--- Starts an environment for specs: libraries, but no server. The result is what `bridge/spec` works with.

local folder = dofile(debug.getinfo(1, "S").source:match("^@(.*)busted/run%.lua$").."search.lua");
package.path = folder.."?.lua;"..folder.."busted/libraries/?.lua;"..folder.."busted/libraries/?/init.lua";

-- Where the specs of Prosody's source tree find its modules.
CFG_PLUGINDIR = "./plugins";

local blocks = require "busted.blocks";
local environment = require "busted.environment";
local events = require "busted.events";
local filter = require "busted.filter";
local fixtures = require "busted.fixtures";
local results = require "busted.results";
local tree = require "busted.tree";
local words = require "busted.words";

require "busted.api";

local function print_to_stderr()
	io.stdout = io.stderr;
	io.output(io.stderr);
	function print(...)
		local texts = table.pack(...);
		for i = 1, texts.n do texts[i] = tostring(texts[i]); end
		io.stderr:write(table.concat(texts, "\t"), "\n");
	end
end

--- Loads and runs spec files. What their libraries are not is looked for along `path`.
-- @param options `path`; `directory`: the working directory; `tags`, `exclude_tags`, `filter`, `filter_out`: see
--   `filter.lua`; `helper`: a file or a library to run first; `is_lazy`: `setup` is `lazy_setup`;
--   `shares_globals`: files are not insulated; `prints_to_stderr`: what specs print is no output
-- @return the list of results
local function run(files, options)
	package.path = package.path..";"..options.path;
	fixtures.directory = options.directory;
	if options.prints_to_stderr then print_to_stderr(); end
	if options.is_lazy then words.make_lazy(); end
	local list = results.collect();
	if options.helper then
		if options.helper:match("%.lua$") then dofile(options.helper); else require(options.helper); end
	end
	filter.choose(options);
	for _, path in ipairs(files) do
		local chunk, err = loadfile(path, nil, environment);
		if chunk then
			words.file(path, chunk, not options.shares_globals);
		else
			local file, line = err:match("^(.-):(%d+): ");
			events.publish({ "error", "file" }, { kind = "file"; name = path }, nil, err, {
				file = file and path; line = tonumber(line); traceback = "";
			});
		end
	end
	blocks.run_suite();
	return list;
end

return run;
