--- Hexadecimal text.

local s_gsub, s_lower = string.gsub, string.lower;

local hex_by_byte, byte_by_hex = {}, {};
for code = 0, 255 do
	local byte, hex = string.char(code), ("%02x"):format(code);
	hex_by_byte[byte], byte_by_hex[hex] = hex, byte;
end

--- Lower case.
local function encode(bytes)
	return (s_gsub(bytes, ".", hex_by_byte));
end

--- Either case; what is no digit is skipped between the pairs.
local function decode(text)
	return (s_gsub(s_lower(text), "%X*(%x%x)%X*", byte_by_hex));
end

return {
	encode = encode;
	decode = decode;
	-- Their names before 0.12.
	to = encode;
	from = decode;
};
