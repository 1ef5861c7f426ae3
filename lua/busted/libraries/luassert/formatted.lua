local state = require "luassert.state";

--- The text of any value.
return function (value)
	return state.format_argument(value) or tostring(value);
end;
