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

-- Requests of a module that wait, by where and under which id the answer comes.
local function get_waiting(module)
	module._iq_cache = module._iq_cache or new_cache(max_waiting, function (_, request)
		request.reject(errors.new {
			type = "wait", condition = "resource-constraint", text = "evicted from iq tracking cache",
		});
	end);
	return module._iq_cache;
end

-- Local entities answer by the origin's send: the answer is taken there, and goes on to the origin.
local function wrap_origin(origin, stanza, resolve)
	return setmetatable({
		send = function (reply)
			if reply.name == stanza.name and reply.attr.id == stanza.attr.id then
				resolve { stanza = reply };
			end
			return origin.send(reply);
		end;
	}, { __index = origin });
end

--- A promise of the answer { stanza = …, origin = … }; it is rejected with a util.error, also after the timeout, in
-- seconds (120). An answer counts only from the address that was asked.
function api:send_iq(stanza, origin, timeout)
	local id, to = stanza.attr.id, stanza.attr.to;
	local target = answer_target(stanza.attr.from);
	local result_event, error_event = answer_events(target, id);
	local waiting, key = get_waiting(self), target.."/"..id;

	local function answers(response, response_type)
		return response.attr.type == response_type and response.attr.from == to and response.attr.id == id;
	end

	return promise.new(function (resolve, reject)
		if waiting:get(key) then
			return reject(errors.new {
				type = "modify", condition = "conflict", text = "IQ stanza id attribute already used",
			});
		end

		local request = {};

		-- Before the answer is passed on, nothing of the request is left.
		local function settle(how, value)
			if request.settled then return; end
			request.settled = true;
			self:unhook(result_event, request.handle_result);
			self:unhook(error_event, request.handle_error);
			request.timer:stop();
			if waiting:get(key) == request then waiting:set(key, nil); end
			how(value);
		end

		function request.reject(err)
			settle(reject, err);
		end

		function request.handle_result(event)
			if not answers(event.stanza, "result") then return; end
			settle(resolve, event);
			return true;
		end

		function request.handle_error(event)
			if not answers(event.stanza, "error") then return; end
			settle(reject, errors.from_stanza(event.stanza, event));
			return true;
		end

		request.timer = self:add_timer(timeout or default_timeout, function ()
			request.reject(errors.new {
				type = "wait", condition = "remote-server-timeout", text = "IQ stanza timed out",
			});
		end);
		self:hook(result_event, request.handle_result, 1);
		self:hook(error_event, request.handle_error, 1);
		waiting:set(key, request);

		self:send(stanza, wrap_origin(origin or prosody.hosts[self.host], stanza, function (event)
			settle(resolve, event);
		end));
	end);
end

return api;
