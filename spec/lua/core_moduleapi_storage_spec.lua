local server = require "boot";

describe("core.moduleapi.storage", function ()
	local module;
	lazy_setup(function ()
		server.load("example", function (given) module = given; end);
	end);

	it("opens a store of the host", function ()
		local store = module:open_store("spec_things");
		assert.is_true(store:set("juliet", { 1 }));
		assert.same({ 1 }, require "core.storagemanager".open("localhost", "spec_things"):get("juliet"));
		store:set("juliet", nil);
	end);

	it("opens one of the module's own name", function ()
		module:open_store():set("juliet", { a = 1 });
		assert.same({ a = 1 }, module:open_store("example"):get("juliet"));
		assert.equal(1, module:open_store(nil, "map"):get("juliet", "a"));
		module:open_store():set("juliet", nil);
	end);

	it("opens none for all hosts #ours", function ()
		assert.same({ nil, "global-storage-not-supported" }, { module:context("*"):open_store("things") });
	end);
end);
