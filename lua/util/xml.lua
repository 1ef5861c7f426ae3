--- A strict parser of whole XML documents (XML 1.0, Namespaces in XML 1.0) that makes stanzas of them.
-- It knows UTF-8 and the five predefined entities, and refuses document type declarations altogether.

local codepoint = require "util.codepoint";
local st = require "util.stanza";
local valid_utf8 = require "util.encodings".utf8.valid;

local error, ipairs, pairs, pcall, tonumber, type = error, ipairs, pairs, pcall, tonumber, type;
local s_find, s_gmatch, s_gsub, s_lower, s_match, s_sub =
	string.find, string.gmatch, string.gsub, string.lower, string.match, string.sub;
local t_concat, t_insert, t_remove = table.concat, table.insert, table.remove;

local xmlns_xml = "http://www.w3.org/XML/1998/namespace";
local xmlns_xmlns = "http://www.w3.org/2000/xmlns/";

local invalid_token = "not well-formed (invalid token)";

-- Ends the parsing; parse reports it.
local function fail(position, what)
	error({ what = what, position = position }, 0);
end

-- Names. Beyond ASCII, names may start with what is in these ranges (XML 1.0, production 4) …
local name_start_ranges = {
	{ 0xC0, 0xD6 }, { 0xD8, 0xF6 }, { 0xF8, 0x2FF }, { 0x370, 0x37D }, { 0x37F, 0x1FFF }, { 0x200C, 0x200D },
	{ 0x2070, 0x218F }, { 0x2C00, 0x2FEF }, { 0x3001, 0xD7FF }, { 0xF900, 0xFDCF }, { 0xFDF0, 0xFFFD },
	{ 0x10000, 0xEFFFF },
};
-- … and go on with these too (production 4a).
local name_ranges = { { 0xB7, 0xB7 }, { 0x300, 0x36F }, { 0x203F, 0x2040 } };

local function is_in(ranges, code)
	for _, range in ipairs(ranges) do
		if code >= range[1] and code <= range[2] then
			return true;
		end
	end
	return false;
end

local function is_local_name(name)
	if not s_find(name, "^[A-Za-z_\128-\255][%w_.\128-\255-]*$") then
		return false;
	end
	for position, character in s_gmatch(name, "()([\194-\244][\128-\191]+)") do
		local code = codepoint.decode(character);
		if not is_in(name_start_ranges, code) and (position == 1 or not is_in(name_ranges, code)) then
			return false;
		end
	end
	return true;
end

-- Prefix (nil if there is none), local name, and where the name ends.
local function read_name(text, position)
	local name, next_position = s_match(text, "^([^%s/>=<&'\"?]+)()", position);
	local prefix, local_name = s_match(name or "", "^([^:]*):(.*)$");
	if not is_local_name(local_name or name or "") or prefix and not is_local_name(prefix) then
		fail(position, invalid_token);
	end
	return prefix, local_name or name, next_position;
end

-- Text.

local predefined = { amp = "&", apos = "'", gt = ">", lt = "<", quot = "\"" };

local function is_character(code)
	return code >= 0x20 and code <= 0xD7FF or code == 9 or code == 10 or code == 13
		or code >= 0xE000 and code <= 0xFFFD or code >= 0x10000 and code <= 0x10FFFF;
end

local function resolve_references(text, position)
	if not s_find(text, "&", 1, true) then
		return text;
	end
	return (s_gsub(text, "&([^&;]*)(;?)", function (name, terminator)
		local hex, decimal = s_match(name, "^#x(%x+)$"), s_match(name, "^#(%d+)$");
		if terminator == "" or not (hex or decimal or is_local_name(name)) then
			fail(position, invalid_token);
		elseif not (hex or decimal) then
			return predefined[name] or fail(position, "undefined entity");
		end
		-- More digits than this are only ever leading zeros, or too many.
		local digits = s_match(hex or decimal, "^0*(.*)$");
		local code = #digits > 0 and #digits <= 7 and tonumber(digits, hex and 16 or 10) or 0;
		if not is_character(code) then
			fail(position, "reference to invalid character number");
		end
		return codepoint.encode(code);
	end));
end

-- What is between the position and the terminator, and where that ends.
local function read_until(text, position, terminator)
	local first, last = s_find(text, terminator, position, true);
	if not first then
		fail(position, "unclosed token");
	end
	return s_sub(text, position, first - 1), last + 1;
end

-- Tags.

local function skip_space(text, position)
	return s_match(text, "^[ \t\n]*()", position);
end

-- The attributes as written, as a list of { prefix, name, value, position }, and where they end.
local function read_attributes(text, position)
	local attributes, seen = {}, {};
	while true do
		local start = skip_space(text, position);
		if s_find(text, "^/?>", start) then
			return attributes, start;
		elseif start == position then
			fail(position, invalid_token);
		end
		local prefix, name, after_name = read_name(text, start);
		local quote, value_start = s_match(text, "^[ \t\n]*=[ \t\n]*(['\"])()", after_name);
		if not quote then
			fail(after_name, invalid_token);
		end
		local value, value_end = read_until(text, value_start, quote);
		if s_find(value, "<", 1, true) then
			fail(value_start, invalid_token);
		end
		local full_name = prefix and prefix..":"..name or name;
		if seen[full_name] then
			fail(start, "duplicate attribute");
		end
		seen[full_name] = true;
		value = resolve_references(s_gsub(value, "[\t\n]", " "), value_start);
		t_insert(attributes, { prefix = prefix, name = name, value = value, position = start });
		position = value_end;
	end
end

local function check_declaration(prefix, namespace, position)
	if prefix == "xmlns" or namespace == xmlns_xmlns then
		fail(position, "reserved prefix (xmlns) must not be declared or undeclared");
	elseif (prefix == "xml") ~= (namespace == xmlns_xml) then
		fail(position, "prefix (xml) and its namespace name must not be bound to others");
	elseif prefix and namespace == "" then
		fail(position, "must not undeclare prefix");
	end
end

-- The namespaces in scope: by prefix, and under false the default one.
local function declare_namespaces(attributes, outer)
	local scope;
	for _, attribute in ipairs(attributes) do
		local is_default = not attribute.prefix and attribute.name == "xmlns";
		if is_default or attribute.prefix == "xmlns" then
			local prefix = not is_default and attribute.name or nil;
			check_declaration(prefix, attribute.value, attribute.position);
			if not scope then
				scope = {};
				for known_prefix, namespace in pairs(outer) do
					scope[known_prefix] = namespace;
				end
			end
			scope[prefix or false] = attribute.value;
			attribute.is_declaration = true;
		end
	end
	return scope or outer;
end

local function resolve_prefix(prefix, scope, position)
	if prefix == "xml" then
		return xmlns_xml;
	end
	return scope[prefix] or fail(position, "unbound prefix");
end

local function attribute_key(attribute, scope)
	local prefix, name = attribute.prefix, attribute.name;
	if not prefix then
		return name;
	end
	local namespace = resolve_prefix(prefix, scope, attribute.position);
	if namespace == xmlns_xml then
		return "xml:"..name;
	elseif s_find(namespace, "[<>& '\"]") then
		fail(attribute.position, "namespace name that no attribute of a stanza can have");
	end
	return namespace.."\1"..name;
end

local function resolve_attributes(attributes, scope)
	local attr = {};
	for _, attribute in ipairs(attributes) do
		if not attribute.is_declaration then
			local key = attribute_key(attribute, scope);
			if attr[key] then
				fail(attribute.position, "duplicate attribute");
			end
			attr[key] = attribute.value;
		end
	end
	return attr;
end

local function declared_prefixes(scope)
	local prefixes = {};
	for prefix, namespace in pairs(scope) do
		if prefix then
			prefixes[prefix] = namespace;
		end
	end
	return prefixes;
end

-- Documents. A document is { text, root, open (the elements that are open), texts (pieces not added yet) }; root is
-- an element around the document's own.

local function flush_text(document)
	document.root:text(t_concat(document.texts));
	document.texts = {};
end

local function add_text(document, text, position)
	if #document.open > 0 then
		t_insert(document.texts, text);
	elseif s_find(text, "[^ \t\n]") then
		fail(position, document.root.tags[1] and "junk after document element" or "syntax error");
	end
end

local function open_element(document, position)
	if #document.open == 0 and document.root.tags[1] then
		fail(position, "junk after document element");
	end
	flush_text(document);
	local parent = document.open[#document.open];
	local prefix, name, after_name = read_name(document.text, position + 1);
	local attributes, last = read_attributes(document.text, after_name);
	local scope = declare_namespaces(attributes, parent and parent.scope or {});
	local namespace;
	if prefix then
		namespace = resolve_prefix(prefix, scope, position);
	elseif scope[false] ~= "" then
		namespace = scope[false];
	end
	local attr = resolve_attributes(attributes, scope);
	attr.xmlns = namespace;
	document.root:tag(name, attr, declared_prefixes(scope));
	if s_find(document.text, "^/", last) then
		document.root:up();
		return last + 2;
	end
	t_insert(document.open, { name = s_sub(document.text, position + 1, after_name - 1), scope = scope });
	return last + 1;
end

local function close_element(document, position)
	local name, next_position = s_match(document.text, "^</([^%s>]*)[ \t\n]*>()", position);
	local element = document.open[#document.open];
	if not name then
		fail(position, invalid_token);
	elseif not element or element.name ~= name then
		fail(position, "mismatched tag");
	end
	flush_text(document);
	document.root:up();
	t_remove(document.open);
	return next_position;
end

local function skip_comment(document, position, options)
	if not options.allow_comments then
		fail(position, "parsing aborted: comments are not allowed");
	end
	local comment, next_position = read_until(document.text, position + 4, "--");
	if s_sub(document.text, next_position, next_position) ~= ">" then
		fail(position + 4 + #comment, invalid_token);
	end
	return next_position + 1;
end

local function skip_instruction(document, position, options)
	local prefix, target, after_target = read_name(document.text, position + 2);
	if prefix or s_lower(target) == "xml" then
		fail(position, prefix and invalid_token or "XML or text declaration not at start of entity");
	elseif not options.allow_processing_instructions then
		fail(position, "parsing aborted: processing instructions are not allowed");
	elseif not s_find(document.text, "^[ \t\n]", after_target) and not s_find(document.text, "^%?>", after_target) then
		fail(after_target, invalid_token);
	end
	local _, next_position = read_until(document.text, after_target, "?>");
	return next_position;
end

local function read_cdata(document, position)
	if #document.open == 0 then
		fail(position, "syntax error");
	end
	local text, next_position = read_until(document.text, position + 9, "]]>");
	add_text(document, text, position);
	return next_position;
end

local function read_text(document, position)
	local last = (s_find(document.text, "<", position, true) or #document.text + 1) - 1;
	local text = s_sub(document.text, position, last);
	if s_find(text, "]]>", 1, true) then
		fail(position, invalid_token);
	end
	add_text(document, #document.open > 0 and resolve_references(text, position) or text, position);
	return last + 1;
end

-- `<?xml version="1.0" encoding="…" standalone="…"?>`, in this order. Returns where it ends.
local function read_declaration(text)
	if not s_find(text, "^<%?xml[ \t\n]") then
		return 1;
	end
	local position = 6;
	local function pseudo_attribute(name, pattern)
		local quote, value_start = s_match(text, "^[ \t\n]+"..name.."[ \t\n]*=[ \t\n]*(['\"])()", position);
		if not quote then
			return nil;
		end
		local value, value_end = read_until(text, value_start, quote);
		if not s_find(value, pattern) then
			fail(value_start, "XML declaration not well-formed");
		end
		position = value_end;
		return value;
	end
	local version = pseudo_attribute("version", "^1%.%d+$");
	local encoding = pseudo_attribute("encoding", "^%a[%w._-]*$");
	pseudo_attribute("standalone", "^[yn][eo]s?$");
	local next_position = s_match(text, "^[ \t\n]*%?>()", position);
	if not version or not next_position then
		fail(position, "XML declaration not well-formed");
	end
	encoding = s_lower(encoding or "utf-8");
	if encoding ~= "utf-8" and encoding ~= "us-ascii" then
		fail(position, "unknown encoding");
	end
	return next_position;
end

local function check_characters(text)
	local position = s_find(text, "[\0-\8\11\12\14-\31]") or s_find(text, "\239\191[\190\191]");
	if position or not valid_utf8(text) then
		fail(position or 1, invalid_token);
	end
end

local function read_document(text, options)
	check_characters(text);
	local document = { text = text, root = st.stanza("root"), open = {}, texts = {} };
	local position = read_declaration(text);
	while position <= #text do
		if not s_find(text, "^<", position) then
			position = read_text(document, position);
		elseif s_find(text, "^</", position) then
			position = close_element(document, position);
		elseif s_find(text, "^<!%-%-", position) then
			position = skip_comment(document, position, options);
		elseif s_find(text, "^<!%[CDATA%[", position) then
			position = read_cdata(document, position);
		elseif s_find(text, "^<!DOCTYPE", position) then
			-- Entities declared there could make a short document expand without end.
			fail(position, "parsing aborted: document type declarations are not allowed");
		elseif s_find(text, "^<%?", position) then
			position = skip_instruction(document, position, options);
		else
			position = open_element(document, position);
		end
	end
	if #document.open > 0 or not document.root.tags[1] then
		fail(#text + 1, "no element found");
	end
	return document.root.tags[1];
end

local function line_and_column(text, position)
	local line, line_start = 1, 1;
	for newline in s_gmatch(s_sub(text, 1, position - 1), "\n()") do
		line, line_start = line + 1, newline;
	end
	return line, position - line_start + 1;
end

--- The document's element as a stanza; nil and what is wrong where, if it is not well-formed or has what is refused.
-- Attributes of a namespace are named `namespace\1name`, those of XML's own `xml:name`.
-- @param options `allow_comments`, `allow_processing_instructions`: pass over these instead of refusing them
local function parse(text, options)
	text = s_gsub(s_gsub(text, "^\239\187\191", ""), "\r\n?", "\n");
	local ok, result = pcall(read_document, text, options or {});
	if ok then
		return result;
	elseif type(result) ~= "table" or not result.what then
		error(result, 0);
	end
	return nil, ("%s (line %d, col %d)"):format(result.what, line_and_column(text, result.position));
end

return { parse = parse };
