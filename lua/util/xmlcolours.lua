--- XML text coloured for a terminal of 256 colours. Not a library of Prosody's; util.stanza's pretty_print uses it.

local s_gsub, s_match = string.gsub, string.match;

-- Stanzas can be large, and only a person reads what is coloured.
local max_tags = 100;

local function colour(code)
	return function (text)
		return text == "" and "" or "\27[38;5;"..code.."m"..text.."\27[0m";
	end;
end

local bracket, element, attribute, value, reference = colour(24), colour(45), colour(150), colour(208), colour(71);

local function colour_attribute(name, quoted)
	return attribute(name).."="..value(quoted);
end

local function colour_tag(tag, text)
	local opening, name, attributes, closing = s_match(tag, "^(<[/?]?)([^%s/?>]*)(.-)([/?]?>)$");
	attributes = s_gsub(attributes, "([^%s=]+)=(%b'')", colour_attribute);
	return bracket(opening)..element(name)..attributes..bracket(closing)..s_gsub(text, "&#?%w+;", reference);
end

--- Colours tags, attributes and references of XML as tostring(stanza) writes it, with single quotes.
local function pretty_print(xml)
	return (s_gsub(xml, "(<[^>]*>)([^<]*)", colour_tag, max_tags));
end

return { pretty_print = pretty_print };
