--- Promises. Unlike JavaScript's, their callbacks run at once when they are settled.

local xpcall = require "util.xpcall".xpcall;

local debug = debug;
local getmetatable, ipairs, pairs, select, setmetatable = getmetatable, ipairs, pairs, select, setmetatable;
local t_insert, unpack = table.insert, table.unpack;

local promise_methods = {};
local promise_mt = { __name = "promise", __index = promise_methods };

-- When executors run; at once without it.
local next_tick;

local function soon(func, ...)
	if not next_tick then return func(...); end
	local args = table.pack(...);
	next_tick(function () func(unpack(args, 1, args.n)); end);
end

local function is_promise(value)
	return getmetatable(value) == promise_mt;
end

function promise_mt:__tostring()
	return "promise ("..(self._state or "invalid")..")";
end

local function pending()
	return setmetatable({ _state = "pending", _reactions = {} }, promise_mt);
end

local react;

local function settle(promise, state, field, value)
	local reactions = promise._reactions;
	promise._state, promise[field], promise._reactions = state, value, nil;
	for _, reaction in ipairs(reactions) do
		react(reaction, state, value);
	end
end

-- A reaction is what is to be done when a promise is settled: it has handlers by state, and the promise of their
-- result.
local function add_reaction(promise, reaction)
	if promise._state == "pending" then
		t_insert(promise._reactions, reaction);
	elseif promise._state == "fulfilled" then
		react(reaction, "fulfilled", promise.value);
	else
		react(reaction, "rejected", promise.reason);
	end
end

local decide = {};

function decide.fulfilled(promise, value)
	if is_promise(value) then
		soon(add_reaction, value, { promise = promise });
	else
		settle(promise, "fulfilled", "value", value);
	end
end

function decide.rejected(promise, reason)
	settle(promise, "rejected", "reason", reason);
end

function react(reaction, state, value)
	local handler = reaction[state];
	-- Without a handler it is passed on.
	if not handler then return decide[state](reaction.promise, value); end
	local ok, result = xpcall(handler, debug.traceback, value);
	decide[ok and "fulfilled" or "rejected"](reaction.promise, result);
end

local function execute(promise, executor)
	local decided = false;
	local function resolve(value)
		if decided then return; end
		decided = true;
		decide.fulfilled(promise, value);
	end
	local function reject(reason)
		if decided then return; end
		decided = true;
		decide.rejected(promise, reason);
	end
	local ok, err = xpcall(executor, debug.traceback, resolve, reject);
	if not ok then
		reject(err);
	end
end

--- A new promise.
-- @param executor is called with the functions `resolve(value or promise)` and `reject(reason)`; only the first call of
-- either counts. If it throws, that rejects. A reason that is text thrown by error() has the traceback in it.
local function new(executor)
	local promise = pending();
	if executor then
		soon(execute, promise, executor);
	end
	return promise;
end

--- A promise of what the handler returns for the value, or for the reason of a rejection.
function promise_methods:next(on_fulfilled, on_rejected)
	local reaction = { promise = pending(), fulfilled = on_fulfilled, rejected = on_rejected };
	soon(add_reaction, self, reaction);
	return reaction.promise;
end

function promise_methods:catch(on_rejected)
	return self:next(nil, on_rejected);
end

local function resolve(value)
	return new(function (_resolve)
		_resolve(value);
	end);
end

local function reject(reason)
	return new(function (_, _reject)
		_reject(reason);
	end);
end

--- Calls back without arguments in either case, and passes on the value or the reason.
function promise_methods:finally(on_finally)
	return self:next(function (value)
		on_finally();
		return value;
	end, function (reason)
		on_finally();
		return reject(reason);
	end);
end

-- Settles when all promises have, with a table of what on_value and on_reason make of their results.
local function gather(promises, on_value, on_reason)
	return new(function (_resolve, _reject)
		local results, waiting = {}, 1;
		local function done()
			waiting = waiting - 1;
			if waiting == 0 then
				_resolve(results);
			end
		end
		for key, promise in pairs(promises) do
			if is_promise(promise) then
				waiting = waiting + 1;
				promise:next(function (value)
					results[key] = on_value(value);
					done();
				end, on_reason and function (reason)
					results[key] = on_reason(reason);
					done();
				end or _reject);
			else
				results[key] = promise;
			end
		end
		done();
	end);
end

--- A promise of all values, under the keys of their promises; other values are taken as they are.
local function all(promises)
	return gather(promises, function (value) return value; end);
end

--- The same of `{ status = "fulfilled", value = … }` and `{ status = "rejected", reason = … }`.
local function all_settled(promises)
	return gather(promises, function (value)
		return { status = "fulfilled", value = value };
	end, function (reason)
		return { status = "rejected", reason = reason };
	end);
end

--- A promise of what the handler returns for the values of all promises.
local function join(handler, ...)
	local count = select("#", ...);
	return all({ ... }):next(function (values)
		return handler(unpack(values, 1, count));
	end);
end

--- Does as the first promise of the list that is settled.
local function race(promises)
	return new(function (_resolve, _reject)
		for i = 1, #promises do
			promises[i]:next(_resolve, _reject);
		end
	end);
end

--- A promise of what the function returns or throws.
local function try(func)
	return resolve():next(function ()
		return func();
	end);
end

--- Sets the function that runs a function soon; it decides when executors run.
local function set_nexttick(new_next_tick)
	next_tick = new_next_tick;
end

return {
	new = new;
	resolve = resolve;
	reject = reject;
	all = all;
	all_settled = all_settled;
	race = race;
	join = join;
	try = try;
	is_promise = is_promise;
	set_nexttick = set_nexttick;
};
