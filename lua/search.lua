--- Makes this folder the one place where `require` finds libraries. The result is the folder's path.

local folder = debug.getinfo(1, "S").source:match("^@(.*)search%.lua$");

-- No Prosody that is installed here may get in.
package.path = folder.."?.lua";
package.cpath = "";

-- Prosody 13.0 says prosody.util.stanza for what is util.stanza in 0.12: the same library.
table.insert(package.searchers, 2, function (name)
	local library = name:match("^prosody%.(.+)$");
	return library and function () return require(library); end;
end);

return folder;
