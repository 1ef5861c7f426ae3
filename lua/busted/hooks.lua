--- What runs before and after tests: `before_each`, `after_each`, and the setups and teardowns of a block.

local guard = require "busted.guard";
local words = require "busted.words";

local hooks = {};

local function run(element)
	words.reject_blocks(element);
	return guard.run(element.kind, element, element.run) == "success";
end

--- Runs all hooks of a kind in one block. @return whether none failed
local function run_all(kind, block)
	local all = true;
	for _, hook in ipairs(block.hooks[kind] or {}) do
		all = run(hook) and all;
	end
	return all;
end

--- Runs `before_each` of the blocks from the outermost one inwards, until one fails.
-- @return whether none did, and the innermost block whose hooks ran
function hooks.before_each(block)
	if block.parent then
		local ok, reached = hooks.before_each(block.parent);
		if not ok then return false, reached; end
	end
	return run_all("before_each", block), block;
end

--- Runs `after_each` of a block and of those around it, outwards.
function hooks.after_each(block)
	while block do
		run_all("after_each", block);
		block = block.parent;
	end
end

--- Runs `lazy_setup` of the blocks from the outermost one inwards, each once, until one fails.
-- @return whether none did
function hooks.lazy_setup(block)
	if block.parent and not hooks.lazy_setup(block.parent) then return false; end
	if block.is_set_up == nil then
		block.is_set_up = run_all("lazy_setup", block);
	end
	return block.is_set_up;
end

--- Runs `lazy_teardown` if `lazy_setup` was due.
function hooks.lazy_teardown(block)
	if block.is_set_up == nil then return; end
	run_all("lazy_teardown", block);
	block.is_set_up = nil;
end

--- Runs `setup`. @return whether it did not fail
function hooks.setup(block)
	return run_all("strict_setup", block);
end

--- Runs `teardown`.
function hooks.teardown(block)
	run_all("strict_teardown", block);
end

return hooks;
