local server = require "boot";
local rostermanager = require "core.rostermanager";
local st = require "util.stanza";
local storagemanager = require "core.storagemanager";

local prosody = server.prosody;
local host = prosody.hosts.localhost;

local contact = "romeo@localhost";

describe("core.rostermanager", function ()
	local session, pushed;

	-- Logs the account in, with one interested session.
	local function log_in(username)
		pushed = {};
		session = {
			username = username, host = "localhost", resource = "phone", interested = true,
			full_jid = username.."@localhost/phone", send = function (stanza) table.insert(pushed, stanza); end,
		};
		local user = { sessions = { phone = session } };
		host.sessions[username], prosody.bare_sessions[username.."@localhost"] = user, user;
		session.roster = rostermanager.load_roster(username, "localhost");
		return session;
	end
	local function log_out(username)
		-- Prosody remembers the rosters of those who are offline.
		host.roster_cache = nil;
		host.sessions[username], prosody.bare_sessions[username.."@localhost"] = nil, nil;
	end

	before_each(function ()
		host.users = { user_exists = function (username) return username ~= "nobody"; end };
		log_in "juliet";
	end);
	after_each(function ()
		log_out "juliet";
		storagemanager.open("localhost", "roster"):set("juliet", nil);
	end);

	-- What is stored, read by an account that is offline.
	local function stored()
		log_out "juliet";
		return (rostermanager.load_roster("juliet", "localhost"));
	end

	local function new_item()
		return { subscription = "none", groups = {} };
	end

	local function add(subscription, fields)
		local item = { subscription = subscription, groups = {} };
		for name, value in pairs(fields or {}) do item[name] = value; end
		assert(rostermanager.add_to_roster(session, contact, item));
	end

	describe("load_roster", function ()
		it("gives an empty one to who stored none", function ()
			for jid in pairs(session.roster) do assert.is_false(jid); end
			assert.same({}, session.roster[false].pending);
		end);

		it("gives all sessions of an account the same", function ()
			assert.equal(session.roster, (rostermanager.load_roster("juliet", "localhost")));
		end);

		it("lets others add to it, as groups do", function ()
			local function add_group(event)
				assert.equal("juliet", event.username);
				assert.equal("localhost", event.host);
				event.roster["nurse@localhost"] = { subscription = "both", groups = {} };
			end
			host.events.add_handler("roster-load", add_group);
			finally(function () host.events.remove_handler("roster-load", add_group); end);
			assert.truthy(stored()["nurse@localhost"]);
		end);

		it("removes oneself", function ()
			storagemanager.open("localhost", "roster"):set("juliet", {
				["juliet@localhost"] = { subscription = "both", groups = {} },
				[contact] = { subscription = "both", groups = {} },
			});
			local roster = stored();
			assert.is_nil(roster["juliet@localhost"]);
			assert.truthy(roster[contact]);
		end);
	end);

	describe("items", function ()
		it("are added and stored, with a version", function ()
			add("none", { name = "Romeo", groups = { Friends = true } });
			assert.equal("Romeo", session.roster[contact].name);
			local first = session.roster[false].version;
			assert.is_number(first);
			add("none", { name = "R." });
			assert.equal(first + 1, session.roster[false].version);
			assert.equal("R.", stored()[contact].name);
		end);

		it("are saved all at once where none is named", function ()
			session.roster[contact] = new_item();
			assert.is_true(rostermanager.save_roster("juliet", "localhost"));
			assert.truthy(stored()[contact]);
		end);

		it("are removed", function ()
			add "both";
			assert.is_true(rostermanager.remove_from_roster(session, contact));
			assert.is_nil(session.roster[contact]);
			assert.is_nil(stored()[contact]);
		end);

		it("cannot be changed where there is no roster", function ()
			session.roster = nil;
			local ok, error_type, condition = rostermanager.add_to_roster(session, contact, new_item());
			assert.is_nil(ok);
			assert.equal("auth", error_type);
			assert.equal("not-authorized", condition);
		end);

		it("are as they were if they cannot be saved", function ()
			session.username = "nobody";
			local ok, error_type, condition = rostermanager.add_to_roster(session, contact, new_item());
			assert.is_nil(ok);
			assert.equal("wait", error_type);
			assert.equal("internal-server-error", condition);
			assert.is_nil(session.roster[contact]);
		end);

		it("may have any name", function ()
			assert(rostermanager.add_to_roster(session, "__proto__@localhost", { subscription = "none", groups = {} }));
			assert.truthy(stored()["__proto__@localhost"]);
		end);
	end);

	describe("roster_push", function ()
		it("tells interested sessions of an item", function ()
			add("to", { name = "Romeo", ask = "subscribe", groups = { Friends = true } });
			rostermanager.roster_push("juliet", "localhost", contact);
			local query = pushed[1]:get_child("query", "jabber:iq:roster");
			assert.equal("set", pushed[1].attr.type);
			assert.equal(tostring(session.roster[false].version), query.attr.ver);
			assert.same({ jid = contact, subscription = "to", name = "Romeo", ask = "subscribe" }, query.tags[1].attr);
			assert.equal("Friends", query.tags[1]:get_child_text("group"));
		end);

		it("tells them of one that is gone", function ()
			rostermanager.roster_push("juliet", "localhost", contact);
			assert.same({ jid = contact, subscription = "remove" },
				pushed[1]:get_child("query", "jabber:iq:roster").tags[1].attr);
		end);

		it("leaves alone who is not interested, or not there", function ()
			session.interested = nil;
			rostermanager.roster_push("juliet", "localhost", contact);
			rostermanager.roster_push("absent", "localhost", contact);
			assert.same({}, pushed);
		end);
	end);

	describe("subscriptions", function ()
		for subscription, expected in pairs {
			none = { false, false }, to = { true, false }, from = { false, true }, both = { true, true },
		} do
			it(subscription.." says who sees whom", function ()
				add(subscription);
				for _ = 1, 2 do
					assert.equal(expected[1], rostermanager.is_user_subscribed("juliet", "localhost", contact) or false);
					assert.equal(expected[2], rostermanager.is_contact_subscribed("juliet", "localhost", contact) or false);
					log_out "juliet";
				end
			end);
		end

		it("are not there with strangers", function ()
			assert.falsy(rostermanager.is_user_subscribed("juliet", "localhost", "stranger@localhost"));
			assert.falsy(rostermanager.is_contact_subscribed("juliet", "localhost", "stranger@localhost"));
		end);
	end);

	describe("asking for a subscription", function ()
		it("is noted, then granted", function ()
			assert.is_true(rostermanager.set_contact_pending_out("juliet", "localhost", contact));
			assert.equal("subscribe", rostermanager.is_contact_pending_out("juliet", "localhost", contact));
			assert.is_true(rostermanager.process_inbound_subscription_approval("juliet", "localhost", contact));
			assert.equal("to", session.roster[contact].subscription);
			assert.is_nil(session.roster[contact].ask);
		end);

		it("makes both of from", function ()
			add "from";
			rostermanager.set_contact_pending_out("juliet", "localhost", contact);
			rostermanager.process_inbound_subscription_approval("juliet", "localhost", contact);
			assert.equal("both", session.roster[contact].subscription);
		end);

		it("is not noted of whom the user sees", function ()
			add "to";
			assert.is_true(rostermanager.set_contact_pending_out("juliet", "localhost", contact));
			assert.is_nil(rostermanager.is_contact_pending_out("juliet", "localhost", contact));
		end);

		it("is noted of a contact alone by an outbound request", function ()
			assert.is_nil(rostermanager.process_outbound_subscription_request("juliet", "localhost", contact));
			add "from";
			assert.is_true(rostermanager.process_outbound_subscription_request("juliet", "localhost", contact));
			assert.equal("subscribe", session.roster[contact].ask);
		end);

		it("can be taken back before it is granted", function ()
			rostermanager.set_contact_pending_out("juliet", "localhost", contact);
			assert.is_true(rostermanager.unsubscribe("juliet", "localhost", contact));
			assert.is_nil(session.roster[contact].ask);
			assert.equal("none", session.roster[contact].subscription);
		end);

		it("is not granted to who did not ask", function ()
			add "none";
			assert.is_nil(rostermanager.process_inbound_subscription_approval("juliet", "localhost", contact));
			assert.equal("none", session.roster[contact].subscription);
		end);

		it("can be refused", function ()
			rostermanager.set_contact_pending_out("juliet", "localhost", contact);
			assert.is_true(rostermanager.process_inbound_subscription_cancellation("juliet", "localhost", contact));
			assert.is_nil(session.roster[contact].ask);
			assert.equal("none", session.roster[contact].subscription);
			assert.is_nil(rostermanager.process_inbound_subscription_cancellation("juliet", "localhost", contact));
		end);

		it("can be taken back", function ()
			add "both";
			assert.is_true(rostermanager.unsubscribe("juliet", "localhost", contact));
			assert.equal("from", session.roster[contact].subscription);
			assert.is_false(rostermanager.unsubscribe("juliet", "localhost", "stranger@localhost"));
		end);
	end);

	describe("being asked for a subscription", function ()
		local request = st.presence { type = "subscribe", from = contact, to = "juliet@localhost" };

		it("is noted, with the request, until it is granted", function ()
			assert.is_true(rostermanager.set_contact_pending_in("juliet", "localhost", contact, request));
			assert.is_true(rostermanager.is_contact_pending_in("juliet", "localhost", contact));
			assert.equal("presence", session.roster[false].pending[contact].name);
			assert.is_nil(session.roster[contact]);
			assert.is_true(rostermanager.subscribed("juliet", "localhost", contact));
			assert.is_false(rostermanager.is_contact_pending_in("juliet", "localhost", contact));
			assert.equal("from", session.roster[contact].subscription);
		end);

		it("is stored", function ()
			rostermanager.set_contact_pending_in("juliet", "localhost", contact, request);
			log_out "juliet";
			assert.is_true(rostermanager.is_contact_pending_in("juliet", "localhost", contact));
		end);

		it("is not noted of who sees the user", function ()
			add "from";
			assert.is_nil(rostermanager.set_contact_pending_in("juliet", "localhost", contact, request));
			assert.is_false(rostermanager.is_contact_pending_in("juliet", "localhost", contact));
		end);

		it("can be granted in advance", function ()
			assert.is_true(rostermanager.subscribed("juliet", "localhost", contact));
			assert.is_true(rostermanager.is_contact_preapproved("juliet", "localhost", contact));
			assert.equal("none", session.roster[contact].subscription);
		end);

		it("can be refused", function ()
			rostermanager.set_contact_pending_in("juliet", "localhost", contact, request);
			local saved, was_pending, was_subscribed = rostermanager.unsubscribed("juliet", "localhost", contact);
			assert.truthy(saved);
			assert.is_true(was_pending);
			assert.falsy(was_subscribed);
			assert.is_false(rostermanager.is_contact_pending_in("juliet", "localhost", contact));
		end);

		it("can be taken back by either", function ()
			add "both";
			local _, was_pending, was_subscribed = rostermanager.unsubscribed("juliet", "localhost", contact);
			assert.falsy(was_pending);
			assert.is_true(was_subscribed);
			assert.equal("to", session.roster[contact].subscription);
			add "both";
			assert.is_true(rostermanager.process_inbound_unsubscribe("juliet", "localhost", contact));
			assert.equal("to", session.roster[contact].subscription);
			assert.is_nil(rostermanager.process_inbound_unsubscribe("juliet", "localhost", contact));
		end);
	end);
end);
