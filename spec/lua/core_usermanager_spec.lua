local server = require "boot";
local usermanager = require "core.usermanager";

local host = server.prosody.hosts.localhost;

describe("core.usermanager", function ()
	describe("user_exists", function ()
		before_each(function ()
			host.users = { user_exists = function (username) return username == "juliet"; end };
		end);
		after_each(function ()
			host.users = nil;
			host.sessions = {};
		end);

		it("asks the host's provider", function ()
			assert.is_true(usermanager.user_exists("juliet", "localhost"));
			assert.falsy(usermanager.user_exists("romeo", "localhost"));
			assert.falsy(usermanager.user_exists("__index", "localhost"));
		end);

		it("knows whoever is logged in", function ()
			host.sessions.romeo = { sessions = {} };
			assert.is_true(usermanager.user_exists("romeo", "localhost"));
		end);

		it("takes those who stored something for accounts if there is no provider #ours", function ()
			host.users = nil;
			assert.is_false(usermanager.user_exists("nurse", "localhost"));
			require "core.storagemanager".open("localhost", "accounts"):set("nurse", { password = "x" });
			assert.is_true(usermanager.user_exists("nurse", "localhost"));
		end);

		it("knows nobody on hosts that are not there #ours", function ()
			assert.is_false(usermanager.user_exists("juliet", "unheard-of.example"));
		end);
	end);
end);
