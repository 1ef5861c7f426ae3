-- What stands in for Prosody's event loop; ours.
describe("net.server_select #ours", function ()
	local clock, server;
	lazy_setup(function ()
		require "boot";
		clock = require "bridge.machine".clock;
		server = require "net.server_select";
	end);

	it("has the machine's clock run tasks", function ()
		assert.equal("machine", server.get_backend());
		local run = spy.new(function () end);
		server.add_task(5, run);
		clock.advance(4);
		assert.spy(run).was_not_called();
		clock.advance(1);
		assert.spy(run).was_called(1);
	end);

	it("refuses sockets", function ()
		for _, name in ipairs { "addserver", "addclient", "wrapclient" } do
			assert.same({ nil, "no sockets here" }, { server[name]("localhost", 5222) });
		end
	end);
end);
