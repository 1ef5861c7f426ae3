--- Collects what came of a run, for who started it.

local events = require "busted.events";

local results = {};

--- The names from the outermost block inwards; a block without one is called by its kind.
local function names_of(element)
	local names = {};
	while element and element.kind ~= "file" and element.kind ~= "suite" do
		table.insert(names, 1, tostring(element.name or element.kind));
		element = element.parent;
	end
	return names;
end

local function file_of(element)
	while element and element.kind ~= "file" do
		element = element.parent;
	end
	return element and element.name;
end

--- A list that is filled while the suite runs: tests in the order in which they end, and among them the errors
-- outside of tests.
function results.collect()
	local list = {};
	--- The problems of the test that runs.
	local problems = {};

	local function add(element, status, origin)
		origin = origin or {};
		table.insert(list, {
			kind = element.kind; names = names_of(element); spec = file_of(element);
			file = origin.file; line = origin.line; status = status; problems = problems;
		});
		problems = {};
	end

	local function note(status)
		return function (element, _, message, found)
			local problem = {
				status = status; message = message; file = found.file; line = found.line; traceback = found.traceback;
			};
			if element.kind == "it" then
				table.insert(problems, problem);
			else
				-- What the test that runs has met so far stays its own.
				local own = problems;
				problems = { problem };
				add(element, status, element.origin);
				problems = own;
			end
			return nil, true;
		end;
	end

	for _, status in ipairs { "failure", "error", "pending" } do
		events.subscribe({ status }, note(status));
	end
	events.subscribe({ "test", "end" }, function (element, _, status)
		add(element, status, element.origin);
		return nil, true;
	end);
	return list;
end

return results;
