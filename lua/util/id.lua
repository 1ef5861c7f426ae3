--- Random identifiers in the alphabet of URL-safe base64.

local base64_encode = require "util.encodings".base64.encode;
local random_bytes = require "util.random".bytes;

local url_safe = { ["+"] = "-", ["/"] = "_", ["="] = "" };

--- A function that makes identifiers of that many random bytes.
local function custom(size)
	return function ()
		return (base64_encode(random_bytes(size)):gsub("[+/=]", url_safe));
	end;
end

return {
	--- 4 characters: for what lives shortly, where a collision does little harm.
	tiny = custom(3);
	--- 12 characters, 72 bits: unique for a user or a host.
	short = custom(9);
	--- 24 characters, 144 bits, more than a UUID: unique anywhere.
	medium = custom(18);
	--- 36 characters, 216 bits.
	long = custom(27);
	custom = custom;
};
