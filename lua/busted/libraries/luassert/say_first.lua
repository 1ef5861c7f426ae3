--- Sets what a test itself says when an assertion of a chain fails, unless it says nothing.
return function (chain, message)
	if message ~= nil then chain.failure_message = message; end
end;
