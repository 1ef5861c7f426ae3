--- Durations as people write them (the part of Prosody 13.0's util.human.io that options need).

local second, hour, day = 1, 3600, 86400;
local units = {
	s = second;
	min = 60;
	h = hour;
	ho = hour;
	d = day;
	w = 7 * day;
	mon = 31 * day;
	y = 365.2425 * day;
};

-- What is ambiguous in the strict form.
local lax_units = { m = units.mon, mo = units.mon, mi = units.min };

--- Seconds of text such as "2 days"; nil if it is none.
local function parse_duration(text)
	local number, unit = text:lower():match("(%d+)%s*([smhdwy]?[io]?n?)");
	return number and units[unit] and tonumber(number) * units[unit];
end

--- Seconds also of "1 m" (a month) and of a bare number.
local function parse_duration_lax(text)
	local number, unit = text:lower():match("(%d+)%s*([smhdwy]?[io]?)");
	return number and tonumber(number) * (units[unit] or lax_units[unit] or second);
end

return {
	parse_duration = parse_duration;
	parse_duration_lax = parse_duration_lax;
};
