--- IQs that wait for their answer.

local errors = require "util.error";
local jid = require "util.jid";
local new_cache = require "util.cache".new;
local promise = require "util.promise";

local api = {};

local max_waiting = 256;
local default_timeout = 120;

-- The kind of address that answers come to.
local function answer_target(from)
	if not jid.node(from) then return "host"; end
	return jid.resource(from) and "full" or "bare";
end

-- The events of results and of errors. Full JIDs have none of their own for each id.
local function answer_events(target, id)
	if target == "full" then return "iq/full", "iq/full"; end
	return "iq-result/"..target.."/"..id, "iq-error/"..target.."/"..id;
end

local request_methods = {};
local request_mt = { __index = request_methods };

function request_methods:hook()
	self.module:hook(self.result_event, self.handle, 1);
	self.module:hook(self.error_event, self.handle, 1);
end

function request_methods:unhook()
	self.module:unhook(self.result_event, self.handle);
	self.module:unhook(self.error_event, self.handle);
	self.timer:stop();
end

-- Before the answer is passed on, nothing of the request is left: what still knows it holds nothing.
local function settle(request, how, value)
	local decide, waiting = request[how], request.waiting;
	if not decide then return; end
	request:unhook();
	if waiting:get(request.key) == request then waiting:set(request.key, nil); end
	request.timer, request.resolve, request.reject = nil, nil, nil;
	decide(value);
end

local function give_up(request, condition, text)
	settle(request, "reject", errors.new { type = "wait", condition = condition, text = text });
end

local function time_out(_, request)
	give_up(request, "remote-server-timeout", "IQ stanza timed out");
end

-- An answer counts only from the address that was asked.
local function handle_answer(request, event)
	local answer = event.stanza;
	local answer_type = answer.attr.type;
	if answer.attr.from ~= request.to or answer.attr.id ~= request.id then return; end
	if answer_type == "result" then
		settle(request, "resolve", event);
	elseif answer_type == "error" then
		settle(request, "reject", errors.from_stanza(answer, event));
	else
		return;
	end
	return true;
end

-- Requests of a module that wait, by where and under which id the answer comes.
local function get_waiting(module)
	module._iq_cache = module._iq_cache or new_cache(max_waiting, function (_, request)
		give_up(request, "resource-constraint", "evicted from iq tracking cache");
	end);
	return module._iq_cache;
end

-- Local entities answer by the origin's send: the answer is taken there, and goes on to the origin.
local function wrap_origin(origin, stanza, request)
	return setmetatable({
		send = function (reply)
			if reply.name == stanza.name and reply.attr.id == stanza.attr.id then
				settle(request, "resolve", { stanza = reply });
			end
			return origin.send(reply);
		end;
	}, { __index = origin });
end

--- A promise of the answer { stanza = …, origin = … }; it is rejected with a util.error, also after the timeout, in
-- seconds (120).
function api:send_iq(stanza, origin, timeout)
	local host, id = prosody.hosts[self.host], stanza.attr.id;
	local target = answer_target(stanza.attr.from);
	local waiting, key = get_waiting(self), target.."/"..id;

	return promise.new(function (resolve, reject)
		if waiting:get(key) then
			return reject(errors.new {
				type = "modify", condition = "conflict", text = "IQ stanza id attribute already used",
			});
		end

		local request = setmetatable({
			id = id; to = stanza.attr.to; key = key; waiting = waiting; module = self;
			resolve = resolve; reject = reject;
		}, request_mt);
		function request.handle(event) return handle_answer(request, event); end
		request.result_event, request.error_event = answer_events(target, id);
		request.timer = self:add_timer(timeout or default_timeout, time_out, request);
		request:hook();
		waiting:set(key, request);

		-- What could not be sent is not answered.
		local ok, err = xpcall(self.send, debug.traceback, self, stanza, wrap_origin(origin or host, stanza, request));
		if not ok then settle(request, "reject", err); end
	end);
end

return api;
