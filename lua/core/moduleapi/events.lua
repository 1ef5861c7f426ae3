--- Hooks of a module. They are noted in module.event_handlers, so that they go with it.

local api = {};

local function get_events(module)
	local host = prosody.hosts[module.host] or prosody;
	return host.events;
end

function api:hook_object_event(object, event, handler, priority)
	self.event_handlers:set(object, event, handler, true);
	return object.add_handler(event, handler, priority);
end

function api:unhook_object_event(object, event, handler)
	self.event_handlers:remove(object, event, handler);
	return object.remove_handler(event, handler);
end

function api:hook(event, handler, priority)
	return self:hook_object_event(get_events(self), event, handler, priority);
end

function api:unhook(event, handler)
	return self:unhook_object_event(get_events(self), event, handler);
end

function api:hook_global(event, handler, priority)
	return self:hook_object_event(prosody.events, event, handler, priority);
end

--- Hooks an element on a stream: hook_tag(xmlns, name, handler, priority), or without xmlns. The handler gets origin,
-- stanza and event.
function api:hook_tag(xmlns, name, handler, priority)
	if not handler and type(name) == "function" then
		xmlns, name, handler, priority = nil, xmlns, name, handler;
	elseif not (handler and name) then
		self:log("warn", "Error: Insufficient parameters to module:hook_tag()");
		return;
	end
	return self:hook("stanza/"..(xmlns and xmlns..":" or "")..name, function (event)
		return handler(event.origin, event.stanza, event);
	end, priority);
end
api.hook_stanza = api.hook_tag;

function api:fire_event(...)
	return get_events(self).fire_event(...);
end

--- Wrappers get (handlers, event_name, event_data) and decide whether and how the handlers run.
function api:wrap_object_event(object, event, wrapper)
	return self:hook_object_event(assert(object.wrappers, "no wrappers"), event, wrapper);
end

function api:wrap_event(event, wrapper)
	return self:wrap_object_event(get_events(self), event, wrapper);
end

function api:wrap_global(event, wrapper)
	return self:wrap_object_event(prosody.events, event, wrapper);
end

return api;
