require "boot";
local clock = require "bridge.machine".clock;
local statsmanager = require "core.statsmanager";

-- Prosody's own keeps no metrics unless it is told to.
describe("core.statsmanager #ours", function ()
	local function only_metric(family_key)
		local _, metric = next(statsmanager.get_metric_registry()[family_key].metrics);
		return metric;
	end

	it("keeps a metric for each combination of labels", function ()
		local family = statsmanager.metric("counter", "spec/labels", "", "A description", { "host", "reason" });
		family:with_labels("a", "x"):add(1);
		family:with_labels("a", "y"):add(2);
		family:with_labels("a", "x"):add(3);
		assert.equal(4, family:with_labels("a", "x").value);
		assert.equal(2, family:with_labels("a", "y").value);
		assert.equal(0, family:with_labels("__proto__", "").value);
	end);

	it("gives one family for one name", function ()
		local family = statsmanager.metric("gauge", "spec/one");
		assert.equal(family, statsmanager.metric("gauge", "spec/one"));
		assert.not_equal(family, statsmanager.metric("counter", "spec/one"));
	end);

	it("wants as many labels as there are", function ()
		local family = statsmanager.metric("counter", "spec/count", "", "", { "host" });
		for _, labels in ipairs { {}, { "a", "b" } } do
			assert.has_error(function () family:with_labels(table.unpack(labels)); end,
				"number of labels must match number of label keys");
		end
	end);

	it("fills in the first labels", function ()
		local family = statsmanager.metric("counter", "spec/partial", "", "", { "host", "reason" });
		family:with_partial_label("a"):with_labels("x"):add(1);
		assert.equal(1, family:with_labels("a", "x").value);
	end);

	it("measures amounts, counts and rates", function ()
		statsmanager.measure("amount", "spec_amount")(5);
		assert.equal(5, only_metric("gauge/prosody_spec_amount").value);
		local count = statsmanager.measure("counter", "spec_counter");
		count(2);
		count(-1);
		assert.equal(1, only_metric("counter/prosody_spec_counter").value);
		statsmanager.measure("rate", "spec_rate")();
		assert.equal(1, only_metric("counter/prosody_spec_rate").value);
	end);

	it("measures times on the clock", function ()
		local stop = statsmanager.measure("times", "spec_times")();
		clock.advance(5);
		stop();
		local metric = only_metric("histogram/prosody_spec_times");
		assert.near(5, metric._sum, 0.5);
		assert.equal(1, metric._count);
		for _, bucket in ipairs(metric) do
			assert.equal(bucket.threshold >= 5 and 1 or 0, bucket.count);
		end
	end);

	it("knows no other types", function ()
		assert.has_error(function () statsmanager.measure("weight", "spec"); end, "unknown legacy metric type weight");
		assert.has_error(function () statsmanager.metric("weight", "spec"); end, "unknown metric family type: weight");
	end);
end);
