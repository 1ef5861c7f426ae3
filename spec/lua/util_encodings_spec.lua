local encodings = require "util.encodings";

describe("util.encodings", function ()
	describe("base64", function ()
		local encode, decode = encodings.base64.encode, encodings.base64.decode;

		-- RFC 4648, 10
		for text, encoded in pairs {
			[""] = "", f = "Zg==", fo = "Zm8=", foo = "Zm9v", foob = "Zm9vYg==", fooba = "Zm9vYmE=", foobar = "Zm9vYmFy",
		} do
			it(("encodes %q and decodes it"):format(text), function ()
				assert.equal(encoded, encode(text));
				assert.equal(text, decode(encoded));
			end);
		end

		it("gives back every byte", function ()
			local bytes = {};
			for code = 0, 255 do bytes[code + 1] = string.char(code); end
			bytes = table.concat(bytes);
			assert.equal(bytes, decode(encode(bytes)));
		end);

		it("ignores line breaks and spaces", function ()
			assert.equal("foobar", decode("Zm9v\r\nYm Fy"));
		end);

		it("does not know the alphabet of URLs", function ()
			assert.equal("+/+/", encode("\251\255\191"));
			assert.not_equal("\251\255\191", (decode("-_-_")));
		end);

		it("wants text", function ()
			assert.has_error(function () encode(nil); end);
			assert.has_error(function () decode({}); end);
		end);
	end);

	describe("utf8", function ()
		local valid, length = encodings.utf8.valid, encodings.utf8.length;

		for what, text in pairs {
			["nothing"] = "", ["ASCII"] = "abc\127", ["a zero byte"] = "\0", ["two bytes"] = "é", ["three bytes"] = "€",
			["four bytes"] = "😀", ["the last code point"] = "\244\143\191\191", ["a byte order mark"] = "\239\187\191x",
		} do
			it("is "..what, function ()
				assert.is_true(valid(text));
				assert.equal(#text, length(text));
			end);
		end

		for what, bytes in pairs {
			["a continuation alone"] = "\128", ["a start alone"] = "\195", ["a start before ASCII"] = "\195a",
			["a zero in two bytes"] = "\192\128", ["a slash in two bytes"] = "\192\175", ["a slash in three"] = "\224\128\175",
			["a surrogate"] = "\237\160\128", ["what is past the last code point"] = "\244\144\128\128",
			["five bytes"] = "\248\136\128\128\128", ["0xFF"] = "\255", ["a cut off character at the end"] = "abc\240\159\152",
		} do
			it("is not "..what, function ()
				assert.is_false(valid(bytes));
				local count, err = length(bytes);
				assert.is_nil(count);
				assert.equal("invalid utf8", err);
			end);
		end
	end);

	describe("stringprep", function ()
		local prep = encodings.stringprep;

		it("nodeprep folds case and refuses what parts addresses", function ()
			assert.equal("juliet", prep.nodeprep("Juliet"));
			assert.equal("ss", prep.nodeprep("ß"));
			assert.equal("__proto__", prep.nodeprep("__proto__"));
			for character in (" \"&'/:<>@"):gmatch(".") do
				assert.is_nil(prep.nodeprep("a"..character.."b"));
			end
		end);

		it("nameprep folds case and width", function ()
			assert.equal("example.com", prep.nameprep("EXAMPLE.com"));
			assert.equal("abc", prep.nameprep("ＡＢＣ"));
		end);

		it("resourceprep keeps case and spaces", function ()
			assert.equal("Juliet's Phone", prep.resourceprep("Juliet's Phone"));
			assert.is_nil(prep.resourceprep("bell\7"));
		end);

		it("saslprep makes spaces of all that look like one", function ()
			assert.equal("pass word", prep.saslprep("pass\194\160word"));
			assert.equal("IX", prep.saslprep("Ⅸ"));
			assert.equal("IX", prep.saslprep("I\194\173X"));
		end);

		for name, f in pairs(prep) do
			it(name.." lets nothing through as nothing", function ()
				assert.equal("", f(""));
			end);

			it(name.." refuses bytes that are no UTF-8", function ()
				assert.is_nil(f("\255"));
				assert.is_nil(f("a\192\128"));
			end);

			it(name.." refuses text that runs both ways", function ()
				assert.is_nil(f("a\215\144b"));
				assert.equal("\215\144", f("\215\144"));
			end);

			it(name.." refuses what is too long", function ()
				assert.equal(("a"):rep(1023), f(("a"):rep(1023)));
				assert.is_nil(f(("a"):rep(1024)));
			end);

			it(name.." refuses code points that Unicode 3.2 does not know if it is strict", function ()
				assert.is_nil(f("\240\159\152\128", true));
				assert.equal("\240\159\152\128", f("\240\159\152\128"));
				assert.equal("\240\159\152\128", f("\240\159\152\128", false));
			end);

			it(name.." wants text", function ()
				assert.has_error(function () f(nil); end);
			end);
		end
	end);

	describe("idna", function ()
		local to_ascii, to_unicode = encodings.idna.to_ascii, encodings.idna.to_unicode;

		it("writes domains in ASCII, and back", function ()
			assert.equal("xn--bcher-kva.example", to_ascii("bücher.example"));
			assert.equal("bücher.example", to_unicode("xn--bcher-kva.example"));
		end);

		it("leaves ASCII domains alone", function ()
			assert.equal("example.com", to_ascii("example.com"));
			assert.equal("example.com", to_unicode("example.com"));
		end);

		it("refuses what is no domain", function ()
			assert.is_nil(to_ascii("\255"));
			assert.is_nil(to_ascii("a b"));
			assert.is_nil(to_ascii(("a"):rep(64)));
		end);
	end);
end);
