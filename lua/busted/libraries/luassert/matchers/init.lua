--- The matchers there are.
require "luassert.matchers.core";
require "luassert.matchers.composite";
