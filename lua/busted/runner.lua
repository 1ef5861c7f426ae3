--- Specs that also run by themselves begin with `require "busted.runner"()`. Under a runner that does nothing.

return function ()
	return function () end;
end;
