local human_io = require "util.human.io";

describe("util.human.io", function ()
	describe("padding", function ()
		it("fills a width up from either side", function ()
			assert.equal("ab   ", human_io.padright("ab", 5));
			assert.equal("   ab", human_io.padleft("ab", 5));
			assert.equal("ab", human_io.padleft("ab", 1));
		end);

		it("counts characters, not bytes", function ()
			assert.equal("é€😀 ", human_io.padright("é€😀", 4));
		end);
	end);

	describe("ellipsis", function ()
		it("leaves alone what fits", function ()
			assert.equal("abc", human_io.ellipsis("abc", 3));
			assert.equal("é€😀", human_io.ellipsis("é€😀", 3));
			assert.equal("", human_io.ellipsis("", 1));
		end);

		it("cuts off whole characters", function ()
			assert.equal("abcd…", human_io.ellipsis("abcdef", 5));
			assert.equal("é…", human_io.ellipsis("é€😀", 2));
			assert.equal("…", human_io.ellipsis("abc", 1));
		end);
	end);

	describe("table", function ()
		local rows = {
			{ "juliet", 12 }, { "a name that is long", nil }, { "é", 5 },
		};

		it("makes lines of rows, and of titles", function ()
			local line = human_io.table({
				{ title = "Name", width = 8 }, { title = "Count", width = 6, align = "right" },
			}, 40);
			assert.equal("Name     |  Count", line());
			assert.equal("juliet   |     12", line(rows[1]));
			assert.equal("a name … |       ", line(rows[2]));
			assert.equal("é        |      5", line(rows[3]));
		end);

		it("shares what is left over", function ()
			local line = human_io.table({ { width = 5 }, { width = "50%" }, { width = "50%" } }, 31);
			assert.equal("a     | b          | c         ", line { "a", "b", "c" });
		end);

		it("takes values by key, and maps them", function ()
			local function mapper(value, row)
				return value and row.user == "x" and "yes" or "no";
			end
			local line = human_io.table({
				{ key = "user", width = 6 },
				{ key = "online", width = 3, mapper = mapper },
			}, 40);
			assert.equal("x      | yes", line { user = "x", online = true });
			assert.equal("y      | no ", line { user = "y" });
		end);
	end);

	-- Durations came with Prosody 13.0.
	describe("parse_duration #ours", function ()
		for text, seconds in pairs {
			["0s"] = 0, ["1s"] = 1, ["90 seconds"] = 90, ["5min"] = 300, ["2 minutes"] = 120, ["3h"] = 10800, ["1 hour"] = 3600,
			["2 days"] = 172800, ["1 Week"] = 604800, ["1 month"] = 2678400, ["1 year"] = 31556952,
		} do
			it("reads "..text, function ()
				assert.equal(seconds, human_io.parse_duration(text));
			end);
		end

		for _, text in ipairs { "", "soon", "5", "1 m", "1 mo", "1 mi", "day", "5 parsecs" } do
			it(("does not read %q"):format(text), function ()
				assert.is_nil(human_io.parse_duration(text));
			end);
		end
	end);

	describe("parse_duration_lax #ours", function ()
		for text, seconds in pairs { ["5"] = 5, ["1 m"] = 2678400, ["1 mi"] = 60, ["2 days"] = 172800 } do
			it("reads "..text, function ()
				assert.equal(seconds, human_io.parse_duration_lax(text));
			end);
		end

		it("reads nothing without a number", function ()
			assert.falsy(human_io.parse_duration_lax("soon"));
		end);
	end);
end);
