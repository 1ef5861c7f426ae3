--- `assert` for specs: values are compared, errors expected, calls counted, and what is not as expected fails the test.

local assert = require "luassert.assert";

require "luassert.languages.en";
require "luassert.modifiers";
require "luassert.assertions.types";
require "luassert.assertions.equality";
require "luassert.assertions.patterns";
require "luassert.assertions.errors";
require "luassert.array";
require "luassert.spy";
require "luassert.matchers";
require "luassert.formatters";

return assert;
