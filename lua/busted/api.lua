--- What specs find as globals, and `require "busted"` answers.

local events = require "busted.events";
local failure = require "busted.failure";
local machine = require "bridge.machine";
local time = require "util.time";
local tree = require "busted.tree";
local words = require "busted.words";

local api = {};
local globals = tree.root().env;

for word, fn in pairs(words.all) do
	globals[word] = fn;
end
for name, library in pairs {
	assert = "luassert", spy = "luassert.spy", mock = "luassert.mock", stub = "luassert.stub", match = "luassert.match",
} do
	globals[name] = require(library);
end
for name, value in pairs(globals) do
	api[name] = value;
end

api.version = "2.1.1";
api.subscribe = events.subscribe;
api.unsubscribe = events.unsubscribe;
api.publish = events.publish;
api.gettime = time.now;
api.monotime = time.monotonic;

--- Lets time pass, and what is scheduled fall due.
function api.sleep(seconds)
	machine.clock.advance(seconds);
end

--- Fails the test that runs.
-- @param level the function to blame, 1 being the caller
function api.fail(message, level)
	failure.raise(message, level == 0 and 0 or (level or 1) + 1);
end

--- The element around one.
function api.parent(element)
	return element.parent;
end

--- The elements in one.
function api.children(element)
	return element.children;
end

package.loaded["busted"] = setmetatable({}, {
	__index = api;
	__newindex = function () error("Attempt to modify busted"); end;
});
