-- What makes the original mod_cloud_notify do as ours does: for each heading of spec/DIFFERENCES.md small edits of its
-- source. `prosody-push fuzz` tells by them which differences are known. The language is in bridge/fuzz/README.md.

-- How a registration ends, for the differences below to add to.
common {
	{
		before = "local push_store = (function()";
		add = [[
local on_ended = {}; -- functions(user, push_identifier)
local on_evicted = {}; -- the same, where one had to go for a newer one
local function tell(listeners, user, push_identifier)
	for _, listener in ipairs(listeners) do listener(user, push_identifier); end
end
local function sessions_with(user, push_identifier)
	local found = {};
	for _, session in pairs(host_sessions[user] and host_sessions[user].sessions or {}) do
		if session.push_identifier == push_identifier then found[#found + 1] = session; end
	end
	return found;
end
local function stop_gathering(session)
	if session.awaiting_push_timer then session.awaiting_push_timer:stop(); end
	session.awaiting_push_timer, session.push_queue = nil, nil;
end
]];
	},
	{
		times = 3;
		replace = "cache.new(max_push_devices)";
		with = [[cache.new(max_push_devices, function (evicted)
	tell(on_evicted, user, evicted); tell(on_ended, user, evicted);
end)]];
	},
	{ before = "push_errors[key] = nil;"; add = "tell(on_ended, origin.username, key); " },
	{ before = "user_push_services[push_identifier] = nil\n"; add = "tell(on_ended, node, push_identifier);\n" },
	-- An error after the last one: see "Differences that no scenario can show".
	{
		before = "-- Forward declarations";
		add = [[
setmetatable(push_errors, { __index = function () return 0; end });
on_ended[#on_ended + 1] = function (user, push_identifier)
	for id, identifier in pairs(id2identifier) do
		if identifier == push_identifier and id2node[id] == user then id2identifier[id], id2node[id] = nil, nil; end
	end
end
]];
	},
}

difference "own-bare-jid" {
	{
		replace = "push_jid == stanza.attr.from then";
		with = "push_jid == stanza.attr.from or push_jid == jid.bare(stanza.attr.from) then";
	},
}

difference "invalid-jid" {
	{
		before = "if push_jid == stanza.attr.from then";
		add = [[
	if not jid.prep(push_jid) then
		origin.send(st.error_reply(stanza, "modify", "jid-malformed", "Invalid jid"));
		return true;
	end
	]];
	},
}

difference "unprepared-jid" {
	{ before = "if push_jid == stanza.attr.from then"; add = "push_jid = jid.prep(push_jid) or push_jid;\n\t" },
	{
		replace = "push_info.jid == push_jid and";
		with = "(push_info.jid == push_jid or push_info.jid == jid.prep(push_jid)) and";
	},
}

difference "order-after-restart" {
	{
		replace = "for k, v in pairs(loaded) do push_services[user][k] = v; end";
		with = [[
				local oldest_first = {};
				for k in pairs(loaded) do oldest_first[#oldest_first + 1] = k; end
				table.sort(oldest_first, function (a, b)
					local made_a, made_b = loaded[a].timestamp, loaded[b].timestamp;
					if made_a ~= made_b then return made_a < made_b; end
					return a < b;
				end);
				for _, k in ipairs(oldest_first) do push_services[user][k] = loaded[k]; end]];
	},
}

difference "ended-registration-pushed" {
	{
		before = "-- Forward declarations";
		add = [[
on_ended[#on_ended + 1] = function (user, push_identifier)
	for _, session in ipairs(sessions_with(user, push_identifier)) do
		session.push_identifier, session.push_settings, session.first_hibernated_push = nil, nil, nil;
		session.notified_of_important = nil;
		stop_gathering(session);
		if session.hibernating_watchdog and session.original_smacks_callback and session.original_smacks_timeout then
			session.hibernating_watchdog:cancel();
			session.hibernating_watchdog = watchdog.new(session.original_smacks_timeout, session.original_smacks_callback);
		end
	end
end
]];
	},
}

difference "other-session-settings" {
	{
		replace = "= session.push_settings}";
		with = "= push_store:get(session.username)[session.push_identifier]}";
	},
}

difference "empty-body" {
	{ before = [[form_data["last-message-body"] = tostring(dummy_body);]]; add = [[if dummy_body ~= "" then ]] },
	{ after = [[form_data["last-message-body"] = tostring(dummy_body);]]; add = " end" },
	-- It is important all the same.
	{
		after = [=[important = not not form_data["last-message-body"]]=];
		add = [[ or stanza and not include_body and dummy_body == "" and is_important(stanza) or false]];
	},
}

difference "option-not-understood" {
	{ after = [[("push_notification_important_body", "New Message!")]]; add = [[ or "New Message!"]] },
	{ after = [[("push_max_errors", 16)]]; add = " or 16" },
	{ after = [[("push_max_devices", 5)]]; add = " or 5" },
	{ after = [[("push_max_hibernation_timeout", 72*3600)]]; add = " or 72*3600" },
}

difference "namesake" {
	{
		before = "if event.for_user == to then";
		add = "if stanza.attr.to and select(2, jid.split(stanza.attr.to)) ~= module.host then return; end\n\t";
	},
}

difference "pushed-twice" {
	{
		before = "-- Forward declarations";
		add = [[
local archived = module:shared("archived"); -- a reload forgets nothing
local function known(user, id, push_identifier)
	return id and archived[user.."\n"..id] and archived[user.."\n"..id][push_identifier];
end
local function was_pushed(stanza, user, push_identifier)
	if stanza._push_notify and stanza._push_notify[push_identifier] then return true; end
	local message = stanza.attr.from == user.."@"..module.host
		and stanza:find("{urn:xmpp:carbons:2}/{urn:xmpp:forward:0}/{jabber:client}message") or stanza;
	for stanza_id in message:childtags("stanza-id", "urn:xmpp:sid:0") do
		local is_own = stanza_id.attr.by == user.."@"..module.host;
		if is_own and known(user, stanza_id.attr.id, push_identifier) then return true; end
	end
	return false;
end
local function mark(user, push_identifier, archive_id)
	if not archive_id then return; end
	local key = user.."\n"..archive_id;
	archived[key] = archived[key] or {};
	archived[key][push_identifier] = true;
end
-- What is archived as sent is stored on its way in, what is archived as received on its way out.
local sender;
local function on_its_way_in(event) sender = event.origin; end
local function on_its_way_out() sender = nil; end
module:hook("pre-message/bare", on_its_way_in, 1);
module:hook("pre-message/full", on_its_way_in, 1);
module:hook("message/bare", on_its_way_out, 1);
module:hook("message/full", on_its_way_out, 1);
]];
	},
	{ before = "if not event.for_user or"; add = "if event.origin == sender then return; end\n\t" },
	{ after = "user_push_services, log_push_decline"; add = ", archive_id" },
	{ after = "handle_notify_request(event.stanza, to, notify_push_services, true"; add = ", event.id" },
	{
		replace = "if stanza._push_notify[push_identifier] then";
		with = "if was_pushed(stanza, node, push_identifier) then";
	},
	{
		after = "stanza._push_notify[push_identifier] = true;";
		add = " if send_push then mark(node, push_identifier, archive_id); end";
	},
	{ replace = "st.clone(stanza);"; with = "stanza;" },
	-- What a session was pushed before it hibernates counts as its first push, once it does.
	{
		after = "pushes = pushes + 1;";
		add = [[
				for _, session in ipairs(stanza and is_important(stanza) and sessions_with(node, push_identifier) or {}) do
					session.notified_of_important = true;
				end]];
	},
	{
		before = "-- fast ignore of already pushed stanzas";
		add = [[
		if stanza and was_pushed(stanza, session.username, session.push_identifier) and is_important(stanza)
		and session.notified_of_important and session.hibernating and not session.first_hibernated_push then
			session.first_hibernated_push = os_time();
			if session.hibernating_watchdog and session.original_smacks_callback and session.original_smacks_timeout then
				session.hibernating_watchdog:cancel();
				session.hibernating_watchdog = watchdog.new(session.original_smacks_timeout, session.original_smacks_callback);
			end
		end
		]];
	},
	{
		replace = "not (stanza._push_notify and stanza._push_notify[session.push_identifier]) then";
		with = "not was_pushed(stanza, session.username, session.push_identifier) then";
	},
	{ before = "-- the extended smacks watchdog will be"; add = "session.notified_of_important = nil;\n\t\t" },
	{ before = "session.first_hibernated_push = nil;\n\t\t\t-- check"; add = "session.notified_of_important = nil; " },
}

difference "stale-queue" {
	{ before = "-- the extended smacks watchdog will be"; add = "stop_gathering(session);\n\t\t" },
	{ before = "origin.push_identifier = nil;"; add = "stop_gathering(origin); " },
	{ before = "session.push_identifier = nil;"; add = "stop_gathering(session); " },
}

difference "errors-by-user" {
	{ times = 10; replace = "push_errors[push_identifier]"; with = [[push_errors[node.."\n"..push_identifier] ]] };
	{ before = "push_errors[key] = nil;"; add = [[push_errors[origin.username.."\n"..key] = nil; ]] },
	{ series = "0.12"; after = "if identifier == key"; add = " and id2node[stanza_id] == origin.username" },
}

difference "errors-of-before" {
	{
		before = "-- Forward declarations";
		add = [[
on_evicted[#on_evicted + 1] = function (user, push_identifier)
	push_errors[push_identifier], push_errors[user.."\n"..push_identifier] = nil, nil;
end
]];
	},
}

difference "answered-again" {
	{
		series = "0.12";
		times = 2;
		after = "local from = stanza.attr.from;";
		add = [[
	if not from or identifier:sub(1, #from + 1) ~= from.."<" then return false; end
	id2node[stanza.attr.id], id2identifier[stanza.attr.id] = nil, nil;
]];
	},
}

difference "answers-ignored" {
	-- Ours waits longer than the two minutes of send_iq.
	{ series = "13.0"; replace = "module:send_iq(push_publish)"; with = "module:send_iq(push_publish, nil, 86400 * 365)" },
	{
		series = "13.0";
		replace = ":next(handle_push_success, handle_push_error)";
		with = [[:next(function (event)
					if event.stanza.attr.type == "error" then return handle_push_error(event.stanza); end
					return handle_push_success(event.stanza);
				end, function (err)
					return handle_push_error({
						attr = { id = stanza_id, from = push_info.jid };
						get_error = function () return err.type, err.condition, err.text; end;
					});
				end)]];
	},
	{ series = "13.0"; times = 2; replace = "[stanza.attr.id] = nil;"; with = "[stanza_id] = nil;" },
}

difference "hibernation-for-ever" {
	{
		series = "13.0";
		replace = "session.original_smacks_callback();";
		with = "session.original_smacks_callback(session.hibernating_watchdog);";
	},
}
