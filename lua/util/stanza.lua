--- XML elements the way XMPP uses them: built, searched, copied and serialised (RFC 6120).
-- A stanza is a table: `name`, `attr`, its children (text and elements) as a list, and `tags`, the list of the
-- elements among them. An attribute of a foreign namespace is named `namespace\1name`.

local pretty_print = require "util.xmlcolours".pretty_print;
local valid_utf8 = require "util.encodings".utf8.valid;

local error, ipairs, pairs, tostring, type = error, ipairs, pairs, tostring, type;
local getmetatable, setmetatable = getmetatable, setmetatable;
local s_find, s_gsub, s_match, s_rep = string.find, string.gsub, string.match, string.rep;
local t_concat, t_insert, t_remove = table.concat, table.insert, table.remove;

local xmlns_stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";

-- XML 1.0 has no way to write these. \1 parts namespace and name in attribute names.
local controls = "[\0-\8\11\12\14-\31]";
local controls_but_separator = "[\0\2-\8\11\12\14-\31]";

local stanza_mt = { __name = "stanza" };
stanza_mt.__index = stanza_mt;

local function check_encoding(text, what, forbidden)
	if s_find(text, forbidden) then
		error("invalid "..what..": contains control characters");
	elseif not valid_utf8(text) then
		error("invalid "..what..": contains invalid utf8");
	end
end

local function check_name(name, what, forbidden)
	if type(name) ~= "string" then
		error("invalid "..what..": expected string, got "..type(name));
	elseif name == "" then
		error("invalid "..what..": empty string");
	elseif s_find(name, "[<>& '\"]") then
		error("invalid "..what..": contains invalid characters");
	end
	check_encoding(name, what, forbidden);
end

local function check_text(text, what)
	if type(text) ~= "string" then
		error("invalid "..what..": expected string, got "..type(text));
	end
	check_encoding(text, what, controls);
end

local function check_attributes(attr)
	if attr == nil then return; end
	if type(attr) ~= "table" then
		error("invalid attributes: expected table, got "..type(attr));
	end
	for name, value in pairs(attr) do
		check_name(name, "attribute name", controls_but_separator);
		check_text(value, "attribute value");
	end
end

--- A new element. Throws on names and values that XML cannot hold.
-- @param attr string by string; kept, not copied
-- @param namespaces the prefixes in scope, namespace by prefix (as a parser knows them)
local function stanza(name, attr, namespaces)
	check_name(name, "tag name", controls);
	check_attributes(attr);
	return setmetatable({ name = name, attr = attr or {}, namespaces = namespaces, tags = {} }, stanza_mt);
end

local function is_stanza(value)
	return getmetatable(value) == stanza_mt;
end

local function require_stanza(value, caller)
	if not is_stanza(value) then
		error("bad argument to "..caller..": expected stanza, got "..type(value));
	end
end

-- Building. `last_add` is the path of open elements below the top; the insertion point is in the last of them.

local function insertion_point(self)
	local path = self.last_add;
	return path and path[#path] or self;
end

--- Adds an element at the insertion point and moves the point into it.
function stanza_mt:tag(name, attr, namespaces)
	local child = stanza(name, attr, namespaces);
	insertion_point(self):add_direct_child(child);
	if not self.last_add then
		self.last_add = {};
	end
	t_insert(self.last_add, child);
	return self;
end

--- Adds text at the insertion point; nil and "" add nothing.
function stanza_mt:text(text)
	if text ~= nil and text ~= "" then
		insertion_point(self):add_direct_child(text);
	end
	return self;
end

--- Adds an element that holds just this text.
function stanza_mt:text_tag(name, text, attr, namespaces)
	return self:tag(name, attr, namespaces):text(text):up();
end

function stanza_mt:query(xmlns)
	return self:tag("query", { xmlns = xmlns });
end

function stanza_mt:body(text, attr)
	return self:text_tag("body", text, attr);
end

--- Moves the insertion point to the parent; at the top it stays.
function stanza_mt:up()
	if self.last_add then
		t_remove(self.last_add);
	end
	return self;
end

--- Moves the insertion point to the top.
function stanza_mt:reset()
	self.last_add = nil;
	return self;
end

function stanza_mt:at_top()
	return self.last_add == nil or #self.last_add == 0;
end

--- Adds text or an element at the insertion point.
function stanza_mt:add_child(child)
	insertion_point(self):add_direct_child(child);
	return self;
end

--- Adds text or an element directly below this one, wherever the insertion point is.
function stanza_mt:add_direct_child(child)
	if is_stanza(child) then
		t_insert(self.tags, child);
	else
		check_text(child, "text value");
	end
	t_insert(self, child);
end

--- Adds an `<error/>` (RFC 6120, 8.3) at the insertion point.
-- @param error_type the type, or an error as util.error makes it, which then has all the rest
-- @param by who reports the error; left out where it is the sender
function stanza_mt:add_error(error_type, condition, text, by)
	local extra = {};
	if type(error_type) == "table" then
		local report = error_type;
		error_type, condition, text = report.type, report.condition, report.text;
		if type(report.extra) == "table" then
			extra = report.extra;
		end
		if type(report.context) == "table" and type(report.context.by) == "string" then
			by = report.context.by;
		end
	end
	if by == self.attr.from then
		by = nil;
	end
	self:tag("error", { type = error_type, by = by });
	local gone_to = condition == "gone" and type(extra.uri) == "string" and extra.uri or nil;
	self:text_tag(condition, gone_to, { xmlns = xmlns_stanzas });
	if text then
		self:text_tag("text", text, { xmlns = xmlns_stanzas });
	end
	if is_stanza(extra.tag) then
		self:add_child(extra.tag);
	elseif extra.namespace and extra.condition then
		self:tag(extra.condition, { xmlns = extra.namespace }):up();
	end
	return self:up();
end

-- Searching. No namespace means the parent's own, which a child need not repeat.

local function is_match(parent, child, name, xmlns)
	local child_xmlns = child.attr.xmlns;
	return (not name or child.name == name)
		and (child_xmlns == xmlns or (not xmlns and child_xmlns == parent.attr.xmlns));
end

--- The first child element of that name (any, if nil) in that namespace (this element's, if nil).
function stanza_mt:get_child(name, xmlns)
	for _, child in ipairs(self.tags) do
		if is_match(self, child, name, xmlns) then
			return child;
		end
	end
	return nil;
end

function stanza_mt:get_child_text(name, xmlns)
	local child = self:get_child(name, xmlns);
	return child and child:get_text();
end

function stanza_mt:get_child_attr(name, xmlns, attr)
	local child = self:get_child(name, xmlns);
	return child and child.attr[attr];
end

--- The first child element whose attribute has that value.
-- @param normalize applied to the attribute before it is compared
function stanza_mt:get_child_with_attr(name, xmlns, attr_name, attr_value, normalize)
	for child in self:childtags(name, xmlns) do
		local value = child.attr[attr_name];
		if (normalize and normalize(value) or value) == attr_value then
			return child;
		end
	end
	return nil;
end

function stanza_mt:child_with_name(name)
	for _, child in ipairs(self.tags) do
		if child.name == name then return child; end
	end
	return nil;
end

function stanza_mt:child_with_ns(xmlns)
	for _, child in ipairs(self.tags) do
		if child.attr.xmlns == xmlns then return child; end
	end
	return nil;
end

--- Iterates over all children, text and elements.
function stanza_mt:children()
	local position = 0;
	return function (element)
		position = position + 1;
		return element[position];
	end, self;
end

--- Iterates over the child elements that get_child would match.
function stanza_mt:childtags(name, xmlns)
	local tags, position = self.tags, 0;
	local count = #tags;
	return function ()
		while position < count do
			position = position + 1;
			local child = tags[position];
			if is_match(self, child, name, xmlns) then
				return child;
			end
		end
		return nil;
	end;
end

--- The text in this element; nil if there are elements in it.
function stanza_mt:get_text()
	if #self.tags == 0 then
		return t_concat(self);
	end
	return nil;
end

-- `name`, `{namespace}name`, or `prefix:name` with a prefix of the element.
local function find_attribute(element, name)
	local namespace, local_name = s_match(name, "^{([^}]*)}(.*)$");
	if not namespace and element.namespaces then
		local prefix;
		prefix, local_name = s_match(name, "^([^:]+):(.*)$");
		namespace = prefix and element.namespaces[prefix];
	end
	return element.attr[namespace and namespace.."\1"..local_name or name];
end

--- Follows a path of `{namespace}name` steps parted by `/`.
-- It leads to an element, to its text if it ends with `#`, to an attribute if it ends with `@name`.
function stanza_mt:find(path)
	local element, position = self, 1;
	repeat
		local attribute = s_match(path, "^@(.*)$", position);
		if attribute then
			return find_attribute(element, attribute);
		end
		local xmlns, name_position = s_match(path, "^{([^}]+)}()", position);
		local name, separator, next_position = s_match(path, "^([^@/#]*)([/#]?)()", name_position or position);
		if name == "" then
			name = nil;
		end
		if next_position > #path and separator == "#" then
			return element:get_child_text(name, xmlns);
		end
		element, position = element:get_child(name, xmlns), next_position;
	until not element or position > #path;
	return element;
end

--- Type, condition, text and the application's own element of an error stanza; nothing if there is no `<error/>`.
function stanza_mt:get_error()
	local report = self:get_child("error");
	if not report then
		return nil, nil, nil, nil;
	end
	local condition, text, extra;
	for _, child in ipairs(report.tags) do
		if child.attr.xmlns ~= xmlns_stanzas then
			extra = child;
		elseif child.name == "text" and not text then
			text = child:get_text();
		elseif not condition then
			condition = child.name;
		end
		if condition and text and extra then break; end
	end
	return report.attr.type, condition or "undefined-condition", text, extra;
end

-- Changing.

--- Replaces each child element by what the callback returns; nil removes it. If the callback throws, nothing changes.
function stanza_mt:maptags(callback)
	local old_tags = self.tags;
	local child_count, tag_count = #self, #old_tags;
	local children, tags, seen = {}, {}, 0;
	for position = 1, child_count do
		local child = self[position];
		if seen < tag_count and child == old_tags[seen + 1] then
			seen = seen + 1;
			child = callback(child);
			if child ~= nil then
				t_insert(tags, child);
			end
		end
		if child ~= nil then
			t_insert(children, child);
		end
	end
	if seen < tag_count then
		error("Invalid stanza state: an element in tags is not among the children");
	end
	for position = 1, child_count do
		self[position] = children[position];
	end
	for position = 1, tag_count do
		old_tags[position] = tags[position];
	end
	return self;
end

--- Removes the child elements of that name (any, if nil) in that namespace (this element's, if nil).
function stanza_mt:remove_children(name, xmlns)
	xmlns = xmlns or self.attr.xmlns;
	return self:maptags(function (child)
		if (not name or child.name == name) and child.attr.xmlns == xmlns then
			return nil;
		end
		return child;
	end);
end

-- Copying. These recurse in Lua alone, so that depth is bounded by Lua's own stack and not by the C stack.

local function copy_table(original)
	local copy = {};
	for key, value in pairs(original) do
		copy[key] = value;
	end
	return copy;
end

local function copy_element(element, only_top)
	local copy = {
		name = element.name;
		attr = copy_table(element.attr);
		namespaces = element.namespaces and copy_table(element.namespaces);
		tags = {};
	};
	if not only_top then
		for position = 1, #element do
			local child = element[position];
			if type(child) == "table" then
				child = copy_element(child);
				t_insert(copy.tags, child);
			end
			copy[position] = child;
		end
	end
	return setmetatable(copy, stanza_mt);
end

--- A copy that shares nothing with the original; its insertion point is at the top.
-- @param only_top leaves the children out
local function clone(original, only_top)
	require_stanza(original, "clone");
	return copy_element(original, only_top);
end

--- The stanza as plain data (name, attr, children), as stores keep it. Attributes are shared, not copied.
local function preserialize(element)
	local data = { name = element.name, attr = element.attr };
	for position, child in ipairs(element) do
		data[position] = type(child) == "table" and preserialize(child) or child;
	end
	return data;
end

stanza_mt.__freeze = preserialize;

--- The reverse of preserialize; nil for nil. Throws on what no stanza can hold.
local function deserialize(data)
	if not data then return nil; end
	local attr = {};
	for name, value in pairs(data.attr) do
		if type(name) == "string" then
			-- Old data parts namespace and name by "|".
			if not s_find(name, "\1", 1, true) then
				name = s_gsub(name, "^([^|]+)|(.)", "%1\1%2");
			end
			attr[name] = value;
		end
	end
	local element = stanza(data.name, attr);
	for _, child in ipairs(data) do
		if type(child) == "table" then
			element:add_direct_child(deserialize(child));
		elseif type(child) == "string" then
			element:add_direct_child(child);
		end
	end
	return element;
end

-- Serialising.

local entities = { ["'"] = "&apos;", ["\""] = "&quot;", ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;" };

local function xml_escape(text)
	return (s_gsub(text, "['&<>\"]", entities));
end

-- Without the closing bracket.
local function opening_tag(element, parent_xmlns)
	local parts, prefixes = { "<"..element.name }, 0;
	for name, value in pairs(element.attr) do
		local namespace, local_name = s_match(name, "^([^\1]*)\1(.*)$");
		if namespace then
			prefixes = prefixes + 1;
			local prefix = "ns"..prefixes;
			t_insert(parts, " xmlns:"..prefix.."='"..xml_escape(namespace).."'");
			name = prefix..":"..local_name;
		end
		if name ~= "xmlns" or value ~= parent_xmlns then
			t_insert(parts, " "..name.."='"..xml_escape(value).."'");
		end
	end
	return t_concat(parts);
end

local function serialize(parts, element, parent_xmlns)
	t_insert(parts, opening_tag(element, parent_xmlns));
	local count = #element;
	if count == 0 then
		t_insert(parts, "/>");
		return;
	end
	t_insert(parts, ">");
	for position = 1, count do
		local child = element[position];
		if type(child) == "table" then
			serialize(parts, child, element.attr.xmlns);
		else
			t_insert(parts, xml_escape(child));
		end
	end
	t_insert(parts, "</"..element.name..">");
end

function stanza_mt:__tostring()
	local parts = {};
	serialize(parts, self);
	return t_concat(parts);
end

--- The opening tag alone, as text.
function stanza_mt:top_tag()
	return opening_tag(self)..">";
end

--- The stanza as text with colours, for a terminal.
function stanza_mt:pretty_print()
	return pretty_print(tostring(self));
end

function stanza_mt:pretty_top_tag()
	return pretty_print(self:top_tag());
end

--- A copy with each child on a line of its own; an element that holds nothing but text is left as it is.
-- @param level depth of the children (1)
-- @param indent what one level is indented with (a tab)
function stanza_mt:indent(level, indent)
	if #self == 0 or (#self == 1 and type(self[1]) == "string") then
		return self;
	end
	level, indent = level or 1, indent or "\t";
	local copy = clone(self, true);
	for child in self:children() do
		if is_stanza(child) then
			copy:text("\n"..s_rep(indent, level)):add_direct_child(child:indent(level + 1, indent));
		elseif s_find(child, "%S") then
			copy:text("\n"..s_rep(indent, level)):text(child);
		end
	end
	return copy:text("\n"..s_rep(indent, level - 1));
end

-- The three kinds of stanza, and answers to them.

local function message(attr, body)
	local result = stanza("message", attr);
	return body and result:body(body) or result;
end

local function presence(attr)
	return stanza("presence", attr);
end

--- Throws if `id` or `type` is missing.
local function iq(attr)
	if not attr then
		error("iq stanzas require id and type attributes");
	elseif not attr.id then
		error("iq stanzas require an id attribute");
	elseif not attr.type then
		error("iq stanzas require a type attribute");
	end
	return stanza("iq", attr);
end

--- An empty answer to the sender, with the same id.
local function reply(original)
	require_stanza(original, "reply");
	local attr = original.attr;
	return stanza(original.name, {
		to = attr.from;
		from = attr.to;
		id = attr.id;
		type = original.name == "iq" and "result" or attr.type;
	});
end

--- An error to the sender; parameters as for add_error. The insertion point is in the `<error/>`.
local function error_reply(original, error_type, condition, text, by)
	require_stanza(original, "error_reply");
	if original.attr.type == "error" then
		error("bad argument to error_reply: got stanza of type error which must not be replied to");
	end
	local result = reply(original);
	result.attr.type = "error";
	result:add_error(error_type, condition, text, by);
	result.last_add = { result.tags[1] };
	return result;
end

return {
	stanza_mt = stanza_mt;
	stanza = stanza;
	is_stanza = is_stanza;
	clone = clone;
	preserialize = preserialize;
	deserialize = deserialize;
	xml_escape = xml_escape;
	pretty_print = pretty_print;
	message = message;
	presence = presence;
	iq = iq;
	reply = reply;
	error_reply = error_reply;
};
