--- XMPP addresses (RFC 7622). Nil and what is no address give nil; what is no string throws.

local stringprep = require "util.encodings".stringprep;

local s_find, s_gsub, s_match, s_sub = string.find, string.gsub, string.match, string.sub;

--- Node, host and resource; a part that is not there is nil.
local function split(jid)
	if jid == nil then return nil, nil, nil; end
	local address, resource = jid, nil;
	local slash = s_find(jid, "/", 1, true);
	if slash then
		address, resource = s_sub(jid, 1, slash - 1), s_sub(jid, slash + 1);
	end
	local node, host = s_match(address, "^([^@]+)@([^@]+)$");
	host = host or s_match(address, "^[^@]+$");
	if not host or resource == "" then return nil, nil, nil; end
	return node, host, resource;
end

--- The parts put together; nil if there is no host.
local function join(node, host, resource)
	if host == nil then return nil; end
	local jid = host;
	if node ~= nil then
		jid = node.."@"..jid;
	end
	if resource ~= nil then
		jid = jid.."/"..resource;
	end
	return jid;
end

local function bare(jid)
	local node, host = split(jid);
	return join(node, host);
end

-- Nil stays nil; false says that the part is not allowed.
local function prepare(profile, part, strict)
	return part and (stringprep[profile](part, strict) or false);
end

--- Like split, with each part normalised by its stringprep profile.
-- @param strict refuses code points that Unicode 3.2 does not know
local function prepped_split(jid, strict)
	local node, host, resource = split(jid);
	if not host or host == "." then return nil, nil, nil; end
	-- A fully qualified name may end with the empty root label.
	host = prepare("nameprep", s_gsub(host, "%.$", ""), strict);
	node = prepare("nodeprep", node, strict);
	resource = prepare("resourceprep", resource, strict);
	if not host or node == false or resource == false then return nil, nil, nil; end
	return node, host, resource;
end

local function prep(jid, strict)
	return join(prepped_split(jid, strict));
end

--- Whether each part that the pattern has is the same in the JID.
local function compare(jid, pattern)
	local node, host, resource = split(jid);
	local wanted_node, wanted_host, wanted_resource = split(pattern);
	return (wanted_node == nil or wanted_node == node)
		and (wanted_host == nil or wanted_host == host)
		and (wanted_resource == nil or wanted_resource == resource);
end

local function node(jid)
	return (split(jid));
end

local function host(jid)
	local _, part = split(jid);
	return part;
end

local function resource(jid)
	local _, _, part = split(jid);
	return part;
end

-- XEP-0106: what a node cannot hold, and the backslash where it would read as the start of an escape.
local escapes, originals, protected = {}, {}, {};
for character in (" \"&'/:<>@\\"):gmatch(".") do
	local code = ("%02x"):format(character:byte());
	escapes[character] = "\\"..code;
	originals["\\"..code] = character;
	protected["\\"..code] = "\\5c"..code;
end

--- XEP-0106, for a node.
local function escape(text)
	return text and (s_gsub(s_gsub(text, "\\%x%x", protected), "[\"&'/:<>@ ]", escapes));
end

local function unescape(text)
	return text and (s_gsub(text, "\\%x%x", originals));
end

return {
	split = split;
	prepped_split = prepped_split;
	join = join;
	bare = bare;
	prep = prep;
	compare = compare;
	node = node;
	host = host;
	resource = resource;
	escape = escape;
	unescape = unescape;
};
