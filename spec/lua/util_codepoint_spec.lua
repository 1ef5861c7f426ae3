-- Ours, not Prosody's: other libraries build on it.
describe("util.codepoint #ours", function ()
	local codepoint;
	lazy_setup(function ()
		codepoint = require "util.codepoint";
	end);

	-- The first and the last of each length.
	for code, bytes in pairs {
		[0] = "\0", [0x7F] = "\127", [0x80] = "\194\128", [0x7FF] = "\223\191", [0x800] = "\224\160\128",
		[0xFFFF] = "\239\191\191", [0x10000] = "\240\144\128\128", [0x10FFFF] = "\244\143\191\191",
	} do
		it(("writes U+%04X and reads it"):format(code), function ()
			assert.equal(bytes, codepoint.encode(code));
			assert.equal(code, codepoint.decode(bytes));
		end);
	end
end);
