-- Has the host, and somebody on it, send to other servers.

local st = require "util.stanza";

local called = false;

local function send(from, to, stanza)
	stanza.attr.from, stanza.attr.to = from, to;
	module:send(stanza);
end

module:hook("caller/call", function (event)
	send(module.host, "far.example", st.iq({ type = "get", id = "call" }):text_tag("call", "€ & \n", { xmlns = "urn:call" }));
	send(module.host, "nurse@far.example/room", st.message());
	called = true;
	send(event.user.."@"..module.host, "far.example", st.message());
end);

-- What came back is told of, which is in another turn of the event loop.
module:hook("iq-error/host/call", function (event)
	send(module.host, "further.example", st.message():add_child(event.stanza:get_child("error")));
end);

module:hook_global("server-stopping", function ()
	if called then send(module.host, "far.example", st.message(nil, "Good night")); end
end);
