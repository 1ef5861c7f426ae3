local promise = require "util.promise";

describe("util.promise", function ()
	-- What became of a promise: "value …", "reason …" or nil.
	local function outcome(p)
		local result;
		p:next(function (value) result = "value "..tostring(value); end,
			function (reason) result = "reason "..tostring(reason); end);
		return result;
	end

	-- A promise and the functions that decide it.
	local function deferred()
		local resolve, reject;
		local p = promise.new(function (...) resolve, reject = ...; end);
		return p, resolve, reject;
	end

	it("is pending, then settled for ever", function ()
		local p, resolve, reject = deferred();
		assert.equal("promise (pending)", tostring(p));
		assert.is_nil(outcome(p));
		resolve("first");
		resolve("second");
		reject("third");
		assert.equal("promise (fulfilled)", tostring(p));
		assert.equal("value first", outcome(p));
	end);

	it("is rejected with a reason", function ()
		local p, _, reject = deferred();
		reject("why");
		assert.equal("promise (rejected)", tostring(p));
		assert.equal("reason why", outcome(p));
	end);

	it("tells all who wait, in the order they came", function ()
		local p, resolve = deferred();
		local told = {};
		for i = 1, 3 do p:next(function (value) table.insert(told, value..i); end); end
		assert.same({}, told);
		resolve("x");
		assert.same({ "x1", "x2", "x3" }, told);
	end);

	it("knows promises", function ()
		assert.is_true(promise.is_promise(promise.resolve()));
		assert.is_false(promise.is_promise({ next = function () end }));
		assert.is_false(promise.is_promise(nil));
	end);

	it("settles at once where the result is known", function ()
		assert.equal("value 1", outcome(promise.resolve(1)));
		assert.equal("reason 1", outcome(promise.reject(1)));
	end);

	it("is rejected by what its function throws", function ()
		local thrown = { "not text" };
		local reason;
		promise.new(function () error(thrown); end):catch(function (err) reason = err; end);
		assert.equal(thrown, reason);
		assert.matches("oops", outcome(promise.new(function () error("oops"); end)));
	end);

	describe("next", function ()
		it("makes a promise of what the handler returns", function ()
			assert.equal("value 3", outcome(promise.resolve(1):next(function (n) return n + 2; end)));
			assert.equal("value nil", outcome(promise.resolve(1):next(function () end)));
		end);

		it("makes a rejection of what the handler throws", function ()
			assert.matches("^reason .*oops", outcome(promise.resolve(1):next(function () error("oops"); end)));
		end);

		it("makes a value of a rejection that is handled", function ()
			assert.equal("value saved", outcome(promise.reject("lost"):next(nil, function () return "saved"; end)));
			assert.equal("value saved", outcome(promise.reject("lost"):catch(function () return "saved"; end)));
		end);

		it("passes on what has no handler", function ()
			assert.equal("value 1", outcome(promise.resolve(1):catch(error)));
			assert.equal("reason 1", outcome(promise.reject(1):next(error)));
		end);

		it("waits for a promise that the handler returns", function ()
			local inner, resolve = deferred();
			local p = promise.resolve():next(function () return inner; end);
			assert.is_nil(outcome(p));
			resolve("late");
			assert.equal("value late", outcome(p));
		end);

		it("takes on the rejection of a promise that the handler returns", function ()
			assert.equal("reason no", outcome(promise.resolve():next(function () return promise.reject("no"); end)));
		end);
	end);

	describe("finally", function ()
		it("runs in either case, and passes the outcome on", function ()
			local run = spy.new(function () return "ignored"; end);
			assert.equal("value 1", outcome(promise.resolve(1):finally(run)));
			assert.equal("reason 1", outcome(promise.reject(1):finally(run)));
			assert.spy(run).was_called(2);
			assert.spy(run).was_called_with();
		end);
	end);

	describe("all", function ()
		it("gathers values under their keys", function ()
			local results;
			local late, resolve = deferred();
			promise.all({ promise.resolve(1), late, name = promise.resolve(3) }):next(function (values) results = values; end);
			assert.is_nil(results);
			resolve(2);
			assert.same({ 1, 2, name = 3 }, results);
		end);

		it("is rejected by the first rejection", function ()
			local never = deferred();
			assert.equal("reason no", outcome(promise.all { never, promise.reject("no"), promise.resolve(1) }));
		end);

		it("takes values as they are #ours", function ()
			local results;
			promise.all({ "value", promise.resolve(2) }):next(function (values) results = values; end);
			assert.same({ "value", 2 }, results);
		end);

		it("is there at once for nothing", function ()
			local results;
			promise.all({}):next(function (values) results = values; end);
			assert.same({}, results);
		end);
	end);

	describe("all_settled", function ()
		it("tells how each went", function ()
			local results;
			promise.all_settled({ promise.resolve(1), promise.reject("no") }):next(function (all) results = all; end);
			assert.same({ { status = "fulfilled", value = 1 }, { status = "rejected", reason = "no" } }, results);
		end);
	end);

	it("decides once, even for a promise that is not settled yet", function ()
		local later, resolve_later = deferred();
		local p, resolve, reject = deferred();
		resolve(later);
		resolve("other");
		reject("another");
		assert.is_nil(outcome(p));
		resolve_later("later");
		assert.equal("value later", outcome(p));
	end);

	it("race does as the first of the list, whichever it is", function ()
		local slow, resolve_slow = deferred();
		local fast, resolve_fast = deferred();
		local p = promise.race { slow, fast };
		resolve_fast("fast");
		resolve_slow("slow");
		assert.equal("value fast", outcome(p));
		assert.equal("value 1", outcome(promise.race { promise.resolve(1), promise.resolve(2) }));
	end);

	it("join gives all values to a function", function ()
		local function both(a, b) return a.."-"..b; end
		assert.equal("value 1-2", outcome(promise.join(both, promise.resolve(1), promise.resolve(2))));
		assert.equal("reason no", outcome(promise.join(error, promise.resolve(1), promise.reject("no"))));
	end);

	it("try makes a promise of a call", function ()
		assert.equal("value 1", outcome(promise.try(function () return 1; end)));
		assert.matches("oops", outcome(promise.try(function () error("oops"); end)));
	end);

	it("leaves it to others when functions run", function ()
		local queue = {};
		promise.set_nexttick(function (f) table.insert(queue, f); end);
		finally(function () promise.set_nexttick(function (f) f(); end); end);
		local executor = spy.new(function (resolve) resolve(1); end);
		promise.new(executor);
		assert.spy(executor).was_not_called();
		queue[1]();
		assert.spy(executor).was_called(1);
	end);

	it("leaves it to others when a promise does as another", function ()
		local queue, order = {}, {};
		local inner = promise.resolve("inner");
		promise.set_nexttick(function (f) table.insert(queue, f); end);
		finally(function () promise.set_nexttick(function (f) f(); end); end);
		local function note(what)
			return function () table.insert(order, what); end
		end
		promise.new(function (resolve) resolve(inner); end):next(note("outer"));
		inner:next(note("first")):next(note("second"));
		while queue[1] do table.remove(queue, 1)(); end
		assert.same({ "first", "second", "outer" }, order);
	end);
end);
