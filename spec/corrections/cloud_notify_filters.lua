-- What makes the original mod_cloud_notify_filters do as ours does, as in cloud_notify.lua.

-- Whose registration it is: see "Differences of mod_cloud_notify_filters that no scenario can show".
common {
	{
		replace = "local user_name, user_host = jid.split(stanza.attr.to);";
		with = [[local user_name, user_host = event.username, module.host;
	local account = user_name.."@"..user_host;]];
	},
	{ replace = "jid.bare(stanza.attr.to)"; with = "account" },
}

difference "cloud_notify_filters-ping" {
	{ after = "local stanza = event.original_stanza;"; add = "\n\tif not stanza then return; end" },
}

difference "cloud_notify_filters-copies" {
	{
		before = "local sender_jid";
		add = [[
if stanza.attr.from == account and not stanza:child_with_name("sent") then
		local copied = stanza:child_with_ns("urn:xmpp:carbons:2");
		stanza = copied and copied:find("{urn:xmpp:forward:0}/{jabber:client}message") or stanza;
	end
	]];
	},
}

difference "cloud_notify_filters-groupchat-unknown" {
	{ before = "user_host == module.host and"; add = [[stanza.attr.type ~= "groupchat" and ]] },
}

difference "cloud_notify_filters-unlisted-room" {
	{ replace = "local rule = push_info.groupchat_rules[sender_jid];"; with = "local rule = push_info.groupchat_rules[sender_jid] or {};" },
	{
		before = [[if rule.when == "never" then]];
		add = [[
if rule.when ~= "always" and rule.when ~= "mentioned" then
				event.reason = "Filtering: muted group chat";
				return true;
			end
			]];
	},
}

difference "cloud_notify_filters-no-sender" {
	{ after = "jid.bare(stanza.attr.from);"; add = "\n\tif not sender_jid then return; end" },
}

difference "cloud_notify_filters-nickname" {
	{
		replace = "local mentioned = false;";
		with = [[local body, nick = stanza:get_child_text("body"), rule.nick;
				local mentioned = body and nick and jid.prep(sender_jid.."/"..nick) and body:find(nick, 1, true);]];
	},
}

difference "cloud_notify_filters-uri" {
	{
		before = "function handle_push(event)";
		add = [[
local urldecode = require "util.http".urldecode;
local function is_named_by(uri, account, occupant)
	local written = uri and uri:match("^xmpp:(.*)$");
	for _, named in ipairs(written and { written, urldecode(written) } or {}) do
		local prepared = jid.prep(named);
		if prepared and (prepared == account or prepared == occupant) then return true; end
	end
	return false;
end

]];
	},
	{
		replace = "if mention_uri == our_uri or mention_uri == our_muc_uri then";
		with = [[if is_named_by(mention_uri, our_uri:sub(6), jid.prep(our_muc_uri and our_muc_uri:sub(6))) then]];
	},
}
