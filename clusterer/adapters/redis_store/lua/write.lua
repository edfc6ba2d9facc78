-- write.lua: one plain command on one of the collection's keys, for what needs no more than that, and the life's check all the same.
--
-- ARGV: command, name of the key without the collection's prefix, the command's other arguments. Returns its reply.

return redis.call(ARGV[1], P .. ARGV[2], unpack(ARGV, 3))
