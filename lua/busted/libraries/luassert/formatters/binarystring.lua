--- A formatter to add for binary data: strings as bytes, 16 a line. Any other value it leaves to others.

local bytes_per_line = 16;

local function printable(text)
	return (text:gsub("%c", "."));
end

return function (value)
	if type(value) ~= "string" then return nil; end
	local lines = { ("Binary string length; %d bytes\n"):format(#value) };
	for first = 1, #value, bytes_per_line do
		local bytes = value:sub(first, first + bytes_per_line - 1);
		local hex = bytes:gsub(".", function (byte) return ("%2x "):format(byte:byte()); end);
		hex = hex..(" "):rep(3 * bytes_per_line - #hex);
		local text = printable(bytes)..(" "):rep(bytes_per_line - #bytes);
		table.insert(lines, ("%s  %s %s %s\n"):format(hex:sub(1, 24), hex:sub(25), text:sub(1, 8), text:sub(9)));
	end
	return table.concat(lines);
end;
