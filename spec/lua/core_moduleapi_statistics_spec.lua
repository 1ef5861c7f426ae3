local server = require "boot";

describe("core.moduleapi.statistics", function ()
	local module;
	before_each(function ()
		server.load("example", function (given) module = given; end);
	end);
	after_each(function ()
		server.unload("example");
	end);

	it("takes measurements of every type", function ()
		module:measure("spec_amount", "amount")(5);
		module:measure("spec_counter", "counter")(1);
		module:measure("spec_rate", "rate")();
		module:measure("spec_sizes", "sizes")(1024);
		module:measure("spec_distribution", "distribution")(1.5);
		local stop = module:measure("spec_times", "times")();
		assert.is_function(stop);
		stop();
	end);

	it("takes no measurements of other types #ours", function ()
		assert.has_error(function () module:measure("spec_other", "other"); end);
	end);

	it("names what it measures", function ()
		module:measure("spec_amount", "amount");
		local items = module:get_host_items("measure");
		assert.equal("spec_amount", items[1].name);
		assert.equal("amount", items[1].type);
	end);

	it("has families of metrics, with labels", function ()
		local family = module:metric("counter", "spec_pushes", "", "Pushes", { "reason" });
		assert.has_no_error(function ()
			family:with_labels("new"):add(1);
			family:with_labels("__proto__"):add(2);
		end);
		assert.equal("spec_pushes", module:get_host_items("metric")[1].name);
	end);

	it("has a family of the host's for each name", function ()
		assert.has_no_error(function ()
			module:metric("gauge", "spec_waiting", "", "Waiting", {}):with_labels():set(3);
		end);
	end);

	it("serves modules of all hosts too", function ()
		local global = module:context("*");
		assert.has_no_error(function ()
			global:measure("spec_global_amount", "amount")(1);
			global:metric("gauge", "spec_global", "", "Global", { "kind" }):with_labels("x"):set(1);
		end);
	end);

	it("keeps values that can be read #ours", function ()
		local counter = module:metric("counter", "spec_read", "", "Read", { "reason" }):with_labels("new");
		counter:add(2);
		counter:add(3);
		assert.equal(5, counter.value);
	end);
end);
