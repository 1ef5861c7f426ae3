-- Posts what a client tells it to post, and tells it what came of that. A client can have a key published as well.

local base64 = require "util.encodings".base64;
local dataform = require "util.dataforms".new;
local http = require "net.http";
local st = require "util.stanza";

local xmlns = "urn:example:poster";

module:hook("iq-set/self/"..xmlns..":post", function (event)
	local origin, stanza = event.origin, event.stanza;
	local post = stanza.tags[1];
	local headers = {};
	for header in post:childtags("header") do headers[header.attr.name] = header:get_text(); end
	local options = { method = post.attr.method, headers = headers, body = base64.decode(post:get_child_text("body") or "") };
	http.request(post.attr.url, options, function (body, code, response)
		local answer = st.reply(stanza):tag("answer", { xmlns = xmlns, code = tostring(code) });
		if code == 0 then
			answer:tag("failure"):text(tostring(body)):up();
		else
			for _, name in ipairs { "location", "ttl", "retry-after", "allow" } do
				if response.headers[name] then answer:tag("header", { name = name }):text(response.headers[name]):up(); end
			end
		end
		origin.send(answer);
	end);
	return true;
end);

local published;

module:hook("iq-set/self/"..xmlns..":publish", function (event)
	published = event.stanza.tags[1]:get_text();
	event.origin.send(st.reply(event.stanza));
	return true;
end);

module:hook("account-disco-info", function (event)
	if not published then return; end
	event.reply:add_child(dataform {
		{ name = "FORM_TYPE", type = "hidden", value = "http://jabber.org/protocol/webpush#public-key" };
		{ name = "webpush#public-key", type = "text-single" };
	}:form({ ["webpush#public-key"] = published }, "result"));
end);
