--- The words that specs are written with: `describe`, `it`, `before_each` and so on. Each adds an element to the one
-- that runs; `blocks.lua` runs them.

local filter = require "busted.filter";
local trace = require "busted.trace";
local tree = require "busted.tree";

local words = {};

--- By word: the kind of element, and how it treats globals (see `tree.lua`).
local kinds = {
	describe = { kind = "describe" };
	context = { kind = "describe" };
	insulate = { kind = "describe", mode = "insulate" };
	expose = { kind = "describe", mode = "expose" };
	it = { kind = "it" };
	spec = { kind = "it" };
	test = { kind = "it" };
	pending = { kind = "pending" };
	before_each = { kind = "before_each", mode = "unwrap" };
	after_each = { kind = "after_each", mode = "unwrap" };
	lazy_setup = { kind = "lazy_setup", mode = "unwrap" };
	lazy_teardown = { kind = "lazy_teardown", mode = "unwrap" };
	strict_setup = { kind = "strict_setup", mode = "unwrap" };
	strict_teardown = { kind = "strict_teardown", mode = "unwrap" };
	setup = { kind = "strict_setup", mode = "unwrap" };
	teardown = { kind = "strict_teardown", mode = "unwrap" };
};

local function nothing() end

local function add(kind, name, run, origin, mode)
	if not filter.admits(kind, name) then return; end
	tree.attach { kind = kind; name = name; run = run; origin = origin; mode = mode };
end

--- A word as a function: takes a name and a function, or either; with a name alone it returns a function that takes
-- the function.
local function new_word(word, kind)
	local is_alias = word ~= kind;
	return function (name, run)
		if run == nil and type(name) == "function" then
			name, run = is_alias and word or nil, name;
		elseif run == nil and kind == "pending" then
			run = nothing;
		end
		local origin = trace.here();
		if run then return add(kind, name, run, origin, kinds[word].mode); end
		return function (given)
			return add(kind, name, given, origin, kinds[word].mode);
		end;
	end;
end

--- All words, by name.
words.all = {};
for word, entry in pairs(kinds) do
	words.all[word] = new_word(word, entry.kind);
end

--- Makes `setup` and `teardown` lazy.
function words.make_lazy()
	for word, kind in pairs { setup = "lazy_setup", teardown = "lazy_teardown" } do
		kinds[word] = { kind = kind; mode = "unwrap" };
		words.all[word] = new_word(word, kind);
		tree.root().env[word] = words.all[word];
	end
end

--- Makes a word unknown within an element.
function words.reject(element, word)
	rawset(element.env, word, function ()
		error(("'%s' not supported inside current context block"):format(word), 2);
	end);
end

--- Makes all words unknown within a test or a hook.
function words.reject_blocks(element)
	words.reject(element, "randomize");
	for word in pairs(words.all) do
		words.reject(element, word);
	end
end

--- Adds a spec file.
-- @param run its chunk
function words.file(path, run, is_insulated)
	tree.attach { kind = "file"; name = path; run = run; mode = is_insulated and "insulate" or nil };
end

return words;
