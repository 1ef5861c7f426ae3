--- The tree of blocks, hooks and tests, and the one of them that runs now.
--
-- An element has a `kind` ("suite", "file", "describe", "it", "before_each" …), a `name`, the function `run`, where it
-- was written (`origin`), its `parent` and `children`, the `hooks` in it by kind, the globals `env` that specs gave
-- it, and a `mode` of treating them: "insulate", "unwrap" or "expose".

local insulation = require "busted.insulation";

local tree = {};

local root = { kind = "suite"; descriptor = "suite"; children = {}; hooks = {}; env = {} };
local current = root;
--- The elements that were entered, with the state to restore when they are left.
local entered = {};

function tree.root()
	return root;
end

function tree.current()
	return current;
end

--- Adds an element to the one that runs now.
function tree.attach(element)
	element.parent = current;
	-- What subscribers of busted's events know the kind by.
	element.descriptor = element.kind;
	element.children = {};
	element.hooks = {};
	element.env = {};
	table.insert(current.children, element);
	local hooks = current.hooks[element.kind];
	if not hooks then
		hooks = {};
		current.hooks[element.kind] = hooks;
	end
	table.insert(hooks, element);
end

--- Lets the globals that an element assigns go to an element further up, or to the real ones above the suite.
local function assign_to(element, target)
	local globals = target and target.env or _G;
	setmetatable(element.env, {
		__newindex = function (_, name, value)
			globals[name] = value;
		end;
	});
end

--- Makes an element the one that runs now. Entering it again from itself changes nothing.
function tree.enter(element)
	local frame = { outer = current };
	if element ~= current then
		frame.is_new = true;
		if element.mode == "insulate" then
			frame.state = insulation.save();
		elseif element.mode == "unwrap" then
			assign_to(element, element.parent);
		elseif element.mode == "expose" then
			assign_to(element, element.parent and element.parent.parent);
		end
	end
	table.insert(entered, frame);
	current = element;
end

local function last_new_frame()
	for index = #entered, 1, -1 do
		if entered[index].is_new then return entered[index]; end
	end
end

--- Goes back to the element that ran before.
function tree.leave()
	local frame = table.remove(entered);
	local element = current;
	current = frame.outer;
	if not frame.is_new then return; end
	if element.mode == "expose" then
		-- What it changed stays for the block around it.
		local around = last_new_frame();
		if around and around.state then around.state = insulation.save(); end
	end
	if frame.state then insulation.restore(frame.state); end
end

return tree;
