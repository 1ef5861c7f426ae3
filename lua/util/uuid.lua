--- UUIDs (RFC 9562).

local hex_encode = require "util.hex".encode;
local random = require "util.random";
local time = require "util.time";

local m_ceil, m_floor = math.ceil, math.floor;

--- That many random hexadecimal digits.
local function get_nibbles(count)
	return hex_encode(random.bytes(m_ceil(count / 2))):sub(1, count);
end

-- The digit with the variant bits 10 in it, and the three after it.
local function variant_group()
	return ("%x"):format(random.bytes(1):byte() % 4 + 8)..get_nibbles(3);
end

--- Version 4: random.
local function v4()
	return get_nibbles(8).."-"..get_nibbles(4).."-4"..get_nibbles(3).."-"..variant_group().."-"..get_nibbles(12);
end

-- Of the last version 7: seconds, and 2^-24ths of a second.
local last_second, last_tick = 0, 0;
local ticks_per_second = 0x1000000;

--- Version 7: sorts by the time it was made at. Two of the same instant are told apart, and stay in order, by a count.
local function v7()
	local now = time.now();
	local second, tick = m_floor(now), m_floor(now % 1 * ticks_per_second);
	if second < last_second or second == last_second and tick <= last_tick then
		second, tick = last_second, last_tick + 1;
		if tick == ticks_per_second then
			second, tick = second + 1, 0;
		end
	end
	last_second, last_tick = second, tick;
	return ("%08x-%x%03x-7%03x-%s-%s"):format(
		m_floor(second / 16), second % 16, m_floor(tick / 0x1000), tick % 0x1000, variant_group(), get_nibbles(12)
	);
end

return {
	generate = v4;
	v4 = v4;
	v7 = v7;
	get_nibbles = get_nibbles;
	seed = random.seed;
};
