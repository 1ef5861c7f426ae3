--- What went wrong with a request, as util.error objects: failures by their name, responses by their status.

local codes = require "net.http.codes";
local errors = require "util.error";

local function failure(error_type, condition, text)
	return { code = 0, type = error_type, condition = condition, text = text };
end

local function status(error_type, condition)
	return { type = error_type, condition = condition };
end

local registry = {
	[0] = failure("cancel", "internal-server-error", "Connection or internal error");
	["cancelled"] = failure("cancel", "remote-server-timeout", "Request cancelled");
	["connection-closed"] = failure("wait", "remote-server-timeout", "Connection closed");
	["certificate-chain-invalid"] = failure("cancel", "remote-server-timeout", "Server certificate not trusted");
	["certificate-verify-failed"] = failure("cancel", "remote-server-timeout", "Server certificate invalid");
	["connection failed"] = failure("cancel", "remote-server-not-found", "Connection failed");
	["invalid-url"] = failure("modify", "bad-request", "Invalid URL");
	["unable to resolve service"] = failure("cancel", "remote-server-not-found", "DNS resolution failed");
	["no-http"] = failure("cancel", "service-unavailable", "no HTTP on this machine");

	[400] = status("modify", "bad-request");
	[401] = status("auth", "not-authorized");
	[402] = status("auth", "payment-required");
	[403] = status("auth", "forbidden");
	[404] = status("cancel", "item-not-found");
	[405] = status("cancel", "not-allowed");
	[406] = status("modify", "not-acceptable");
	[407] = status("auth", "registration-required");
	[408] = status("wait", "remote-server-timeout");
	[409] = status("cancel", "conflict");
	[410] = status("cancel", "gone");
	[411] = status("modify", "bad-request");
	[412] = status("cancel", "conflict");
	[413] = status("modify", "resource-constraint");
	[414] = status("modify", "resource-constraint");
	[415] = status("cancel", "feature-not-implemented");
	[416] = status("modify", "bad-request");
	[422] = status("modify", "bad-request");
	[423] = status("wait", "resource-constraint");
	[429] = status("wait", "resource-constraint");
	[431] = status("modify", "resource-constraint");
	[451] = status("auth", "forbidden");

	[500] = status("wait", "internal-server-error");
	[501] = status("cancel", "feature-not-implemented");
	[502] = status("wait", "remote-server-timeout");
	[503] = status("cancel", "service-unavailable");
	[504] = status("wait", "remote-server-timeout");
	[507] = status("wait", "resource-constraint");
	[511] = status("auth", "not-authorized");
};

for code, text in pairs(codes) do
	local template = registry[code] or status("cancel", "undefined-condition");
	template.code, template.text = code, text;
	registry[code] = template;
end

setmetatable(registry, {
	__index = function (_, code)
		if type(code) ~= "number" then return nil; end
		return { code = code, type = "cancel", condition = "undefined-condition", text = codes[code] };
	end;
});

--- The error for a callback's code and body; code 0 is a failure, which the body names.
local function new(code, body, context)
	return errors.new(code ~= 0 and code or body, context, registry);
end

return { registry = registry, new = new };
