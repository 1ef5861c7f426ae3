--- The text of a number, exact, and such that a float looks like one.
return function (value)
	if value ~= value then return "NaN"; end
	if value == math.huge then return "Inf"; end
	if value == -math.huge then return "-Inf"; end
	local text = ("%.20g"):format(value);
	if math.type(value) == "float" and not text:find("[%.,]") then
		text = text:gsub("%d+", "%0.0", 1);
	end
	return text;
end;
