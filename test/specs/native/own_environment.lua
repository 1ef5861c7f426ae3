--- Gives specs the Lua environment of lua/ under a Lua of this machine: what the bridge gives to it in Fengari, written
-- in Lua, and Prosody's C libraries in place of those in JavaScript. A helper of busted's; PROSODY_LIBRARIES is a
-- folder.

local libraries = assert(os.getenv "PROSODY_LIBRARIES", "PROSODY_LIBRARIES: the folder of Prosody's libraries");

-- boot.lua shuts out all that is not in its folder, so these are taken before.
local function preload(name, library)
	package.preload[name] = function () return library; end;
end
for _, name in ipairs { "util.encodings", "util.hashes", "util.net", "util.strbitop" } do
	local open = assert(package.loadlib(libraries.."/"..name:gsub("%.", "/")..".so", "luaopen_"..name:gsub("%.", "_")));
	preload(name, open());
end
-- 0.12's library in C lacks it.
require "util.strbitop".common_prefix_bits = function (a, b)
	local bits = 0;
	for i = 1, math.min(#a, #b) do
		local x, y = a:byte(i), b:byte(i);
		local weight = 128;
		while weight >= 1 do
			if math.floor(x / weight) % 2 ~= math.floor(y / weight) % 2 then return bits; end
			bits, weight = bits + 1, weight / 2;
		end
	end
	return bits;
end;
preload("util.random", dofile(libraries.."/util/random.lua"));

-- 2023-11-14 22:13:20 UTC, as in our own tests.
local now = 1700000000;

-- What is due, in the order it is due, and of one time in the order it was scheduled.
local schedule = {};

local clock = {};

function clock.now()
	return now;
end

function clock.schedule(delay, callback)
	local entry = { due = now + delay, callback = callback };
	local position = 1;
	while schedule[position] and schedule[position].due <= entry.due do position = position + 1; end
	table.insert(schedule, position, entry);
	return function ()
		for i, other in ipairs(schedule) do
			if other == entry then table.remove(schedule, i); break; end
		end
	end;
end

function clock.next_due()
	return schedule[1] and schedule[1].due or math.huge;
end

function clock.advance(seconds)
	local target = now + seconds;
	while schedule[1] and schedule[1].due <= target do
		local entry = table.remove(schedule, 1);
		now = entry.due;
		entry.callback();
	end
	now = target;
end

preload("util.time", { now = clock.now, monotonic = clock.now });
local real_time = os.time;
os.time = function (date)
	return date and real_time(date) or math.floor(now);
end;

-- Texts by host, store, kind and user; false stands for the host itself.
local function memory_disk()
	local files, disk = {}, {};
	local function folder(host, store, kind)
		local key = host.."\0"..store.."\0"..(kind or "keyval");
		files[key] = files[key] or {};
		return files[key];
	end
	function disk.read(host, store, user, kind) return folder(host, store, kind)[user or false]; end
	function disk.write(host, store, user, text, kind) folder(host, store, kind)[user or false] = text; end
	function disk.users(host, store, kind)
		local users = {};
		for user in pairs(folder(host, store, kind)) do
			if user then table.insert(users, user); end
		end
		table.sort(users);
		return users;
	end
	return disk;
end

package.preload["bridge.machine"] = function ()
	return { clock = clock, disk = memory_disk(), options = {}, log = function () end };
end;

preload("bridge.files", {
	read = function (path)
		local file, err = io.open(path);
		if not file then return nil, err; end
		local text = file:read("*a");
		file:close();
		return text;
	end;
});
