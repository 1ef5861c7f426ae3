--- Files beside the spec that asks for them. `directory` is the working directory.

local fixtures = {};

local own = debug.getinfo(1, "S").source;

--- The folder of the file that called in.
local function folder_of_caller()
	local level = 2;
	local info = debug.getinfo(level, "S");
	while info.source == own or info.what == "C" do
		level = level + 1;
		info = debug.getinfo(level, "S");
	end
	return info.source:match("^@(.*/)") or "./";
end

--- A path without `.`, `..` and doubled slashes, as far as that can be.
local function normal(path)
	local parts = {};
	for part in path:gmatch("[^/]+") do
		if part == ".." and parts[1] and parts[#parts] ~= ".." then
			table.remove(parts);
		elseif part ~= "." then
			table.insert(parts, part);
		end
	end
	return (path:sub(1, 1) == "/" and "/" or "")..table.concat(parts, "/");
end

local function expect_text(value, name, level)
	if type(value) ~= "string" then
		error(("bad argument to '%s' expected a string (relative filename), got: %s"):format(name, type(value)), level + 1);
	end
end

--- The absolute path of a file, as seen from the folder of the calling file; that folder without one.
function fixtures.path(relative)
	if relative ~= nil then expect_text(relative, "path", 2); end
	local folder = folder_of_caller();
	if folder:sub(1, 1) ~= "/" then folder = fixtures.directory.."/"..folder; end
	return normal(folder..(relative or ""));
end

--- The contents of a file.
function fixtures.read(relative)
	expect_text(relative, "read", 2);
	local path = fixtures.path(relative);
	local file, err = io.open(path, "rb");
	if not file then error(("Error reading file '%s': %s"):format(path, err), 2); end
	local contents = file:read("a");
	file:close();
	return contents;
end

--- What a Lua file returns; `.lua` may be left out.
function fixtures.load(relative)
	expect_text(relative, "load", 2);
	local path = fixtures.path((relative:gsub("%.lua$", ""))..".lua");
	local chunk, err = loadfile(path);
	if not chunk then error(("Error loading code from '%s': %s"):format(path, err), 2); end
	return chunk();
end

return fixtures;
