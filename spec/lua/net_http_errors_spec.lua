local errors = require "util.error";
local http_errors = require "net.http.errors";

describe("net.http.errors", function ()
	for code, expected in pairs {
		[400] = "modify bad-request", [401] = "auth not-authorized", [402] = "auth payment-required",
		[403] = "auth forbidden", [404] = "cancel item-not-found", [405] = "cancel not-allowed",
		[406] = "modify not-acceptable", [407] = "auth registration-required", [408] = "wait remote-server-timeout",
		[409] = "cancel conflict", [410] = "cancel gone", [411] = "modify bad-request", [412] = "cancel conflict",
		[413] = "modify resource-constraint", [414] = "modify resource-constraint",
		[415] = "cancel feature-not-implemented", [416] = "modify bad-request", [422] = "modify bad-request",
		[423] = "wait resource-constraint", [429] = "wait resource-constraint", [431] = "modify resource-constraint",
		[451] = "auth forbidden", [500] = "wait internal-server-error", [501] = "cancel feature-not-implemented",
		[502] = "wait remote-server-timeout", [503] = "cancel service-unavailable", [504] = "wait remote-server-timeout",
		[507] = "wait resource-constraint", [511] = "auth not-authorized", [426] = "cancel undefined-condition",
	} do
		it("makes "..expected.." of "..code, function ()
			local err = http_errors.new(code);
			assert.is_true(errors.is_error(err));
			assert.equal(expected, err.type.." "..err.condition);
			assert.equal(code, err.code);
			assert.equal(require "net.http.codes"[code], err.text);
		end);
	end

	it("makes an undefined condition of a code that it does not know", function ()
		local err = http_errors.new(499);
		assert.equal("undefined-condition", err.condition);
		assert.equal("499 Unassigned", err.text);
	end);

	for failure, expected in pairs {
		["connection failed"] = "cancel remote-server-not-found", ["connection-closed"] = "wait remote-server-timeout",
		["invalid-url"] = "modify bad-request", ["cancelled"] = "cancel remote-server-timeout",
		["unable to resolve service"] = "cancel remote-server-not-found",
		["certificate-chain-invalid"] = "cancel remote-server-timeout",
		["certificate-verify-failed"] = "cancel remote-server-timeout",
	} do
		it("makes "..expected.." of the failure '"..failure.."'", function ()
			local err = http_errors.new(0, failure);
			assert.equal(expected, err.type.." "..err.condition);
			assert.equal(0, err.code);
		end);
	end

	it("knows nothing of any other failure", function ()
		local err = http_errors.new(0, "the moon fell down");
		assert.equal("cancel undefined-condition", err.type.." "..err.condition);
		assert.is_nil(err.text);
	end);

	it("keeps the context", function ()
		assert.equal("x", http_errors.new(404, nil, { request = "x" }).context.request);
	end);
end);
