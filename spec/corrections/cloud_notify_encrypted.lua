-- What makes the original mod_cloud_notify_encrypted do as ours does, as in cloud_notify.lua.

-- Bytes of JSON that there is room for.
common {
	{ before = "function handle_register(event)"; add = "local function room_for() return 3000; end\n\n" },
}

difference "cloud_notify_encrypted-fails-on-0.12" {
	{ replace = "local ossl_ciphers"; with = "local ciphers" },
	{
		replace = [[return ciphers.new("AES-128-GCM"):encrypt(key, iv):final(message)..string.rep("\0", 16);]];
		with = [[local cipher = ciphers.new("AES-128-GCM"):encrypt(key, iv);
		return cipher:final(message)..cipher:getTag(16);]];
	},
}

difference "cloud_notify_encrypted-ping" {
	{ after = "local original_stanza = event.original_stanza;"; add = "\n\tif not original_stanza then return; end" },
}

difference "cloud_notify_encrypted-carbon-copy" {
	{
		after = "local original_stanza = event.original_stanza;";
		add = [[

	if original_stanza.attr.from == event.username.."@"..module.host and not original_stanza:child_with_name("sent") then
		local copied = original_stanza:child_with_ns("urn:xmpp:carbons:2");
		original_stanza = copied and copied:find("{urn:xmpp:forward:0}/{jabber:client}message") or original_stanza;
	end]];
	},
}

difference "cloud_notify_encrypted-key-with-children" {
	{ before = "base64.decode(key_base64)"; add = "key_base64 and " },
}

difference "cloud_notify_encrypted-too-large" {
	{
		before = "function handle_register(event)";
		add = [[
local function write_payload(payload, room)
	local members = '"unread":'..json.encode(payload.unread);
	local left = room - #members - 2;
	local function add(name, encoded)
		local member = ',"'..name..'":'..encoded;
		if #member > left then return false; end
		members, left = members..member, left - #member;
		return true;
	end
	local function add_text(name, text)
		return text and add(name, json.encode(text));
	end
	add_text("type", payload.type);
	if not add_text("sender", payload.sender) then add_text("sender", jid.bare(payload.sender)); end
	add_text("sid", payload.sid);
	if payload.media then
		local list = "";
		for _, medium in ipairs(payload.media) do
			local longer = list..(list ~= "" and "," or "")..json.encode(medium);
			if #longer + #',"media":[]' <= left then list = longer; end
		end
		add("media", "["..list.."]");
	end
	add_text("nickname", payload.nickname);
	local message = payload.message or "";
	if payload.message and not add_text("message", message) then
		repeat message = message:gsub("[^\128-\191][\128-\191]*$", ""); until message == "" or add_text("message", message);
	end
	return "{"..members.."}";
end

]];
	},
	{ replace = "json.encode(push_payload)"; with = "write_payload(push_payload, room_for(encryption))" },
}

difference "cloud_notify_encrypted-max-size" {
	{
		before = "function handle_register(event)";
		add = [[
function room_for(encryption)
	local max_size = encryption.max_size;
	return max_size and math.min(math.floor(math.max(max_size, 256) / 4) * 3 - 16, 3000) or 3000;
end

]];
	},
	{
		before = "event.push_info.encryption = {";
		add = [[
local max_size = encrypt.attr["max-size"];
	max_size = max_size and #max_size <= 9 and max_size:match("^%d+$") and tonumber(max_size);
	]];
	},
	{ after = "key_base64 = key_base64;"; add = "\n\t\tmax_size = max_size ~= 0 and max_size or nil;" },
}
