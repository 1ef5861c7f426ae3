--- Whom an error is to name: the function outside of luassert that called in.

local own = debug.getinfo(1, "S").source:match("^(@.*)blame%.lua$");

--- The level of that function, as seen by who calls this, itself being 1.
return function ()
	local level = 2;
	local info = debug.getinfo(level, "S");
	while info and info.source:sub(1, #own) == own do
		level = level + 1;
		info = debug.getinfo(level, "S");
	end
	return level - 1;
end;
