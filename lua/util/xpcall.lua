--- xpcall that passes arguments on, which Lua's own has done since 5.2.

return { xpcall = xpcall };
