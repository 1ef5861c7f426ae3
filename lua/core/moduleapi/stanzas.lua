--- Stanzas that a module sends.

local iterators = require "util.iterators";
local st = require "util.stanza";

local api = {};

--- From the module's host, unless it has another origin.
function api:send(stanza, origin)
	local post_stanza = assert(prosody.core_post_stanza, "no server is there to send stanzas");
	return post_stanza(origin or prosody.hosts[self.host], stanza);
end

--- Sends a clone to each of the addresses: those that the iterator gives, by default the table's values.
function api:broadcast(jids, stanza, iterator)
	for jid in (iterator or iterators.values)(jids) do
		local clone = st.clone(stanza);
		clone.attr.to = jid;
		self:send(clone);
	end
end

return api;
