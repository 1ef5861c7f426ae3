--- Runs the elements of the tree: files, blocks and tests.

local failure = require "busted.failure";
local guard = require "busted.guard";
local hooks = require "busted.hooks";
local tree = require "busted.tree";
local words = require "busted.words";

local blocks = {};

local runners = {};

local function shuffle(list, seed)
	if seed then math.randomseed(seed); end
	for last = #list, 2, -1 do
		local other = math.random(last);
		list[last], list[other] = list[other], list[last];
	end
end

local function run_children(element)
	for _, child in ipairs(element.children) do
		local run = runners[child.kind];
		if run then
			guard.run(child.kind, child, function () run(child); end);
		end
	end
end

--- Runs what a block says, which adds its elements, and then these.
local function run_body(element)
	local is_random, seed = false, nil;
	rawset(element.env, "randomize", function (...)
		is_random = select("#", ...) == 0 or (...);
		seed = tonumber((...)) or tonumber((select(2, ...)));
	end);
	if guard.run(element.kind, element, element.run) ~= "success" then return; end
	if is_random then shuffle(element.children, seed); end
	if hooks.setup(element) then run_children(element); end
	hooks.lazy_teardown(element);
	hooks.teardown(element);
end

local function run_block(element)
	if guard.publish(element.kind, { element.kind, "start" }, element, element.parent) then
		run_body(element);
	end
	guard.publish(element.kind, { element.kind, "end" }, element, element.parent);
end

runners.file = run_block;
runners.describe = run_block;

--- The graver of two statuses, the first of two that are as grave.
local function graver(status, other)
	if status == "success" or status == "pending" and other ~= "success" then return other; end
	return status;
end

--- Runs a test between its hooks. @return its status
local function run_test(element)
	local finally;
	words.reject_blocks(element);
	element.env.finally = function (fn) finally = fn; end;
	element.env.pending = failure.pending;
	if not guard.publish("test", { "test", "start" }, element, element.parent) then return "error"; end
	local status = guard.run("it", element, element.run);
	if finally then
		words.reject(element, "pending");
		status = graver(status, guard.run("finally", element, finally));
	end
	return status;
end

function runners.it(element)
	if not hooks.lazy_setup(element.parent) then return; end
	local ok, reached = hooks.before_each(element.parent);
	if ok then
		local status = run_test(element);
		guard.publish("test", { "test", "end" }, element, element.parent, status);
	end
	hooks.after_each(reached);
end

function runners.pending(element)
	local ok = guard.publish("it", { "test", "start" }, element, element.parent);
	guard.publish("it", { "test", "end" }, element, element.parent, ok and "pending" or "error");
end

--- Runs all files that were added.
function blocks.run_suite()
	local suite = tree.root();
	if guard.publish("suite", { "suite", "start" }, suite, 1, 1) then
		if hooks.setup(suite) then run_children(suite); end
		hooks.lazy_teardown(suite);
		hooks.teardown(suite);
	end
	guard.publish("suite", { "suite", "end" }, suite, 1, 1);
end

return blocks;
