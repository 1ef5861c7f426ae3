--- What happens in a run, for those who want to know: `{ "suite", "start" }`, `{ "file", "start" }`, `{ "describe",
-- "start" }`, `{ "test", "start" }` and their "end", and `{ "error", KIND }`, `{ "failure", "it" }`, `{ "pending",
-- "it" }`.

local events = {};

local function new_channel(parent)
	return { parent = parent; subscribers = {}; channels = {} };
end

local root = new_channel();

local function channel_of(names)
	local channel = root;
	for _, name in ipairs(names) do
		channel.channels[name] = channel.channels[name] or new_channel(channel);
		channel = channel.channels[name];
	end
	return channel;
end

--- Calls back with what is published on a channel or below it. What the function returns second says whether those
-- after it are called.
-- @param options `priority`, the place among those who subscribed before; `predicate`, a function that says whether
--   to call
-- @return a handle to unsubscribe
function events.subscribe(names, fn, options)
	local subscriber = { fn = fn; predicate = options and options.predicate };
	subscriber.id = subscriber;
	local subscribers = channel_of(names).subscribers;
	local priority = options and options.priority or math.huge;
	table.insert(subscribers, math.max(1, math.min(priority, #subscribers + 1)), subscriber);
	return subscriber;
end

--- Takes a subscription back.
function events.unsubscribe(id, names)
	local subscribers = channel_of(names).subscribers;
	for index, subscriber in ipairs(subscribers) do
		if subscriber == id then return table.remove(subscribers, index); end
	end
end

--- Tells those who subscribed to a channel, then those of the channels above it.
function events.publish(names, ...)
	local channel = channel_of(names);
	local results = {};
	while channel do
		for _, subscriber in ipairs(channel.subscribers) do
			if not subscriber.predicate or subscriber.predicate(...) then
				local result, continue = subscriber.fn(...);
				if result then table.insert(results, result); end
				if not continue then return results; end
			end
		end
		channel = channel.parent;
	end
	return results;
end

return events;
