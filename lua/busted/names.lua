--- Which files of a folder are specs. The result is a function(name, patterns, excluded) that says whether the name of
-- a file has one of the Lua patterns in it, if there are any, and none of the excluded ones.

local function has_any(name, patterns)
	for _, pattern in ipairs(patterns) do
		if name:find(pattern) then return true; end
	end
	return false;
end

return function (name, patterns, excluded)
	return not has_any(name, excluded) and (#patterns == 0 or has_any(name, patterns));
end;
