--- An event registry: handlers by event name, run by priority until one returns something.

local ipairs, pairs, next = ipairs, pairs, next;
local t_insert, t_remove = table.insert, table.remove;

local function without(list, value)
	local rest = {};
	for _, item in ipairs(list or {}) do
		if item ~= value then
			t_insert(rest, item);
		end
	end
	return rest;
end

--- A new registry. Its functions take no self.
local function new()
	-- Handlers in the order they run. A list is replaced, never changed: one that is being run stays as it is.
	local handlers = {};
	-- Priority by handler by event.
	local priorities = {};
	-- By event, and under false those of all events; the last one added is the outermost.
	local wrappers = {};
	local debug_hook;

	local function remove_handler(event, handler)
		local of_event = priorities[event];
		if not of_event or of_event[handler] == nil then return; end
		of_event[handler] = nil;
		if next(of_event) == nil then
			priorities[event], handlers[event] = nil, nil;
		else
			handlers[event] = without(handlers[event], handler);
		end
	end

	--- A higher priority (0) runs first, equal ones in the order added. Adding again changes the priority.
	local function add_handler(event, handler, priority)
		priority = priority or 0;
		remove_handler(event, handler);
		local of_event = priorities[event] or {};
		local list, position = without(handlers[event]), 1;
		while list[position] and of_event[list[position]] >= priority do
			position = position + 1;
		end
		t_insert(list, position, handler);
		of_event[handler] = priority;
		handlers[event], priorities[event] = list, of_event;
	end

	local function add_handlers(handler_by_event)
		for event, handler in pairs(handler_by_event) do
			add_handler(event, handler);
		end
	end

	local function remove_handlers(handler_by_event)
		for event, handler in pairs(handler_by_event) do
			remove_handler(event, handler);
		end
	end

	--- The handlers of an event in the order they run; nil if there are none.
	local function get_handlers(event)
		return handlers[event];
	end

	local function dispatch(event, data)
		local list = handlers[event];
		if not list then return nil; end
		for i = 1, #list do
			local result;
			if debug_hook then
				result = debug_hook(list[i], event, data);
			else
				result = list[i](data);
			end
			if result ~= nil then return result; end
		end
		return nil;
	end

	--- Takes `function (inner, event, data)`, which returns what it wants of `inner(event, data)`.
	-- @param event false for all events; these run inside of an event's own
	local function add_wrapper(event, wrapper)
		wrappers[event] = wrappers[event] or {};
		t_insert(wrappers[event], wrapper);
	end

	local function remove_wrapper(event, wrapper)
		local list = wrappers[event] or {};
		for i = #list, 1, -1 do
			if list[i] == wrapper then
				t_remove(list, i);
			end
		end
		if #list == 0 then
			wrappers[event] = nil;
		end
	end

	local function wrap(inner, list)
		for _, wrapper in ipairs(list or {}) do
			local wrapped = inner;
			inner = function (event, data)
				return wrapper(wrapped, event, data);
			end;
		end
		return inner;
	end

	--- Runs the handlers; the first result that is not nil ends it and is returned.
	local function fire_event(event, data)
		if next(wrappers) == nil then
			return dispatch(event, data);
		end
		return wrap(wrap(dispatch, wrappers[false]), wrappers[event])(event, data);
	end

	--- From now on `hook(handler, event, data)` is called in place of each handler; nil ends that. Returns the old one.
	local function set_debug_hook(hook)
		local old_hook = debug_hook;
		debug_hook = hook;
		return old_hook;
	end

	return {
		add_handler = add_handler;
		remove_handler = remove_handler;
		add_handlers = add_handlers;
		remove_handlers = remove_handlers;
		get_handlers = get_handlers;
		wrappers = { add_handler = add_wrapper, remove_handler = remove_wrapper };
		add_wrapper = add_wrapper;
		remove_wrapper = remove_wrapper;
		set_debug_hook = set_debug_hook;
		fire_event = fire_event;
		_handlers = handlers;
		_event_map = priorities;
	};
end

return { new = new };
