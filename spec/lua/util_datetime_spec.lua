local datetime = require "util.datetime";

-- 2006-01-02 22:04:05 UTC
local time = 1136239445;

describe("util.datetime", function ()
	it("writes dates and times", function ()
		assert.equal("2006-01-02", datetime.date(time));
		assert.equal("22:04:05", datetime.time(time));
		assert.equal("2006-01-02T22:04:05Z", datetime.datetime(time));
		assert.equal("20060102T22:04:05", datetime.legacy(time));
	end);

	it("writes the start of the epoch", function ()
		assert.equal("1970-01-01T00:00:00Z", datetime.datetime(0));
	end);

	it("writes now where it gets no time", function ()
		assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$", datetime.datetime());
		assert.matches("^%d%d%d%d%-%d%d%-%d%d$", datetime.date());
	end);

	it("writes fractions of a second #ours", function ()
		assert.equal("2006-01-02T22:04:05.500000Z", datetime.datetime(time + 0.5));
		assert.equal("22:04:05.250000", datetime.time(time + 0.25));
	end);

	it("keeps the fraction out of the legacy format #ours", function ()
		assert.equal("20060102T22:04:05", datetime.legacy(time + 0.5));
	end);

	describe("parse", function ()
		for text, expected in pairs {
			["2006-01-02T22:04:05Z"] = time;
			["20060102T22:04:05"] = time;
			["2006-01-02T23:04:05+01:00"] = time;
			["2006-01-02T20:34:05-01:30"] = time;
			["2006-01-02T22:04:05-00:00"] = time;
			["2000-02-29T00:00:00Z"] = 951782400;
			["1970-01-01T00:00:00Z"] = 0;
			["2038-01-19T03:14:08Z"] = 2^31;
		} do
			it("reads "..text, function ()
				assert.equal(expected, datetime.parse(text));
			end);
		end

		it("reads fractions of a second #ours", function ()
			assert.equal(time + 0.25, datetime.parse("2006-01-02T22:04:05.25Z"));
		end);

		for _, text in ipairs {
			"", "now", "2006-01-02", "22:04:05", "2006-1-2T22:04:05Z", "2006-01-02 22:04:05Z", "2006-01-02T22:04Z",
		} do
			it(("does not read %q"):format(text), function ()
				assert.is_nil(datetime.parse(text));
			end);
		end

		it("gives nil for nil", function ()
			assert.is_nil(datetime.parse(nil));
		end);

		it("reads a zone of hours alone", function ()
			assert.equal(time, datetime.parse("2006-01-02T23:04:05+01"));
		end);

		it("reads back what datetime wrote, in leap years and beyond 32 bits", function ()
			for _, t in ipairs { 951868799, 951868800, 1709164800, 4102444800, 4107542399, 13574563200, 253402300799 } do
				assert.equal(t, datetime.parse(datetime.datetime(t)));
			end
		end);
	end);
end);
