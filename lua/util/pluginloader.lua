--- Where the code of modules comes from: sources given by name, those that a finder knows, then the folders that files of
-- modules stand in.

local files = require "bridge.files";

-- A source is the path of a module file, or a function(module, prosody, require).
local sources = {};

-- Folders of plugins, in the order in which they became known; the first is Prosody's own, where there is one.
local folders = { CFG_PLUGINDIR };

local function add_folder(folder)
	for _, known in ipairs(folders) do
		if known == folder then return; end
	end
	table.insert(folders, folder);
end

-- Modules that this one depends on stand beside it: mod_a.lua, or mod_a/mod_a.lua.
local function add_folders_of(path)
	local folder = path:match("^(.*)/[^/]*$") or ".";
	add_folder(folder);
	local parent = folder:match("^(.*)/mod_[^/]*$") or folder:match("^mod_[^/]*$") and ".";
	if parent then add_folder(parent); end
end

--- Makes a module known under its name.
local function register(name, source)
	sources[name] = source;
	if type(source) == "string" then add_folders_of(source); end
end

-- The path of the first of these files that is there, in any of the folders.
local function find_file(candidates)
	for _, folder in ipairs(folders) do
		for _, candidate in ipairs(candidates) do
			local path = folder.."/"..candidate;
			if files.read(path) then return path; end
		end
	end
end

local function find_module(name)
	local file = "mod_"..name..".lua";
	return find_file { "mod_"..name.."/"..file, file };
end

-- A function(name) that returns a source or nil.
local finder;

local function set_finder(find)
	finder = find;
end

--- Where a module comes from; nil if there is none of this name.
local function source_of(name)
	local found = not sources[name] and finder and finder(name);
	if found then register(name, found); end
	return sources[name] or find_module(name);
end

local function load_file(path, environment)
	local text, err = files.read(path);
	if not text then return nil, err; end
	return load(text, "@"..path, "t", environment);
end

--- The module's code as a function, to be run in the environment, and the path of its file if it has one; nil and what
-- is wrong.
local function load_code(name, environment)
	local source = source_of(name);
	if not source then return nil, "there is no module of this name"; end
	if type(source) == "function" then
		return function () return source(environment.module, prosody, require); end;
	end
	local code, err = load_file(source, environment);
	if not code then return nil, err; end
	return code, source;
end

--- The code of a file that belongs to a plugin, such as library.lib.lua, and its path; nil and what is wrong.
local function load_code_ext(name, resource, extension, environment)
	local candidates = {};
	for _, file in ipairs { resource.."."..extension, resource..".lua" } do
		table.insert(candidates, "mod_"..name.."/"..file);
		table.insert(candidates, name.."/"..file);
		table.insert(candidates, resource.."/"..file);
		table.insert(candidates, file);
	end
	local path = find_file(candidates);
	if not path then return nil, ("no file '%s.%s' beside the modules"):format(resource, extension); end
	local code, err = load_file(path, environment);
	if not code then return nil, err; end
	return code, path;
end

return {
	register = register;
	set_finder = set_finder;
	source_of = source_of;
	load_code = load_code;
	load_code_ext = load_code_ext;
};
