--- Filters on what goes through a session, such as `stanzas/in`, `stanzas/out`, `bytes/in`, `bytes/out`.

local ipairs = ipairs;
local t_insert, t_remove = table.insert, table.remove;

local session_hooks = {};

--- Gives the session its `filter(type, data)`, which returns the data to go on with, nil to drop it.
local function initialize(session)
	if not session.filters then
		local filters = {};
		session.filters = filters;
		session.filter = function (type, data)
			local list = filters[type];
			for i = 1, list and #list or 0 do
				data = list[i](data, session);
				if data == nil then break; end
			end
			return data;
		end;
	end
	for _, hook in ipairs(session_hooks) do
		hook(session);
	end
	return session.filter;
end

-- A list holds the callbacks in order, and the priority of each under the callback itself. It is replaced and never
-- changed, since a filter may come or go while the list is run.
local function copy_without(list, excluded)
	local copy = {};
	for _, callback in ipairs(list or {}) do
		if callback ~= excluded then
			t_insert(copy, callback);
			copy[callback] = list[callback];
		end
	end
	return copy;
end

--- A filter of a higher priority (0) runs first, equal ones in the order added. Adding again changes nothing.
-- @param callback gets data and session; returns the data to go on with, nil to drop it
local function add_filter(session, type, callback, priority)
	if not session.filters then
		initialize(session);
	end
	local list = copy_without(session.filters[type]);
	if list[callback] then return; end
	list[callback] = priority or 0;
	local position = 1;
	while list[position] and list[list[position]] >= list[callback] do
		position = position + 1;
	end
	t_insert(list, position, callback);
	session.filters[type] = list;
end

--- True if the filter was there.
local function remove_filter(session, type, callback)
	local list = session.filters and session.filters[type];
	if not list or not list[callback] then return nil; end
	session.filters[type] = copy_without(list, callback);
	return true;
end

--- Calls back with each session that gets filters from now on.
local function add_filter_hook(callback)
	t_insert(session_hooks, callback);
end

local function remove_filter_hook(callback)
	for i = #session_hooks, 1, -1 do
		if session_hooks[i] == callback then
			t_remove(session_hooks, i);
		end
	end
end

return {
	initialize = initialize;
	add_filter = add_filter;
	remove_filter = remove_filter;
	add_filter_hook = add_filter_hook;
	remove_filter_hook = remove_filter_hook;
};
