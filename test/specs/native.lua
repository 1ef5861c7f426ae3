--- An output handler of busted's: writes as JSON what our runner would report, for comparison.

local busted = require "busted";
local json = require "dkjson";

local function names_of(element)
	local names = {};
	while element and element.descriptor ~= "file" and element.descriptor ~= "suite" do
		table.insert(names, 1, tostring(element.name or element.descriptor));
		element = busted.parent(element);
	end
	return setmetatable(names, { __jsontype = "array" });
end

return function ()
	local list, problems = {}, {};

	local function add(element, status)
		local trace = element.trace or {};
		table.insert(list, {
			kind = element.descriptor; names = names_of(element); status = status; line = trace.currentline;
			problems = setmetatable(problems, { __jsontype = "array" });
		});
		problems = {};
	end

	local function note(status)
		return function (element, _, message, trace)
			local problem = { status = status; message = message; file = trace.source; line = trace.currentline };
			if element.descriptor == "it" then
				table.insert(problems, problem);
			else
				local own = problems;
				problems = { problem };
				add(element, status);
				problems = own;
			end
			return nil, true;
		end;
	end

	local handler = {};
	function handler.subscribe()
		for _, status in ipairs { "failure", "error", "pending" } do
			busted.subscribe({ status }, note(status));
		end
		busted.subscribe({ "test", "end" }, function (element, _, status)
			add(element, status);
			return nil, true;
		end);
		busted.subscribe({ "suite", "end" }, function ()
			io.write(json.encode(list), "\n");
			return nil, true;
		end);
	end
	return handler;
end;
