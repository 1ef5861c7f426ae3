--- Paths of files, as Prosody's util.paths treats them on POSIX.

local function resolve_relative_path(parent, path)
	if not path then return path; end
	path = path:gsub("^%./+", "");
	if path:sub(1, 1) == "/" then return path; end
	return parent:gsub("/+$", "").."/"..path;
end

--- A Lua pattern for a glob with * and ?.
local function glob_to_pattern(glob)
	local wildcards = { ["*"] = ".*", ["?"] = "." };
	return "^"..glob:gsub("%p", function (character)
		return wildcards[character] or "%"..character;
	end).."$";
end

local function join(...)
	return table.concat({ ... }, "/");
end

return {
	resolve_relative_path = resolve_relative_path;
	glob_to_pattern = glob_to_pattern;
	join = join;
};
