--- Encodings that HTTP uses (Prosody's util.http).

local function urlencode(text)
	return text and (text:gsub("[^%w.~_-]", function (character)
		return ("%%%02x"):format(character:byte());
	end));
end

local function urldecode(text)
	return text and (text:gsub("%%(%x%x)", function (code)
		return string.char(tonumber(code, 16));
	end));
end

local function formencode_part(text)
	return (urlencode(text):gsub("%%20", "+"));
end

--- Takes an ordered list of { name = …, value = … }, or a table of values by name.
local function formencode(form)
	local fields = {};
	local function add(name, value)
		table.insert(fields, formencode_part(name).."="..formencode_part(value));
	end
	if form[1] then
		for _, field in ipairs(form) do add(field.name, field.value); end
	else
		for name, value in pairs(form) do add(name, value); end
	end
	return table.concat(fields, "&");
end

local function formdecode_part(text)
	return urldecode((text:gsub("%+", " ")));
end

--- The fields in order as { name = …, value = … }, and each value by name; plain text if there is no field in it.
local function formdecode(text)
	if not text:find("=", 1, true) then return urldecode(text); end
	local form = {};
	for name, value in text:gmatch("([^=&]*)=([^&]*)") do
		name, value = formdecode_part(name), formdecode_part(value);
		table.insert(form, { name = name, value = value });
		form[name] = value;
	end
	return form;
end

--- Whether a comma-separated header field has this token, in any case.
local function contains_token(field, token)
	local tokens = ","..field:gsub("[ \t]", ""):lower()..",";
	return tokens:find(","..token:lower()..",", 1, true) ~= nil;
end

--- A path that starts with a slash and, if it is a directory's, ends with one.
local function normalize_path(path, is_dir)
	if is_dir then
		if path:sub(-1) ~= "/" then path = path.."/"; end
	else
		path = path:gsub("/$", "");
	end
	if path:sub(1, 1) ~= "/" then path = "/"..path; end
	return path;
end

--- The header field Forwarded (RFC 7239) as a list of tables, one for each proxy; false if it cannot be read.
local function parse_forwarded(field)
	if type(field) ~= "string" then return nil; end
	local proxies, proxy = {}, {};
	for name, quote, value, delimiter in field:gmatch('(%w+)%s*=%s*("?)([^,;"]+)%2%s*(.?)') do
		proxy[name:lower()] = quote == "" and value or value:gsub("\\(.)", "%1");
		if delimiter == "" or delimiter == "," then
			table.insert(proxies, proxy);
			proxy = {};
		elseif delimiter ~= ";" then
			return false;
		end
		if delimiter == "" then break; end
	end
	return proxies;
end

return {
	urlencode = urlencode;
	urldecode = urldecode;
	formencode = formencode;
	formdecode = formdecode;
	contains_token = contains_token;
	normalize_path = normalize_path;
	parse_forwarded = parse_forwarded;
};
