--- Loading of Lua source with globals of its own.

local load = load;

--- The chunk as a function; nil and a message if it does not compile. Bytecode is refused.
-- @param source name of the chunk, as for load
-- @param env its globals
local function envload(code, source, env)
	return load(code, source, "t", env);
end

--- The same of a file; needs the io library.
local function envloadfile(path, env)
	local file, err, errno = io.open(path);
	if not file then
		return nil, err, errno;
	end
	local code;
	code, err, errno = file:read("*a");
	file:close();
	if not code then
		return nil, err, errno;
	end
	return envload(code, "@"..path, env);
end

return {
	envload = envload;
	envloadfile = envloadfile;
};
