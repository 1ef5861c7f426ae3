local http = require "util.http";

describe("util.http", function ()
	describe("urlencode", function ()
		it("leaves unreserved characters alone", function ()
			local unreserved = "azAZ09-._~";
			assert.equal(unreserved, http.urlencode(unreserved));
		end);

		it("escapes everything else byte by byte", function ()
			assert.equal("%20%2f%26%3d%2b%25", http.urlencode(" /&=+%"));
			assert.equal("%c3%bc%ff%00", http.urlencode("ü\255\0"));
		end);

		it("gives nil for nil", function ()
			assert.falsy(http.urlencode(nil));
		end);
	end);

	describe("urldecode", function ()
		it("reads escapes of either case", function ()
			assert.equal("ü/", http.urldecode("%c3%BC%2F"));
		end);

		it("leaves alone what is no escape", function ()
			assert.equal("100% +%zz", http.urldecode("100% +%zz"));
		end);

		it("gives back what urlencode took", function ()
			local text = "a b\0ü&=%\255";
			assert.equal(text, http.urldecode(http.urlencode(text)));
		end);
	end);

	describe("formencode", function ()
		it("keeps the order of a list", function ()
			assert.equal("b=1&a=2&b=3", http.formencode {
				{ name = "b", value = "1" }, { name = "a", value = "2" }, { name = "b", value = "3" },
			});
		end);

		it("writes spaces as plus signs, and plus signs as escapes", function ()
			assert.equal("a+b=c%2bd", http.formencode { { name = "a b", value = "c+d" } });
		end);

		it("takes a table of names and values", function ()
			assert.equal("__proto__=%26", http.formencode { __proto__ = "&" });
			assert.equal("", http.formencode {});
		end);
	end);

	describe("formdecode", function ()
		it("gives the fields in order, and by name the last", function ()
			local form = http.formdecode("b=1&a=2&b=3");
			assert.same({ name = "b", value = "1" }, form[1]);
			assert.same({ name = "a", value = "2" }, form[2]);
			assert.equal("3", form.b);
			assert.equal(3, #form);
		end);

		it("undoes escapes in names and values", function ()
			local form = http.formdecode("a+b=%3D%26%2B");
			assert.equal("=&+", form["a b"]);
		end);

		it("reads empty values, and equals signs in values", function ()
			assert.equal("", http.formdecode("a=").a);
		end);

		it("takes text without fields for text", function ()
			assert.equal("a b", http.formdecode("a%20b"));
		end);
	end);

	describe("contains_token", function ()
		it("finds a token wherever it stands, in any case", function ()
			for _, field in ipairs { "upgrade", "Upgrade", "keep-alive, Upgrade", "upgrade,close", " a ,\tUPGRADE\t, b" } do
				assert.is_true(http.contains_token(field, "upgrade"));
			end
		end);

		it("does not find parts of tokens", function ()
			assert.is_false(http.contains_token("upgraded", "upgrade"));
			assert.is_false(http.contains_token("no-upgrade", "upgrade"));
			assert.is_false(http.contains_token("", "upgrade"));
		end);

		it("takes no token for a pattern", function ()
			assert.is_false(http.contains_token("abc", "a.c"));
			assert.is_true(http.contains_token("x-%a, b", "x-%a"));
		end);
	end);

	-- Since 13.0.
	describe("parse_forwarded #ours", function ()
		it("lists proxies", function ()
			assert.same({ { ["for"] = "192.0.2.1", proto = "https" }, { ["for"] = "192.0.2.2" } },
				http.parse_forwarded("for=192.0.2.1; Proto=https, for=192.0.2.2"));
		end);

		it("takes quotes away", function ()
			assert.equal("[2001:db8::1]:80", http.parse_forwarded('For="[2001:db8::1]:80"')[1]["for"]);
		end);

		it("does not read what is broken", function ()
			assert.is_false(http.parse_forwarded('for="a" b=c'));
			assert.is_nil((http.parse_forwarded(nil)));
		end);
	end);

	describe("normalize_path", function ()
		it("makes files start with a slash, and not end with one", function ()
			assert.equal("/a", http.normalize_path("a"));
			assert.equal("/a/b", http.normalize_path("/a/b/"));
			assert.equal("/", http.normalize_path(""));
			assert.equal("/", http.normalize_path("/"));
		end);

		it("makes directories start and end with one", function ()
			assert.equal("/a/", http.normalize_path("a", true));
			assert.equal("/a/", http.normalize_path("/a/", true));
			assert.equal("/", http.normalize_path("", true));
		end);
	end);
end);
