--- One Unicode code point as UTF-8, for Lua versions with and without the utf8 library. Not a library of Prosody's.

local s_byte, s_char = string.byte, string.char;
local m_floor = math.floor;

--- The code point as one to four bytes.
local function encode(code)
	if code < 0x80 then
		return s_char(code);
	elseif code < 0x800 then
		return s_char(0xC0 + m_floor(code / 0x40), 0x80 + code % 0x40);
	end
	local last_two = s_char(0x80 + m_floor(code / 0x40) % 0x40, 0x80 + code % 0x40);
	if code < 0x10000 then
		return s_char(0xE0 + m_floor(code / 0x1000))..last_two;
	end
	return s_char(0xF0 + m_floor(code / 0x40000), 0x80 + m_floor(code / 0x1000) % 0x40)..last_two;
end

--- The code point of a character, which must be valid UTF-8.
local function decode(character)
	local first, second, third, fourth = s_byte(character, 1, 4);
	if fourth then
		return (first - 0xF0) * 0x40000 + (second - 0x80) * 0x1000 + (third - 0x80) * 0x40 + fourth - 0x80;
	elseif third then
		return (first - 0xE0) * 0x1000 + (second - 0x80) * 0x40 + third - 0x80;
	elseif second then
		return (first - 0xC0) * 0x40 + second - 0x80;
	end
	return first;
end

return {
	encode = encode;
	decode = decode;
};
