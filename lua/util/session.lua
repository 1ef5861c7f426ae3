--- Makes the sessions of connections, piece by piece (Prosody's util.session).

local initialize_filters = require "util.filters".initialize;
local logger = require "util.logger";

local last_number = 0;

local function new(base_type)
	return { type = base_type.."_unauthed", base_type = base_type };
end

--- Ids are numbered, where Prosody takes a table's address: the same in every run.
local function set_id(session)
	last_number = last_number + 1;
	session.id = ("%s%x"):format(session.base_type, last_number);
	return session;
end

local function set_logger(session)
	session.log = logger.init(session.id);
	return session;
end

local function set_conn(session, conn)
	session.conn = conn;
	session.ip = conn:ip();
	return session;
end

local function discarding_send(session)
	return function (data)
		session.log("debug", "Discarding data sent to unconnected session: %s", data);
		return false;
	end
end

local function filtering_send(session, conn)
	local filter = initialize_filters(session);
	return function (data)
		if data.name then data = filter("stanzas/out", data); end
		local bytes = data and filter("bytes/out", tostring(data));
		if not bytes then return true; end
		local ok, err = conn:write(bytes);
		if not ok then
			session.log("debug", "Error writing to connection: %s", err);
			return false, err;
		end
		return true;
	end
end

local function set_send(session)
	local conn = session.conn;
	session.send = conn and filtering_send(session, conn) or discarding_send(session);
	return session;
end

return {
	new = new;
	set_id = set_id;
	set_logger = set_logger;
	set_conn = set_conn;
	set_send = set_send;
};
