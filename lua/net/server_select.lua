--- The event loop (Prosody's net.server): here the machine's clock is what runs, and there are no sockets.

local timer = require "util.timer";

local function refuse()
	return nil, "no sockets here";
end

return {
	get_backend = function () return "machine"; end;
	add_task = timer.add_task;
	addserver = refuse;
	addclient = refuse;
	wrapclient = refuse;
};
