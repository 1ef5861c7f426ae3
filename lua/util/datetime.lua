--- Dates and times as text (XEP-0082). Times are seconds since the epoch; nil is now.
-- The calendar is computed here, so that nothing depends on the time zone of the machine or the size of integers.

local os, tonumber = os, tonumber;
local m_floor = math.floor;
local to_integer = math.tointeger or function () return nil; end;

-- Days from the epoch to a day of the Gregorian calendar; a month beyond 12 runs on into the next year.
-- The year is taken to start in March, which puts the leap day at its end.
local function days_from_date(year, month, day)
	local months = year * 12.0 + month - 3;
	year = m_floor(months / 12);
	month = months % 12;
	local leap_days = m_floor(year / 4) - m_floor(year / 100) + m_floor(year / 400);
	return year * 365 + leap_days + m_floor((month * 153 + 2) / 5) + day - 719469;
end

-- The reverse.
local function date_from_days(days)
	days = days + 719468;
	local era = m_floor(days / 146097);
	local day_of_era = days % 146097;
	local year = m_floor((day_of_era - m_floor(day_of_era / 1460) + m_floor(day_of_era / 36524)
		- m_floor(day_of_era / 146096)) / 365);
	local day_of_year = day_of_era - (year * 365 + m_floor(year / 4) - m_floor(year / 100));
	local month = m_floor((day_of_year * 5 + 2) / 153);
	local day = day_of_year - m_floor((month * 153 + 2) / 5) + 1;
	local months = (era * 400 + year) * 12 + month + 2;
	return m_floor(months / 12), months % 12 + 1, day;
end

local function date_text(time, separator)
	local year, month, day = date_from_days(m_floor(time / 86400));
	return ("%04d%s%02d%s%02d"):format(year, separator, month, separator, day);
end

local function time_text(time)
	local second = m_floor(time) % 86400;
	return ("%02d:%02d:%02d"):format(m_floor(second / 3600), m_floor(second / 60) % 60, second % 60);
end

-- Microseconds, only where there is a fraction.
local function fraction_text(time)
	local fraction = time % 1;
	return fraction == 0 and "" or (".%06d"):format(m_floor(fraction * 1000000));
end

--- `2006-01-02`
local function date(time)
	return date_text(time or os.time(), "-");
end

--- `22:04:05`, with a fraction if there is one.
local function time_of_day(time)
	time = time or os.time();
	return time_text(time)..fraction_text(time);
end

--- `2006-01-02T22:04:05Z`, with a fraction if there is one.
local function datetime(time)
	time = time or os.time();
	return date_text(time, "-").."T"..time_text(time)..fraction_text(time).."Z";
end

--- `20060102T22:04:05`, the format of XEP-0091.
local function legacy(time)
	time = time or os.time();
	return date_text(time, "").."T"..time_text(time);
end

-- `Z`, nothing, or an offset in hours and maybe minutes.
local function parse_zone(zone)
	if zone == "" or zone == "Z" then
		return 0;
	end
	local sign, hours, minutes = zone:match("([+-])(%d%d):?(%d*)");
	if not sign then
		return nil;
	end
	local offset = tonumber(hours) * 3600 + (#minutes == 2 and tonumber(minutes) * 60 or 0);
	return sign == "-" and -offset or offset;
end

--- Seconds since the epoch, of either format above; nil if it is neither.
local function parse(text)
	if not text then return nil; end
	local year, month, day, hour, minute, second, zone =
		text:match("^(%d%d%d%d)%-?(%d%d)%-?(%d%d)T(%d%d):(%d%d):(%d%d%.?%d*)([Z+-]?.*)$");
	local offset = zone and parse_zone(zone);
	if not offset then
		return nil;
	end
	local days = days_from_date(tonumber(year), tonumber(month), tonumber(day));
	local time = days * 86400.0 + tonumber(hour) * 3600 + tonumber(minute) * 60 + tonumber(second) - offset;
	return to_integer(time) or time;
end

return {
	date = date;
	time = time_of_day;
	datetime = datetime;
	legacy = legacy;
	parse = parse;
};
