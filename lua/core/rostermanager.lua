--- Rosters and subscriptions (Prosody's core.rostermanager, RFC 6121). Each function that changes a roster saves it and
-- answers true; nil or false if nothing changed or it could not be saved.

local log = require "util.logger".init("rostermanager");
local new_id = require "util.id".short;
local st = require "util.stanza";
local storagemanager = require "core.storagemanager";
local user_exists = require "core.usermanager".user_exists;

local hosts = prosody.hosts;
local bare_sessions = prosody.bare_sessions;

-- The roster's own state, under the key false. New state is no part of the data until it is saved: who only reads
-- a roster, or saves it as items alone, writes none.
local function roster_metadata(roster, err)
	local metadata = roster[false];
	if not metadata then
		metadata = { broken = err };
		setmetatable(roster, { __index = { [false] = metadata } });
	end
	metadata.pending = metadata.pending or {};
	return metadata;
end

local function online_roster(username, host)
	local user = bare_sessions[username.."@"..host];
	return user and user.roster;
end

local function save_roster(username, host, roster, jid)
	if not user_exists(username, host) then
		log("debug", "not saving roster for %s@%s: the user doesn't exist", username, host);
		return nil;
	end
	roster = roster or online_roster(username, host);
	if not roster then
		log("warn", "save_roster: user had no roster to save");
		return nil;
	end
	local metadata = roster_metadata(roster);
	if metadata.version ~= true then metadata.version = (metadata.version or 0) + 1; end
	if metadata.broken then return nil, "Not saving broken roster"; end
	roster[false] = metadata;
	if jid == nil then
		return storagemanager.open(host, "roster", "keyval"):set(username, roster);
	end
	local store = storagemanager.open(host, "roster", "map");
	return store:set_keys(username, { [false] = metadata, [jid] = roster[jid] or store.remove });
end

--- The roster, and a message if it could not be read: it is empty then and will not be saved. Of an account that is
-- online it is the one in memory.
local function load_roster(username, host)
	local roster = online_roster(username, host);
	if roster then return roster; end
	local jid = username.."@"..host;
	local data, err = storagemanager.open(host, "roster", "keyval"):get(username);
	roster = data or {};
	local user = bare_sessions[jid];
	if user then user.roster = roster; end
	roster_metadata(roster, err);
	if roster[jid] then
		log("debug", "Roster for %s had a self-contact, removing", jid);
		roster[jid] = nil;
		if not save_roster(username, host, roster, jid) then
			log("warn", "Could not remove self-contact from roster for %s", jid);
		end
	end
	if not err then
		hosts[host].events.fire_event("roster-load", { username = username, host = host, roster = roster });
	end
	return roster, err;
end

-- Changes an item of the session's roster, and undoes that if it cannot be saved.
local function set_item(session, jid, item)
	local roster = session.roster;
	if not roster then return nil, "auth", "not-authorized", "Session's roster not loaded"; end
	local old_item = roster[jid];
	roster[jid] = item;
	if save_roster(session.username, session.host, roster, jid) then return true; end
	roster[jid] = old_item;
	return nil, "wait", "internal-server-error", "Unable to save roster";
end

local function add_to_roster(session, jid, item)
	return set_item(session, jid, item);
end

local function remove_from_roster(session, jid)
	return set_item(session, jid, nil);
end

--- Tells the account's interested sessions how an item is now.
local function roster_push(username, host, jid)
	local roster = jid and online_roster(username, host);
	if not roster then return; end
	local item = roster[jid];
	local push = st.iq { type = "set", id = new_id() }
		:tag("query", { xmlns = "jabber:iq:roster", ver = tostring(roster_metadata(roster).version or "1") });
	if item then
		push:tag("item", { jid = jid, subscription = item.subscription, name = item.name, ask = item.ask });
		for group in pairs(item.groups) do push:text_tag("group", group); end
	else
		push:tag("item", { jid = jid, subscription = "remove" });
	end
	push:reset();
	for _, session in pairs(hosts[host].sessions[username].sessions) do
		if session.interested then session.send(push); end
	end
end

local function has_direction(subscription, direction)
	return subscription == direction or subscription == "both";
end

local opposite = { to = "from", from = "to" };

-- Takes one direction away from an item's subscription; false if it was not there.
local function drop_direction(item, direction)
	if not item or not has_direction(item.subscription, direction) then return false; end
	item.subscription = item.subscription == "both" and opposite[direction] or "none";
	return true;
end

local function add_direction(item, direction)
	item.subscription = item.subscription == opposite[direction] and "both" or direction;
end

local function get_or_add_item(roster, jid)
	roster[jid] = roster[jid] or { subscription = "none", groups = {} };
	return roster[jid];
end

-- The subscription between two accounts by the roster of whichever is online, and the direction to look for in it.
local function online_subscription(username, host, jid, direction)
	local own_jid = username.."@"..host;
	local user, contact = bare_sessions[own_jid], bare_sessions[jid];
	if user and user.roster then return user.roster[jid] or {}, direction; end
	if contact and contact.roster then return contact.roster[own_jid] or {}, opposite[direction]; end
end

local function is_subscribed(username, host, jid, direction)
	local item, item_direction = online_subscription(username, host, jid, direction);
	if item then return has_direction(item.subscription, item_direction); end
	local roster, err = load_roster(username, host);
	item = roster[jid];
	return item and has_direction(item.subscription, direction), err;
end

--- Whether the contact gets the user's presence.
local function is_contact_subscribed(username, host, jid)
	return is_subscribed(username, host, jid, "from");
end

--- Whether the user gets the contact's presence.
local function is_user_subscribed(username, host, jid)
	return is_subscribed(username, host, jid, "to");
end

local function is_contact_pending_in(username, host, jid)
	local roster = load_roster(username, host);
	return roster[false].pending[jid] ~= nil;
end

local function set_contact_pending_in(username, host, jid, stanza)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if item and has_direction(item.subscription, "from") then return; end
	roster[false].pending[jid] = st.is_stanza(stanza) and st.preserialize(stanza) or true;
	return save_roster(username, host, roster, jid);
end

local function is_contact_pending_out(username, host, jid)
	local item = load_roster(username, host)[jid];
	return item and item.ask;
end

local function set_contact_pending_out(username, host, jid)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if item and (item.ask or has_direction(item.subscription, "to")) then return true; end
	get_or_add_item(roster, jid).ask = "subscribe";
	return save_roster(username, host, roster, jid);
end

local function is_contact_preapproved(username, host, jid)
	local item = load_roster(username, host)[jid];
	return item and item.approved == "true";
end

local function process_inbound_subscription_approval(username, host, jid)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if not item or not item.ask then return; end
	add_direction(item, "to");
	item.ask = nil;
	return save_roster(username, host, roster, jid);
end

local function process_inbound_subscription_cancellation(username, host, jid)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if not item then return; end
	local was_pending = item.ask ~= nil;
	item.ask = nil;
	if drop_direction(item, "to") or was_pending then return save_roster(username, host, roster, jid); end
end

local function process_inbound_unsubscribe(username, host, jid)
	local roster = load_roster(username, host);
	local was_pending = roster[false].pending[jid] ~= nil;
	roster[false].pending[jid] = nil;
	if drop_direction(roster[jid], "from") or was_pending then return save_roster(username, host, roster, jid); end
end

local function process_outbound_subscription_request(username, host, jid)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if not item or has_direction(item.subscription, "to") then return; end
	item.ask = "subscribe";
	return save_roster(username, host, roster, jid);
end

--- The user takes back a subscription, or the request for one.
local function unsubscribe(username, host, jid)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if not item then return false; end
	local was_pending = item.ask ~= nil;
	item.ask = nil;
	if not drop_direction(item, "to") and not was_pending then return true; end
	return save_roster(username, host, roster, jid);
end

--- The user grants a subscription, or grants it in advance (RFC 6121, 3.4).
local function subscribed(username, host, jid)
	local roster = load_roster(username, host);
	local item = roster[jid];
	if roster[false].pending[jid] ~= nil then
		add_direction(get_or_add_item(roster, jid), "from");
		roster[false].pending[jid] = nil;
	elseif not item or not has_direction(item.subscription, "from") then
		get_or_add_item(roster, jid).approved = "true";
	else
		return;
	end
	return save_roster(username, host, roster, jid);
end

--- The user takes back what was granted, or refuses a request. Answers whether that was saved, whether there was a
-- request, and whether there was a subscription.
local function unsubscribed(username, host, jid)
	local roster = load_roster(username, host);
	local was_pending = roster[false].pending[jid] ~= nil;
	roster[false].pending[jid] = nil;
	local was_subscribed = drop_direction(roster[jid], "from") or nil;
	local saved = (was_pending or was_subscribed) and save_roster(username, host, roster, jid);
	return saved, was_pending, was_subscribed;
end

return {
	add_to_roster = add_to_roster;
	remove_from_roster = remove_from_roster;
	roster_push = roster_push;
	load_roster = load_roster;
	save_roster = save_roster;
	is_contact_subscribed = is_contact_subscribed;
	is_user_subscribed = is_user_subscribed;
	is_contact_pending_in = is_contact_pending_in;
	set_contact_pending_in = set_contact_pending_in;
	is_contact_pending_out = is_contact_pending_out;
	set_contact_pending_out = set_contact_pending_out;
	is_contact_preapproved = is_contact_preapproved;
	process_inbound_subscription_approval = process_inbound_subscription_approval;
	process_inbound_subscription_cancellation = process_inbound_subscription_cancellation;
	process_inbound_unsubscribe = process_inbound_unsubscribe;
	process_outbound_subscription_request = process_outbound_subscription_request;
	unsubscribe = unsubscribe;
	subscribed = subscribed;
	unsubscribed = unsubscribed;
};
