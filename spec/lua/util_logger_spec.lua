local logger = require "util.logger";

describe("util.logger", function ()
	local logged;
	before_each(function ()
		logged = {};
		logger.reset();
		logger.add_simple_sink(function (source, level, message)
			table.insert(logged, source.." "..level.." "..message);
		end);
	end);
	teardown(logger.reset);

	it("passes on source, level and the formatted message", function ()
		logger.init("mod_x")("warn", "%s is %d", "it", 5);
		assert.same({ "mod_x warn it is 5" }, logged);
	end);

	it("knows four levels", function ()
		local log = logger.init("x");
		for _, level in ipairs { "debug", "info", "warn", "error" } do log(level, "y"); end
		assert.same({ "x debug y", "x info y", "x warn y", "x error y" }, logged);
	end);

	it("makes loggers of one level", function ()
		logger.make_logger("x", "info")("message %s", "z");
		assert.same({ "x info message z" }, logged);
	end);

	it("lets nobody forge a line", function ()
		logger.init("x")("info", "user %s", "a\nx error forged");
		assert.same({ "x info user a\n\tx error forged" }, logged);
	end);

	it("tells sinks of some levels only those", function ()
		logger.reset();
		local errors = spy.new(function () end);
		logger.add_simple_sink(errors, { "error" });
		local log = logger.init("x");
		log("info", "fine");
		log("error", "not fine");
		assert.spy(errors).was_called(1);
		assert.spy(errors).was_called_with("x", "error", "not fine");
	end);

	it("gives level sinks the message as it was written", function ()
		local sink = spy.new(function () end);
		logger.add_level_sink("info", sink);
		logger.init("x")("info", "%d of %d", 1, 2);
		assert.spy(sink).was_called_with("x", "info", "%d of %d", 1, 2);
	end);

	it("reaches sinks that come later", function ()
		logger.reset();
		local log, sink = logger.init("x"), spy.new(function () end);
		logger.add_simple_sink(sink);
		log("info", "later");
		assert.spy(sink).was_called(1);
	end);

	it("ignores levels that there are none of #ours", function ()
		assert.has_no_error(function () logger.init("x")("fatal", "message"); end);
		assert.same({}, logged);
	end);
end);
