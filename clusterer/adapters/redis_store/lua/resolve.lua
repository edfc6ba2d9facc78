-- resolve.lua: the living cluster that an id stands for in the published generation, or nil. ARGV: id. Reads only.

return living(generation(), ARGV[1])
