--- Loggers by source; what they log goes to sinks, as in Prosody's util.logger.

local format = require "util.format".format;

local levels = { "debug", "info", "warn", "error" };
local sinks = {};
for _, level in ipairs(levels) do sinks[level] = {}; end

--- A function that logs messages of one level; nothing is formatted here, sinks get what was passed.
local function make_logger(source, level)
	local level_sinks = sinks[level];
	return function (message, ...)
		for _, sink in ipairs(level_sinks) do
			sink(source, level, message, ...);
		end
	end
end

--- A function that logs messages with their level; levels that do not exist are ignored.
local function init(source)
	local loggers = {};
	for _, level in ipairs(levels) do loggers[level] = make_logger(source, level); end
	return function (level, ...)
		local logger = loggers[level];
		if logger then logger(...); end
	end
end

local function add_level_sink(level, sink)
	table.insert(sinks[level], sink);
end

--- The sink gets source, level and the formatted message.
local function add_simple_sink(sink, only_levels)
	local function formatting_sink(source, level, message, ...)
		return sink(source, level, format(message, ...));
	end
	for _, level in ipairs(only_levels or levels) do
		add_level_sink(level, formatting_sink);
	end
end

local function reset()
	for _, level_sinks in pairs(sinks) do
		for i = #level_sinks, 1, -1 do level_sinks[i] = nil; end
	end
end

return {
	init = init;
	make_logger = make_logger;
	new = make_logger;
	add_level_sink = add_level_sink;
	add_simple_sink = add_simple_sink;
	reset = reset;
};
