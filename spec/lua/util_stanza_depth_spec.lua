local st = require "util.stanza";
local xml = require "util.xml";

describe("10,000 nested elements", function ()
	local deep = st.stanza("a");
	for _ = 1, 10000 do
		deep:tag("b");
	end
	deep:text("bottom"):reset();
	local text = tostring(deep);

	it("are serialised and parsed", function ()
		assert.equal(6 + #"bottom" + 1 + 10000 * 7, #text);
		assert.equal(text, tostring((xml.parse(text))));
	end);

	it("are cloned", function ()
		assert.equal(text, tostring(st.clone(deep)));
	end);

	it("are stored and restored", function ()
		assert.equal(text, tostring(st.deserialize(st.preserialize(deep))));
	end);
end);
