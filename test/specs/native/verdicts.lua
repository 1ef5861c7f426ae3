--- An output handler of busted's that writes a line for each test: verdict, file and full name, parted by tabs; and for
-- what failed, why, as a line that starts with a tab.

return function ()
	local busted = require "busted";
	local handler = require "busted.outputHandlers.base"();

	local function write(verdict, element, message)
		local name = element and handler.getFullName(element) or "";
		local file = element and element.trace and element.trace.short_src or "";
		io.write(verdict, "\t", file, "\t", (name:gsub("%s", " ")), "\n");
		if message then io.write("\t", (tostring(message):gsub("\n", "\n\t")), "\n"); end
	end

	busted.subscribe({ "test", "end" }, function (element, _, status)
		write(status, element);
		return nil, true;
	end);
	for _, event in ipairs { "failure", "error" } do
		busted.subscribe({ event }, function (element, _, message)
			write(element.descriptor == "it" and "why" or event, element, message);
			return nil, true;
		end);
	end

	return handler;
end;
