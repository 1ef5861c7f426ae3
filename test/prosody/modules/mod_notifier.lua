-- Notifies push services (Push 2.0) and tells what comes back; can be enabled while a resource is bound (Bind 2).

local st = require "util.stanza";

local xmlns = "urn:xmpp:push2:0";

local function tell(element)
	module:send(st.message({ from = module.host, to = "watcher.localhost" }):add_child(element));
end

module:hook("notifier/notify", function (event)
	local message = st.message({ from = module.host, to = event.user, id = "n1" });
	module:send(message:tag("notification", { xmlns = xmlns }):text_tag("client", "c1"):reset());
end);

module:hook("message/host", function (event)
	local origin, stanza = event.origin, event.stanza;
	if stanza.attr.type ~= "error" then return; end
	local told = st.stanza("told", {
		xmlns = "urn:told", id = stanza.attr.id, from = stanza.attr.from, origin = origin.type, host = origin.host;
	});
	tell(told:add_child(st.clone(stanza:get_child("error"))));
	return true;
end);

module:hook("advertise-bind-features", function (event)
	event.features:tag("feature", { var = xmlns }):up();
end);

module:hook("enable-bind-features", function (event)
	local enable = event.request:get_child("enable", xmlns);
	if not enable then return; end
	tell(st.stanza("told", { xmlns = "urn:told" }):add_child(st.clone(enable)));
	event.result:tag("enabled", { xmlns = xmlns, client = enable:get_child_text("client") }):up();
end);
