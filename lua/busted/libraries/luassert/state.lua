--- Formatters, parameters and spies, which a snapshot takes back to how they were.

local state = {};

local weak = { __mode = "kv" };
local snapshot_methods = {};
--- Stands for a parameter that was set to nil.
local unset = {};

--- The last snapshot, the first of which is made below and stays.
local current;

--- Goes back to how things were before a snapshot, without which it is the last one.
function state.revert(snapshot)
	if not snapshot then
		if not current.previous then return; end
		snapshot = current;
	end
	if getmetatable(snapshot) ~= snapshot_methods then error("Value provided is not a valid snapshot", 2); end
	if snapshot.next then snapshot.next:revert(); end
	snapshot.formatters, snapshot.parameters = {}, {};
	local spies = snapshot.spies;
	snapshot.spies = {};
	for spy in pairs(spies) do
		spy:revert();
	end
	-- It cannot be used again.
	setmetatable(snapshot, nil);
	current = snapshot.previous;
	current.next = nil;
end

snapshot_methods.__call = state.revert;

--- Remembers how things are. Its `revert` method goes back; so does calling it.
function state.snapshot()
	local snapshot = setmetatable({
		formatters = {}, parameters = {}, spies = setmetatable({}, weak), previous = current, revert = state.revert,
	}, snapshot_methods);
	if current then current.next = snapshot; end
	current = snapshot;
	return snapshot;
end

--- Adds a function(value, extra) that gives a value's text, or nil if it cannot. It comes before those added earlier.
function state.add_formatter(formatter)
	table.insert(current.formatters, 1, formatter);
end

function state.remove_formatter(formatter)
	local snapshot = current;
	while snapshot do
		for index, added in ipairs(snapshot.formatters) do
			if added == formatter then
				table.remove(snapshot.formatters, index);
				break;
			end
		end
		snapshot = snapshot.previous;
	end
end

--- The text of a value, or nil if no formatter knows it.
function state.format_argument(value, snapshot, extra)
	snapshot = snapshot or current;
	while snapshot do
		for _, formatter in ipairs(snapshot.formatters) do
			local text = formatter(value, extra);
			if text ~= nil then return text; end
		end
		snapshot = snapshot.previous;
	end
	return nil;
end

function state.set_parameter(name, value)
	if value == nil then value = unset; end
	current.parameters[name] = value;
end

function state.get_parameter(name, snapshot)
	snapshot = snapshot or current;
	while snapshot do
		local value = snapshot.parameters[name];
		if value == unset then return nil; end
		if value ~= nil then return value; end
		snapshot = snapshot.previous;
	end
	return nil;
end

function state.add_spy(spy)
	current.spies[spy] = true;
end

state.snapshot();

return state;
